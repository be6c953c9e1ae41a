"""Postings in tantivy: BM25 over our own terms.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(2009), with k1 = 1.2 and b = 0.75, which tantivy fixes.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from embeddings.errors import damaged
from embeddings.types import Vectors

_FIELD = "terms"
_ROW = "row"
_ANALYZER = "spaces"
_LEAST_BYTES = 15_000_000
"""What tantivy wants at least."""
_NO_LOCK = "Failed to acquire Lockfile"
"""What tantivy says where it cannot write."""
_MAX_RUNS = 64
"""Runs of neighbouring rows up to which postings are filtered while they are read."""


class SparseIndex:
    """Postings of chunks, or of articles; searching is safe from several threads."""

    def __init__(self, index: tantivy.Index, folder: Path) -> None:
        _register(index)
        self._folder = folder
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> "SparseIndex":
        """Open written postings.

        Raises:
            SnapshotError: tantivy cannot read the folder.
        """
        with _damage_told(folder):
            try:
                return cls(tantivy.Index.open(str(folder)), folder)
            except ValueError as error:
                if _NO_LOCK not in str(error):
                    raise
            with _linked(folder) as links:
                return cls(tantivy.Index.open(links), folder)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def document_frequency(self, term: str) -> int:
        """Return in how many rows ``term`` occurs."""
        return int(self._searcher.doc_freq(_FIELD, term))

    def search(
        self, terms: Mapping[str, float], depth: int, among: NDArray[np.integer] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return the best ``depth`` rows by BM25, best first, and their scores, each shape (m,).

        Scores are those of a search in all rows: what is rare stays rare in a part of them.

        Args:
            terms: The question's, each with its weight.
            depth: How many at most.
            among: The only rows to look at, ascending; default all.

        Raises:
            SnapshotError: tantivy came upon damage.
        """
        clauses = [
            (tantivy.Occur.Should, self._clause(term, weight)) for term, weight in terms.items()
        ]
        if not clauses or (among is not None and not len(among)):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = tantivy.Query.boolean_query(clauses)
        if among is None:
            return self._hits(query, depth)
        runs = np.split(among, np.flatnonzero(np.diff(among) > 1) + 1)
        if len(runs) <= _MAX_RUNS:
            return self._hits(self._within(query, runs), depth)
        return self._widened(query, depth, among)

    def _hits(self, query: tantivy.Query, depth: int) -> tuple[NDArray[np.int64], Vectors]:
        with _damage_told(self._folder):
            hits = self._searcher.search(query, depth, count=False).hits
            found = self._searcher.fast_field_values(_ROW, [address for _, address in hits])
        if not all(row is not None and row < len(self) for row in found):
            raise damaged(self._folder)
        return np.array(found, np.int64), np.array([score for score, _ in hits], np.float32)

    def _within(self, query: tantivy.Query, runs: Sequence[NDArray[np.integer]]) -> tantivy.Query:
        """Return the query for these runs of rows only, at unchanged scores."""
        ranges = [
            tantivy.Query.range_query(
                self._schema, _ROW, tantivy.FieldType.Unsigned, int(run[0]), int(run[-1])
            )
            for run in runs
        ]
        anywhere = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in ranges])
        unscored = tantivy.Query.boost_query(tantivy.Query.const_score_query(anywhere, 1.0), 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)]
        )

    def _widened(
        self, query: tantivy.Query, depth: int, among: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Take as many hits as should hold ``depth`` of these rows; if they do not, take all."""
        for reach in (2 * depth * len(self) // len(among), len(self)):
            rows, scores = self._hits(query, min(reach, len(self)))
            kept = np.isin(rows, among, assume_unique=True)
            if kept.sum() >= depth or len(rows) < reach:
                break
        return rows[kept][:depth], scores[kept][:depth]

    def _clause(self, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, _FIELD, term, index_option="freq")
        return tantivy.Query.boost_query(query, weight) if weight != 1 else query


class SparseWriter:
    """Writes postings row by row."""

    def __init__(self, folder: Path, memory: int) -> None:
        """Begin postings in a folder that does not exist yet; hold ``memory`` bytes at most."""
        folder.mkdir(parents=True)
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field(_ROW, fast=True)
            .add_text_field(_FIELD, tokenizer_name=_ANALYZER, index_option="freq")
            .build()
        )
        index = tantivy.Index(schema, str(folder))
        _register(index)
        # One thread, so that the same corpus always gives the same files.
        self._writer = index.writer(max(memory, _LEAST_BYTES), 1)
        self._rows = 0

    def add(self, joined: str) -> None:
        """Post the next row: its terms, joined by spaces."""
        entry = tantivy.Document()
        entry.add_unsigned(_ROW, self._rows)
        entry.add_text(_FIELD, joined)
        self._writer.add_document(entry)
        self._rows += 1

    def finish(self) -> None:
        """Write what is left."""
        self._writer.commit()
        self._writer.wait_merging_threads()


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """Turn what tantivy does about files that are not as it wrote them into our error.

    Where it does not check what it reads, Rust does, and a panic of Rust's is no Exception.
    """
    try:
        yield
    except BaseException as error:
        if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
            raise
        raise damaged(folder) from error


@contextmanager
def _linked(folder: Path) -> Iterator[str]:
    """Give a folder of links to postings that are read-only: tantivy locks what it opens.

    All files are mapped when they are opened; after that the links are not needed.
    """
    with tempfile.TemporaryDirectory(prefix="wenbao-") as links:
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (Path(links) / path.name).symlink_to(path.resolve())
        yield links


def _register(index: tantivy.Index) -> None:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_ANALYZER, analyzer)
