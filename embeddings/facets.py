"""What articles can be filtered and ordered by, in memory: one entry an article, as arrays.

A filter becomes the rows of the chunks it leaves before anything is searched, so a search in
few articles is as thorough as one in all.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.tokens import simplify

Rows = NDArray[np.int64]
"""Rows of chunks, ascending."""

UNDATED = 0
"""The day of an article without a date; days count from year 1, so it is older than any."""

_SPAN = re.compile(r"(?::\d+-\d+|#page=\d+)$")


class Facet(NamedTuple):
    """The fields of one article that filters look at."""

    article_id: str
    authors: tuple[str, ...]
    date: datetime.date | None
    section: str | None
    source: str
    kind: str


class Facets:
    """The facets of all articles of a snapshot; safe to share between threads."""

    def __init__(
        self, articles: Iterable[Facet], article_of_row: NDArray[np.int64], roots: Sequence[str]
    ) -> None:
        """Take facets in the order of articles.

        Args:
            articles: One facet an article.
            article_of_row: The position of each chunk's article, shape (chunks,).
            roots: The absolute paths that the snapshot was built from.
        """
        facets = list(articles)
        self._article_of_row = article_of_row
        self._roots = [Path(root) for root in roots]
        self._days = np.array([f.date.toordinal() if f.date else UNDATED for f in facets], np.int64)
        self._positions = {f.article_id: i for i, f in enumerate(facets)}
        self._kinds = np.array([f.kind for f in facets], object)
        self._sources = [f.source for f in facets]
        self._files = _by_value(enumerate(_SPAN.sub("", f.source) for f in facets))
        self._sections = _by_value(
            (i, _folded(f.section)) for i, f in enumerate(facets) if f.section
        )
        names = _by_value((i, name) for i, f in enumerate(facets) for name in f.authors)
        self._authors: dict[str, list[int]] = {}
        for name, positions in names.items():
            self._authors.setdefault(_folded(name), []).extend(positions)

    def rows(self, filters: Filters) -> Rows:
        """Return the rows of all chunks whose article meets the filters."""
        wanted = np.ones(len(self._days), bool)
        if filters.since or filters.until:
            wanted &= self._days != UNDATED
        if filters.since:
            wanted &= self._days >= filters.since.toordinal()
        if filters.until:
            wanted &= self._days <= filters.until.toordinal()
        if filters.kind:
            wanted &= self._kinds == filters.kind
        if filters.author:
            wanted &= self._at(self._authors.get(_folded(filters.author), []))
        if filters.section:
            wanted &= self._at(_where(self._sections, _section_matcher(filters.section)))
        if filters.source:
            wanted &= self._from(filters.source)
        if filters.article_id:
            position = self._positions.get(filters.article_id)
            wanted &= self._at([] if position is None else [position])
        return np.flatnonzero(wanted[self._article_of_row])

    def days(self, rows: Sequence[int]) -> list[int]:
        """Return the day of publication of each row's article, counted from year 1."""
        days: list[int] = self._days[self._article_of_row[list(rows)]].tolist()
        return days

    def _at(self, positions: Sequence[int]) -> NDArray[np.bool_]:
        found = np.zeros(len(self._days), bool)
        found[list(positions)] = True
        return found

    def _from(self, source: str) -> NDArray[np.bool_]:
        span = _SPAN.search(source)
        path = source[: span.start()] if span else source
        positions = _where(self._files, _file_matcher(path, self._roots))
        if span:
            positions = [i for i in positions if self._sources[i].endswith(span.group())]
        return self._at(positions)


def _by_value(pairs: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Return the positions of each value: there are far fewer values than articles."""
    positions: dict[str, list[int]] = {}
    for position, value in pairs:
        positions.setdefault(value, []).append(position)
    return positions


def _where(positions: dict[str, list[int]], matches: Callable[[str], bool]) -> list[int]:
    return [i for value, found in positions.items() if matches(value) for i in found]


def _folded(text: str) -> str:
    return "".join(simplify(text).split())


def _section_matcher(section: str) -> Callable[[str], bool]:
    folded = _folded(section)
    before = r"(?<!\d)" if folded[0].isdigit() else ""
    after = r"(?!\d)" if folded[-1].isdigit() else ""
    pattern = re.compile(f"{before}{re.escape(folded)}{after}")
    return lambda name: pattern.search(name) is not None


def _file_matcher(path: str, roots: Sequence[Path]) -> Callable[[str], bool]:
    """Match sources by a path on this machine, or by any run of whole names in them."""
    names = tuple(part for part in re.split(r"[/\\]+", path.strip()) if part not in ("", "."))
    labels = _labels(Path(path.strip()).expanduser().resolve(), roots)

    def matches(file: str) -> bool:
        parts = tuple(part for part in file.split("/") if part)
        starts = range(len(parts) - len(names) + 1) if names else range(0)
        return any(parts[at : at + len(names)] == names for at in starts) or any(
            parts[: len(label)] == label for label in labels
        )

    return matches


def _labels(path: Path, roots: Sequence[Path]) -> list[tuple[str, ...]]:
    """Return how sources of a file or folder begin: below the parent of the root that has it."""
    labels: list[tuple[str, ...]] = []
    for root in roots:
        if path.is_relative_to(root):
            labels.append(path.relative_to(root.parent).parts)
        elif root.is_relative_to(path):
            labels.append((root.name,))
    return labels
