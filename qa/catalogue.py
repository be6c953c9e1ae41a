"""The articles of an index as a list to browse: narrowed, counted by day, a page at a time."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.protocol import UNDATED
from embeddings.tokens import simplify_characters
from embeddings.types import Article
from qa.naming import name_of, shortened

_OPENING = 80
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


@dataclass(frozen=True, slots=True)
class Names:
    """Sections and authors, each with its number of articles, the most first."""

    sections: tuple[tuple[str, int], ...]
    authors: tuple[tuple[str, int], ...]


def listing(
    index: Index,
    filters: Filters = EVERYTHING,
    words: str = "",
    offset: int = 0,
    limit: int = 50,
) -> Listing:
    """Return the articles that meet the filters and have the words, newest first.

    Args:
        index: Whose articles.
        filters: As in ``ask``.
        words: Text that headline, kicker or text must have, each word of it somewhere;
            Simplified finds Traditional only where it is written alike.
        offset: How many of them to leave out at the beginning.
        limit: How many to return at most.
    """
    forms = [sorted({word, simplify_characters(word)}) for word in words.split()]
    counts = dict(index.day_counts(replace(filters, since=None, until=None), forms))
    undated = counts.pop(UNDATED, 0)
    total = sum(counts.values()) + undated
    if filters.since or filters.until:
        first = (filters.since or datetime.date.min).toordinal()
        last = (filters.until or datetime.date.max).toordinal()
        total = sum(count for day, count in counts.items() if first <= day <= last)
    newest = index.newest_articles(limit, filters, forms, offset)
    return Listing(
        total=total,
        entries=tuple(entry_of(article) for article in newest),
        bars=bars(counts),
        undated=undated,
    )


@lru_cache(maxsize=2)
def names(index: Index) -> Names:
    """Return the sections and authors of an index, counted once."""
    counts = index.name_counts()
    return Names(_most_first(counts.sections), _most_first(counts.authors))


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
        opening=shortened(" ".join(article.text[: 2 * _OPENING].split()), _OPENING),
        characters=len(article.text),
    )


def bars(counts: Mapping[int, int]) -> tuple[Bar, ...]:
    """Return counts by day, month or year, so that there are at most ``MOST_BARS``.

    Years are not bounded. Days between that have no article get a bar of nothing.

    Args:
        counts: How many there are of each day of publication, counted from year 1.
    """
    if not counts:
        return ()
    first, last = (datetime.date.fromordinal(day) for day in (min(counts), max(counts)))
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if (last - first).days < MOST_BARS:
        starts = [first + datetime.timedelta(n) for n in range((last - first).days + 1)]
    elif months <= MOST_BARS:
        starts = [first, *(_month(first, n) for n in range(1, months))]
    else:
        years = range(first.year + 1, last.year + 1)
        starts = [first, *(datetime.date(year, 1, 1) for year in years)]
    edges = [*(start.toordinal() for start in starts), last.toordinal() + 1]
    days, heights = np.array(list(counts)), np.array(list(counts.values()))
    heights = np.histogram(days, bins=np.array(edges) - 0.5, weights=heights)[0].astype(int)
    return tuple(
        Bar(start, datetime.date.fromordinal(after - 1), height)
        for start, after, height in zip(starts, edges[1:], heights.tolist(), strict=True)
    )


def _month(first: datetime.date, n: int) -> datetime.date:
    months = first.month - 1 + n
    return datetime.date(first.year + months // 12, months % 12 + 1, 1)


def _most_first(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
