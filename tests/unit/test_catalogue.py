"""The corpus as a list: narrowed, counted over time, a page at a time."""

import dataclasses
import datetime
from collections import Counter
from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from embeddings import Filters, Index
from embeddings.types import Article
from qa.catalogue import MOST_BARS, bars, listing, names
from tests.conftest import make_article

Indexing = Callable[[Sequence[Article]], Index]

DATES = st.lists(st.dates(datetime.date(1900, 1, 1)), max_size=30)


def dated(number: int, day: int | None, **fields: object) -> Article:
    article = make_article(f"第{number}篇讲的是城东大桥。", f"a{number}", f"标题{number}")
    date = datetime.date(2022, 7, day) if day else None
    return dataclasses.replace(article, date=date, **fields)


def ids(index: Index, *arguments: object, **named: object) -> list[str]:
    found = listing(index, *arguments, **named)  # type: ignore[arg-type]
    return [entry.id for entry in found.entries]


def test_newest_first_and_undated_last(index_of: Indexing) -> None:
    index = index_of([dated(1, 3), dated(2, None), dated(3, 9), dated(4, 3)])
    assert ids(index) == ["a3", "a1", "a4", "a2"]
    assert ids(index, offset=1, limit=2) == ["a1", "a4"]


def test_words_are_looked_for_in_headline_and_text(index_of: Indexing) -> None:
    index = index_of([dated(1, 3), dated(2, 4), dated(12, 5)])
    assert ids(index, words="标题1") == ["a12", "a1"]
    assert ids(index, words="大桥 第2篇") == ["a2"]
    assert ids(index, words="没有") == []
    assert ids(index, words="标题%") == ids(index, words="第_篇") == []


def test_signs_and_letters_are_looked_for_as_written(index_of: Indexing) -> None:
    texts = ["涨了5%。", "涨了5成。", "NASA发射。", "a_b\\c。"]
    index = index_of([make_article(text, f"a{n}") for n, text in enumerate(texts)])
    assert ids(index, words="5%") == ["a0"]
    assert ids(index, words="nasa") == ["a2"]
    assert ids(index, words="_b\\c") == ["a3"]


def test_chart_does_not_depend_on_the_days_asked_for(index_of: Indexing) -> None:
    index = index_of([dated(1, 3, section="要闻"), dated(2, 4), dated(3, None)])
    july3 = Filters(since=datetime.date(2022, 7, 3), until=datetime.date(2022, 7, 3))
    found = listing(index, july3)
    assert found.total == 1 and sum(bar.count for bar in found.bars) == 2
    assert found.undated == 1
    section = listing(index, Filters(section="要闻"))
    assert sum(bar.count for bar in section.bars) == 1 and section.undated == 0


def test_names_are_counted(index_of: Indexing) -> None:
    index = index_of([dated(1, 3, authors=("甲", "乙")), dated(2, 3, authors=("乙",))])
    assert names(index).authors == (("乙", 2), ("甲", 1))


@given(DATES)
def test_bars_hold_every_date_once_and_touch(dates: list[datetime.date]) -> None:
    found = bars(Counter(date.toordinal() for date in dates))
    assert sum(bar.count for bar in found) == len(dates)
    for bar in found:
        assert bar.count == sum(bar.since <= date <= bar.until for date in dates)
    for before, after in zip(found, found[1:], strict=False):
        assert after.since - before.until == datetime.timedelta(1)
    if dates and (max(dates) - min(dates)).days < 365 * 5:
        assert len(found) <= MOST_BARS
