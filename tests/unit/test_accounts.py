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
