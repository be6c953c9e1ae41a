"""The exact answer is whole, and no more than was asked for."""

import pytest

from embeddings.sentences import Span
from qa.exact import exact_span
from qa.question import understand


def exact(question: str, text: str, read: str) -> str:
    at = text.index(read)
    start, end = exact_span(understand(question), text, Span(at, at + len(read)))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("按照‘一看二问三记四报’工作法开展工作。", "‘一看二问三", "‘一看二问三记四报’"),
        ("按照‘一看二问三记四报’工作法开展工作。", "二问三记四报’", "‘一看二问三记四报’"),
        ("读《新闻记者手册》有益。", "记者手册", "新闻记者手册"),
        ("获得“最美教师”称号。", "最美教师", "最美教师"),
        ("获得“最美教师”称号。", "“最美教师”称号", "“最美教师”称号"),
        # Of what somebody says, a part may be the answer.
        ("他说：“雨太大，路断了，先救人。”", "路断了", "路断了"),
        ("他说“来”，她说“不来”，都走了。", "她说", "她说"),
        ("没有引号的句子。", "引号", "引号"),
    ],
)
def test_a_quoted_name_is_taken_whole(text: str, read: str, whole: str) -> None:
    assert exact("叫什么名字？", text, read) == whole


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("区级的有多少家？", "154家"),
        ("省一级的企业有几家？", "17家"),
        ("市级企业多少家", "41家"),
        ("一共有多少家？", "212家"),
        ("哪几级各有多少家？", "212家，其中省级17家、市级41家、区级154家"),
    ],
)
def test_of_several_figures_the_one_asked_for_is_taken(question: str, figure: str) -> None:
    text = "现有212家，其中省级17家、市级41家、区级154家。"
    assert exact(question, text, "212家，其中省级17家、市级41家、区级154家") == figure


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("其中有一所中学，是哪所？", "东河中学"),
        ("走访的是哪一家医院？", "市一医院"),
        ("哪所小学？", "东河中学、南山小学、北关小学和市一医院"),  # two of the kind
        ("走访了哪些中学？", "东河中学、南山小学、北关小学和市一医院"),
        ("走访东河中学是哪个单位？", "东河中学、南山小学、北关小学和市一医院"),
    ],
)
def test_of_several_names_the_only_one_of_the_kind_asked_for_is_taken(
    question: str, name: str
) -> None:
    text = "当天走访了东河中学、南山小学、北关小学和市一医院。"
    assert exact(question, text, "东河中学、南山小学、北关小学和市一医院") == name
