"""Where cited articles tell different things."""

import datetime
from dataclasses import replace

import pytest

from qa.accounts import differing_accounts
from qa.types import Answer, Citation, Item

ASKED = "大桥全长多少米？"


def told(*quotes: tuple[str, str, int], question: str = ASKED, exact: str | None = None) -> Answer:
    """An answer from quotes, each with its article and the day in May of that one."""
    citations = tuple(
        Citation(n, quote, article, article, (), datetime.date(2022, 5, day), "s", 0, len(quote))
        for n, (quote, article, day) in enumerate(quotes, start=1)
    )
    return Answer(question, "", exact, False, 0.9, citations, (), 0.0)


def test_different_figures_are_told_in_the_order_of_days() -> None:
    answer = told(("大桥长1280米。", "b", 3), ("大桥长1260米。", "a", 1), exact="1280米")
    assert [(a.exact, a.n) for a in differing_accounts(answer)] == [("1260米", 2), ("1280米", 1)]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("查了多少家企业？", "查了企业36家。", "查了企业136家。"),
        ("查了多少家企业？", "查了企业5家。", "查了企业15家。"),
        ("查了多少家企业？", "查了企业一家。", "查了企业十一家。"),
        ("大桥投资多少？", "大桥投资3亿元。", "大桥投资3亿美元。"),
        ("大桥什么时候通车？", "大桥1月5日通车。", "大桥11月5日通车。"),
    ],
)
def test_a_figure_within_another_is_another(question: str, one: str, other: str) -> None:
    answer = told((one, "a", 6), (other, "b", 7), question=question)
    assert len(differing_accounts(answer)) == 2


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("大桥投资多少元？", "大桥投资1.5亿元。", "大桥投资15000万元。"),
        ("查了多少家企业？", "查了企业36家。", "查了企业三十六家。"),
        ("大桥什么时候通车？", "大桥昨天通车。", "大桥5月5日通车。"),
        ("大桥什么时候通车？", "大桥2022年5月5日通车。", "大桥5月5日通车。"),
        ("大桥什么时候通车？", "大桥5月5日9时通车。", "大桥5月5日通车。"),
    ],
)
def test_a_figure_written_otherwise_is_the_same(question: str, one: str, other: str) -> None:
    assert differing_accounts(told((one, "a", 6), (other, "b", 7), question=question)) == ()


def test_the_days_of_a_timeline_do_not_contradict() -> None:
    quotes = ("5月1日，大桥通车。", "a", 1), ("5月3日，大桥停用。", "b", 3)
    answer = told(*quotes, question="大桥什么时候出的事？")
    assert len(differing_accounts(answer)) == 2
    timeline = replace(answer, items=(Item("2022-05-01", 1), Item("2022-05-03", 2)))
    assert differing_accounts(timeline) == ()


@pytest.mark.parametrize(
    "answer",
    [
        told(("大桥长1260米。", "a", 1), ("大桥全长1260米。", "b", 3), exact="1260"),
        told(("大桥长1260米。", "a", 1), ("大桥于去年开工。", "b", 3), exact="1260米"),
        told(("大桥长1260米。", "a", 1), ("引桥长300米。", "a", 1), exact="1260米"),
        told(("大桥由甲公司建。", "a", 1), ("大桥由乙公司建。", "b", 2), question="谁建的大桥？"),
        told(("大桥长1260米。", "a", 1), ("他跑了300米。", "b", 2), exact="1260米"),
        told(),
    ],
    ids=["agree", "no figure", "one article", "no figures asked", "another matter", "nothing"],
)
def test_nothing_is_told_otherwise(answer: Answer) -> None:
    assert differing_accounts(answer) == ()
