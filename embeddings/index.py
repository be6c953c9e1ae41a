"""The index on this machine: a snapshot, its search and its articles."""

import datetime
import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.chunks import VERSION as CHUNKS_VERSION
from embeddings.corpus import Corpus
from embeddings.dense import DenseIndex
from embeddings.encoder import load_encoder
from embeddings.errors import EncoderError, damaged
from embeddings.facets import Facets, Positions, Rows
from embeddings.filters import EVERYTHING, Filters
from embeddings.fingerprint import fingerprint_text
from embeddings.fusion import Hits
from embeddings.held import HeldFiles
from embeddings.manifest import Manifest, SnapshotPaths
from embeddings.protocol import NameCounts, Words
from embeddings.ranking import search
from embeddings.sparse import SparseIndex
from embeddings.tokens import VERSION as TOKENS_VERSION
from embeddings.types import Article, Chunk, Encoder, Passage, Vectors


class LocalIndex:
    """One snapshot, opened. Any number of threads may use it at once.

    It keeps answering from the snapshot it opened, whatever a rebuild does meanwhile.
    """

    def __init__(
        self,
        paths: SnapshotPaths,
        manifest: Manifest,
        held: HeldFiles,
        corpus: Corpus,
        facets: Facets,
        dense: DenseIndex,
        sparse: SparseIndex,
        sparse_articles: SparseIndex,
    ) -> None:
        self.paths = paths
        self.manifest = manifest
        self.held = held
        self.corpus = corpus
        self.dense = dense
        self.facets = facets
        self.sparse = sparse
        self.sparse_articles = sparse_articles

    @property
    def name(self) -> str:
        """The snapshot's name."""
        return self.paths.name

    @functools.cached_property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with."""
        return encoder_of(self.manifest)

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order in which they were read."""
        return self.corpus.articles()

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""
        return self.corpus.article(article_id)

    def rows_of(self, position: int) -> range:
        """Return the rows of the chunks of the article at a position."""
        first, end = np.searchsorted(self.facets.article_of_row, (position, position + 1))
        return range(int(first), int(end))

    def article_ids(self, filters: Filters = EVERYTHING) -> list[str]:
        """Return the ids of the articles that meet filters, in the order of ``articles``."""
        ids = self.corpus.ids()
        if filters == EVERYTHING:
            return ids
        return [ids[position] for position in self.facets.positions(filters).tolist()]

    @functools.cached_property
    def newest_day(self) -> datetime.date | None:
        """The latest day of publication, or None if no article has one."""
        return self.facets.newest()

    def newest_articles(
        self, k: int, filters: Filters = EVERYTHING, words: Words = (), offset: int = 0
    ) -> list[Article]:
        """Return the ``k`` newest articles after ``offset`` newer ones, undated ones last."""
        positions = self.facets.newest_first(self._positions(filters, words))
        return [self.corpus.article_at(at) for at in positions[offset : offset + k].tolist()]

    def day_counts(self, filters: Filters = EVERYTHING, words: Words = ()) -> Mapping[int, int]:
        """Return how many articles of each day meet filters and have words."""
        days = self.facets.day_of_article[self._positions(filters, words)]
        found, counts = np.unique(days, return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))

    def name_counts(self) -> NameCounts:
        """Return the names of sections and of authors, each with its number of articles."""
        sections: Counter[str] = Counter()
        authors: Counter[str] = Counter()
        for signed, section in self.corpus.bylines():
            authors.update(signed)
            sections.update([section] if section else [])
        return NameCounts(sections, authors)

    def search(self, question: str, k: int, filters: Filters = EVERYTHING) -> list[Passage]:
        """Return the ``k`` best passages for a question, as ``protocol.Index`` describes.

        Raises:
            SnapshotError: A file of the snapshot was written into, or what is in it is damaged.
        """
        self.held.check()
        try:
            among = None if filters == EVERYTHING else self.facets.rows(filters)
            if among is not None and not len(among):
                return []
            return search(_Part(self, among), self.encoder, question, k)
        except IndexError as error:
            # What is read from one file points to nothing in another.
            raise damaged(self.paths.folder) from error

    def _positions(self, filters: Filters, words: Words) -> Positions:
        positions = self.facets.positions(filters)
        if words:
            positions = np.intersect1d(positions, np.array(self.corpus.positions_with(words), int))
        return positions


class _Part:
    """The part of a snapshot that is searched."""

    def __init__(self, index: LocalIndex, among: Rows | None) -> None:
        self._index = index
        self._among = among

    def __len__(self) -> int:
        return self._index.manifest.chunks if self._among is None else len(self._among)

    def nearest(self, vector: Vectors, depth: int) -> Hits:
        return self._index.dense.search(vector, depth, self._among)

    def by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        return self._index.sparse.search(terms, depth, self._among)

    def articles_by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        articles = None if self._among is None else np.unique(self.article_of_row[self._among])
        return self._index.sparse_articles.search(terms, depth, articles)

    @property
    def article_of_row(self) -> NDArray[np.int32]:
        return self._index.facets.article_of_row

    def days(self, rows: Sequence[int]) -> list[int]:
        return self._index.facets.days(rows)

    def chunk(self, row: int) -> tuple[Chunk, Article]:
        chunk, article, position = self._index.corpus.chunk(row)
        if position != self.article_of_row[row]:
            raise damaged(self._index.paths.folder)
        return chunk, article


def encoder_of(manifest: Manifest) -> Encoder:
    """Return the encoder the vectors of a snapshot were made with.

    Raises:
        EncoderError: It cannot be loaded, or is not the one of the snapshot any more.
    """
    encoder = load_encoder(manifest.model)
    if encoder.fingerprint != manifest.encoder:
        raise EncoderError(
            f"模型 {encoder.name} 与建立索引时不同。"
            "请运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
            f"Model {encoder.name} is not what the index was built with. Rebuild the index "
            "with wenbao rebuild PATH (the path of your articles).",
        )
    return encoder


def index_fingerprint(encoder: str) -> str:
    """Return what must be equal for chunks, vectors and postings to be the same.

    Args:
        encoder: The encoder's fingerprint.
    """
    return fingerprint_text(encoder, CHUNKS_VERSION, TOKENS_VERSION)
