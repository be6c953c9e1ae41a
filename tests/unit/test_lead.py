import dataclasses
import datetime

import pytest

from embeddings.lead import LONGEST, lead_of
from embeddings.ranking import passage_of
from embeddings.sentences import Span
from embeddings.types import Article
from qa.spans import context_of

TEXT = "罗成明，天津人，曾任教师。\n1992年4月，任区长。"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "罗成明，天津人。1969年5月参加工作，任班长。",
            "罗成明，天津人。1969年5月参加工作，任班长",
        ),
        ("黄蝉（学名：），别称硬枝黄蝉。", "黄蝉（学名：），别称硬枝黄蝉"),
        (
            "近日，大场环卫公司收到了一封来自热线平台和居民的表扬信件。",
            "近日，大场环卫公司收到了一封来自热线平台和居民的表扬信件",
        ),
        (
            "原标题：区里修好三座桥据记者了解，三座桥昨日通车。",
            "区里修好三座桥据记者了解，三座桥昨日通车",
        ),
        ("中新网某市8月7日电 (记者某某)区里修好了三座桥。", "区里修好了三座桥"),
        ("  \n三座桥通车", "三座桥通车"),
        ("中国电信公司开了三家新店。", "中国电信公司开了三家新店"),
        ("", ""),
    ],
)
def test_a_lead_is_how_a_text_begins(text: str, lead: str) -> None:
    assert lead_of(text) == lead


def test_a_lead_is_no_longer_than_a_headline() -> None:
    assert lead_of("桥" * 100) == "桥" * LONGEST


def test_a_later_passage_of_an_article_without_headline_has_its_lead() -> None:
    later = passage_of(article(None), Span(14, len(TEXT)), 1, 0.5)
    assert later.lead.startswith("罗成明")
    assert context_of(later) == f"{later.lead} 2023-07-18"
    assert context_of(passage_of(article(None), Span(0, 13), 1, 0.5)) == "2023-07-18"


def test_white_space_before_a_text_is_no_beginning_of_it() -> None:
    behind = dataclasses.replace(article(None), text=f"  {TEXT}")
    assert passage_of(behind, Span(2, 15), 1, 0.5).lead == ""


def test_a_headline_says_more_than_a_lead() -> None:
    later = passage_of(article("区长换人"), Span(14, len(TEXT)), 1, 0.5)
    assert later.lead == ""
    assert context_of(later) == "区长换人 2023-07-18"


def article(headline: str | None) -> Article:
    return Article(
        id="a",
        headline=headline,
        kicker=None,
        authors=(),
        date=datetime.date(2023, 7, 18),
        section=None,
        source="a.txt",
        kind="article",
        text=TEXT,
    )
