"""Pages printed by two producers of PDF, read back."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from embeddings.readers.layout import Span, page_lines
from embeddings.readers.pdf import read_pdf
from tests.printed import PRODUCERS, plan
from tests.printed_measures import PrintedMeasures, distance
from tests.stories import Story, news_stories, seed_stories

PAGES = 6
REPORTED = 1000
"""Seeds from here on were not looked at while the layout was made."""


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    checkout = Path(__file__).resolve().parents[2]
    shared = checkout.parent / "shared" / "data" / "news"
    found = seed_stories(checkout / "seeds")
    return found + news_stories(shared, 300) if shared.is_dir() else found


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("grid", [3, 5])
def test_headlines_and_sentences_find_their_articles(
    producer: str, grid: int, stories: Sequence[Story]
) -> None:
    pytest.importorskip(producer, reason=f"{producer} makes the pages of this test")
    measures = PrintedMeasures()
    for seed in range(REPORTED, REPORTED + PAGES):
        sheet = plan(stories, grid, seed)
        measures.add(sheet, read_pdf(PRODUCERS[producer](sheet), "a.pdf"))
    assert measures.own_share >= 0.95
    assert measures.wrong_share <= 0.02
    assert measures.placed_share >= 0.99
    assert measures.dates == measures.pages


def test_every_article_names_its_page(stories: Sequence[Story]) -> None:
    pytest.importorskip("reportlab")
    reading = read_pdf(PRODUCERS["reportlab"](plan(stories, 3, 1)), "a.pdf")
    assert reading.drafts
    assert all((draft.page, draft.lines) == (1, None) for draft in reading.drafts)


# --- reading order ---------------------------------------------------------------------------


def column(texts: Sequence[str], left: float, top: float, size: float = 10.0) -> list[Span]:
    return [
        Span(
            text.strip("　"),
            left + 10.0 * (len(text) - len(text.lstrip("　"))),
            top + 15.0 * number,
            left + size * len(text),
            top + 15.0 * number + size,
            size,
        )
        for number, text in enumerate(texts)
    ]


def read(*parts: list[Span]) -> list[str]:
    return [line.text for line in page_lines([span for part in parts for span in part])]


LEFT = ["　　昨日，城东大桥正", "式通车，全长八百六十", "米，桥面双向六条车道"]
RIGHT = ["，市民通行时间将缩短", "二十分钟。总投资两亿", "三千万元，三年建成。"]


def test_columns_below_a_headline_that_spans_them() -> None:
    headline = column(["城东大桥昨日通车市民称便"], 0, 0, size=20)
    lines = page_lines([*column(RIGHT, 120, 40), *column(LEFT, 0, 40), *headline])
    assert [line.text for line in lines] == [
        headline[0].text,
        *(t.strip("　") for t in LEFT + RIGHT),
    ]
    assert [line.size for line in lines] == [2.0, *[1.0] * 6]
    assert [line.gap_before for line in lines] == [True, True, *[False] * 5]


def test_two_stories_one_under_the_other_whose_headlines_are_narrow() -> None:
    """White space runs down the page between the columns, but sentences run across it."""
    upper = [column(["大桥通车"], 0, 0, 20), column(LEFT, 0, 40), column(RIGHT, 120, 40)]
    lower = [column(["公园开放"], 0, 120, 20), column(LEFT, 0, 160), column(RIGHT, 120, 160)]
    texts = [text.strip("　") for text in LEFT + RIGHT]
    assert read(*upper, *lower) == ["大桥通车", *texts, "公园开放", *texts]


def test_a_story_set_into_another() -> None:
    """The right column goes on with the upper story, not with the one set below it."""
    whole = ["　　市民公园今日起开放", "全天免费，不用预约。"]
    page = [
        column(["城东大桥昨日通车市民都称便利"], 0, 0, 20),
        column(LEFT, 0, 40),
        column(["公园开放"], 0, 120, 20),
        column(whole, 0, 150),
        column(RIGHT + ["大桥还设有人行步道。"] * 6, 120, 40),
    ]
    order = read(*page)
    assert order.index(RIGHT[0]) == order.index(LEFT[-1]) + 1
    assert order[-3:] == ["公园开放", *(text.strip("　") for text in whole)]


def test_a_headline_set_vertically() -> None:
    spans = [Span(c, 0, 30.0 * n, 20, 30.0 * n + 20, 20) for n, c in enumerate("大桥通车")]
    assert read(spans, column(LEFT + RIGHT, 60, 0))[0] == "大桥通车"


def test_a_headline_on_two_lines_is_one() -> None:
    spans = column(["城东大桥昨日正式", "通车"], 0, 0, 20)
    spans[1] = Span("通车", 0, 26, 40, 46, 20)
    assert read(spans, column(LEFT + RIGHT, 0, 60))[0] == "城东大桥昨日正式通车"


def test_nothing_gives_no_lines() -> None:
    assert page_lines([]) == []
    assert page_lines([Span(" ", 0, 0, 5, 5, 5)]) == []


# --- the measure itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "edits"), [("", "", 0), ("甲乙", "", 2), ("", "甲", 1), ("kitten", "sitting", 3)]
)
def test_distance(a: str, b: str, edits: int) -> None:
    assert distance(a, b) == edits


def test_distance_agrees_with_the_table_of_all_prefixes() -> None:
    import random

    rng = random.Random(7)
    for _ in range(200):
        a, b = ("".join(rng.choices("甲乙丙", k=rng.randint(0, 12))) for _ in range(2))
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, start=1):
            above, row[0] = row[:], i
            for j, y in enumerate(b, start=1):
                row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
        assert distance(a, b) == row[-1]
