"""The articles of an index as a list to browse: narrowed, counted by day, a page at a time."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.tokens import simplify_characters
from embeddings.types import Article
from qa.naming import name_of, shortened

OPENING = 80
"""Characters of an article's beginning that the list shows."""
MOST_BARS = 62
"""Bars of the chart at most: two months of days, five years of months."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article without its text.

    Attributes:
        name: The headline, or the first words where there is none.
        opening: The first characters of the text.
        characters: Length of the text.
    """

    id: str
    name: str
    kicker: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    section: str | None
    source: str
    kind: str
    opening: str
    characters: int


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles there are of some days, both ends included."""

    since: datetime.date
    until: datetime.date
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the articles that were asked for, and how all of them spread over time.

    Attributes:
        total: How many there are, on this page and others.
        bars: Counts over time, whatever days were asked for; undated articles are in none.
        undated: How many have no date.
    """

    total: int
    entries: tuple[Entry, ...]
    bars: tuple[Bar, ...]
    undated: int


class Catalogue:
    """What can be listed of one snapshot. Any number of threads may use it at once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._entries = [entry_of(article) for article in index.articles()]

    @property
    def sections(self) -> list[tuple[str, int]]:
        """The sections with their numbers of articles, the largest first."""
        return _counted(entry.section for entry in self._entries if entry.section)

    @property
    def authors(self) -> list[tuple[str, int]]:
        """The authors with their numbers of articles, the busiest first."""
        return _counted(author for entry in self._entries for author in entry.authors)

    def page(
        self, filters: Filters = EVERYTHING, words: str = "", offset: int = 0, limit: int = 50
    ) -> Listing:
        """Return the articles that meet the filters and have the words, newest first.

        Args:
            filters: As in ``ask``.
            words: Text that headline, kicker or text must have, each word of it somewhere;
                Simplified finds Traditional only where it is written alike.
            offset: How many of them to leave out at the beginning.
            limit: How many to return at most.
        """
        always = replace(filters, since=None, until=None)
        found = self._having(words, self._index.positions(always))
        dates = [date for position in found if (date := self._entries[position].date)]
        if filters.since or filters.until:
            wanted = set(self._index.positions(filters))
            shown = [position for position in found if position in wanted]
        else:
            shown = found
        shown.sort(key=lambda at: (-_day(self._entries[at].date), at))
        return Listing(
            total=len(shown),
            entries=tuple(self._entries[at] for at in shown[offset : offset + limit]),
            bars=bars(dates),
            undated=len(found) - len(dates),
        )

    def _having(self, words: str, positions: Sequence[int]) -> list[int]:
        wanted = [{word, simplify_characters(word)} for word in words.casefold().split()]
        if not wanted:
            return list(positions)
        candidates = set(positions)
        return [
            at
            for at, article in enumerate(self._index.articles())
            if at in candidates and _has(article, wanted)
        ]


@lru_cache(maxsize=2)
def catalogue_of(index: Index) -> Catalogue:
    """Return the catalogue of an opened index, made once."""
    return Catalogue(index)


def entry_of(article: Article) -> Entry:
    """Return what a list shows of an article."""
    return Entry(
        id=article.id,
        name=name_of(article.headline, article.text),
        kicker=article.kicker,
        authors=article.authors,
        date=article.date,
        section=article.section,
        source=article.source,
        kind=article.kind,
        opening=shortened(" ".join(article.text[: 2 * OPENING].split()), OPENING),
        characters=len(article.text),
    )


def bars(dates: Iterable[datetime.date]) -> tuple[Bar, ...]:
    """Return counts by day, month or year, so that there are at most ``MOST_BARS``.

    Years are not bounded. Days between that have no article get a bar of nothing.
    """
    counts = Counter(dates)
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if (last - first).days < MOST_BARS:
        starts = [first + datetime.timedelta(n) for n in range((last - first).days + 1)]
    elif months <= MOST_BARS:
        starts = [first, *(_month(first, n) for n in range(1, months))]
    else:
        years = range(first.year + 1, last.year + 1)
        starts = [first, *(datetime.date(year, 1, 1) for year in years)]
    edges = [*(start.toordinal() for start in starts), last.toordinal() + 1]
    days = np.array([day.toordinal() for day in counts.elements()])
    heights = np.histogram(days, bins=np.array(edges) - 0.5)[0].tolist()
    return tuple(
        Bar(start, datetime.date.fromordinal(after - 1), height)
        for start, after, height in zip(starts, edges[1:], heights, strict=True)
    )


def _month(first: datetime.date, n: int) -> datetime.date:
    months = first.month - 1 + n
    return datetime.date(first.year + months // 12, months % 12 + 1, 1)


def _day(date: datetime.date | None) -> int:
    return date.toordinal() if date else 0


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))


def _has(article: Article, wanted: Sequence[set[str]]) -> bool:
    text = f"{article.kicker or ''}\n{article.headline or ''}\n{article.text}".casefold()
    return all(any(form in text for form in forms) for forms in wanted)
