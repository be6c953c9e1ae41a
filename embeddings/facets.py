"""What articles can be filtered and ordered by.

Days and kinds are arrays mapped into memory, names are looked up in the corpus: nothing of it is
read before it is asked for. A filter becomes the rows of the chunks it leaves before anything is
searched, so a search in few articles is as thorough as one in all.
"""

import datetime
import io
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.corpus import Corpus
from embeddings.filters import Filters
from embeddings.matching import file_matcher, folded, section_matcher, split_source
from embeddings.protocol import UNDATED
from embeddings.types import Article, Kind

Rows = NDArray[np.int64]
"""Rows of chunks, ascending."""
Positions = NDArray[np.int64]
"""Positions of articles."""

_KINDS: tuple[Kind, ...] = ("article", "photo")
_ARTICLES, _DAYS, _KINDS_FILE = "article-of-row.npy", "days.npy", "kinds.npy"
_MAPPED = 1 << 20
"""Bytes from which an array is mapped instead of read."""


class FacetsWriter:
    """Takes the facets of articles and chunks in order."""

    def __init__(self) -> None:
        self._article_of_row = array("i")
        self._days = array("i")
        self._kinds = array("b")

    def add(self, article: Article, chunks: int) -> None:
        """Take the next article, which has so many chunks."""
        self._article_of_row.extend([len(self._days)] * chunks)
        self._days.append(article.date.toordinal() if article.date else UNDATED)
        self._kinds.append(_KINDS.index(article.kind))

    def write(self, folder: Path) -> None:
        """Write the arrays to a folder that does not exist yet."""
        folder.mkdir()
        _save(folder / _ARTICLES, np.frombuffer(self._article_of_row, np.int32))
        _save(folder / _DAYS, np.frombuffer(self._days, np.int32))
        _save(folder / _KINDS_FILE, np.frombuffer(self._kinds, np.int8))


class Facets:
    """The facets of all articles of a snapshot; safe to share between threads."""

    def __init__(self, folder: Path, corpus: Corpus, roots: Sequence[str]) -> None:
        """Open what ``FacetsWriter`` wrote.

        Args:
            folder: Where it is.
            corpus: The articles.
            roots: The absolute paths that the snapshot was built from.

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is damaged.
        """
        self.article_of_row: NDArray[np.int32] = _opened(folder / _ARTICLES)
        """The position of each chunk's article, shape (chunks,)."""
        self.day_of_article: NDArray[np.int32] = _opened(folder / _DAYS)
        """The day of each article, counted from year 1, or ``UNDATED``, shape (articles,)."""
        self._kinds = _opened(folder / _KINDS_FILE)
        self._corpus = corpus
        self._roots = [Path(root) for root in roots]

    def __len__(self) -> int:
        return len(self.day_of_article)

    def rows(self, filters: Filters) -> Rows:
        """Return the rows of all chunks whose article meets the filters."""
        return np.flatnonzero(self._wanted(filters)[self.article_of_row])

    def positions(self, filters: Filters) -> Positions:
        """Return the positions of the articles that meet the filters, ascending."""
        return np.flatnonzero(self._wanted(filters))

    def newest(self) -> datetime.date | None:
        """Return the latest day of publication, or None if no article has one."""
        day = int(self.day_of_article.max(initial=UNDATED))
        return None if day == UNDATED else datetime.date.fromordinal(day)

    def newest_first(self, positions: Positions) -> Positions:
        """Order positions by day, newest first, those of one day as they were read."""
        return positions[np.argsort(-self.day_of_article[positions], kind="stable")]

    def _wanted(self, filters: Filters) -> NDArray[np.bool_]:
        wanted = np.ones(len(self), bool)
        if filters.since or filters.until:
            wanted &= self.day_of_article != UNDATED
        if filters.since:
            wanted &= self.day_of_article >= filters.since.toordinal()
        if filters.until:
            wanted &= self.day_of_article <= filters.until.toordinal()
        if filters.kind:
            wanted &= self._kinds == _KINDS.index(filters.kind)
        if filters.author:
            wanted &= self._at(self._corpus.positions_of_author(folded(filters.author)))
        if filters.section:
            wanted &= self._at(self._in_section(filters.section))
        if filters.source:
            wanted &= self._at(self._from(filters.source))
        if filters.article_id:
            known = filters.article_id.encode("utf-8", "replace").decode()
            position = self._corpus.position(known)
            wanted &= self._at([] if position is None else [position])
        return wanted

    def days(self, rows: Sequence[int]) -> list[int]:
        """Return the day of publication of each row's article, counted from year 1."""
        days: list[int] = self.day_of_article[self.article_of_row[list(rows)]].tolist()
        return days

    def _at(self, positions: Iterable[int]) -> NDArray[np.bool_]:
        found = np.zeros(len(self), bool)
        found[list(positions)] = True
        return found

    def _in_section(self, section: str) -> list[int]:
        matches = section_matcher(section)
        names = [name for name in self._corpus.sections() if matches(name)]
        return [i for name in names for i in self._corpus.positions_of_section(name)]

    def _from(self, source: str) -> list[int]:
        # Half a character, as a command line may have it, is in no source.
        source = source.encode("utf-8", "replace").decode()
        named, span = split_source(source)
        matches = file_matcher(named, self._roots)
        files = [file for file in self._corpus.source_files() if matches(file)]
        return [i for file in files for i in self._corpus.positions_of_source(file, span or None)]


def _save(path: Path, values: NDArray[Any]) -> None:
    # Given a path, numpy leaves the last bytes to C's buffers and never hears of a full disk.
    written = io.BytesIO()
    np.save(written, values, allow_pickle=False)
    path.write_bytes(written.getbuffer())


def _opened(path: Path) -> NDArray[np.int32]:
    mapped = path.stat().st_size >= _MAPPED
    try:
        opened: NDArray[np.int32] = np.load(path, mmap_mode="r" if mapped else None)
    except OSError:
        raise
    except Exception as error:  # numpy parses the header as Python: that fails in many ways
        raise ValueError(f"{path} is no array") from error
    return opened
