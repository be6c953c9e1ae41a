"""Opens indexes, and is the one on this machine: a snapshot's search and its articles."""

import datetime
import functools
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.address import IndexAddress, address_of
from embeddings.chunks import VERSION as CHUNKS_VERSION
from embeddings.corpus import Corpus
from embeddings.dense import DenseIndex
from embeddings.encoder import load_encoder
from embeddings.errors import EncoderError
from embeddings.facets import Facets, Rows
from embeddings.filters import EVERYTHING, Filters
from embeddings.fingerprint import fingerprint_text
from embeddings.fusion import Hits
from embeddings.manifest import Manifest, SnapshotPaths, damaged, read_manifest
from embeddings.protocol import Index, NameCounts, Words
from embeddings.ranking import search
from embeddings.settings import Settings
from embeddings.snapshot import live_name, live_paths
from embeddings.sparse import SparseIndex
from embeddings.tokens import VERSION as TOKENS_VERSION
from embeddings.types import Article, Chunk, Encoder, Passage, Vectors
from embeddings.verify import verify_opening


class LocalIndex:
    """One snapshot, opened. Any number of threads may use it at once.

    It keeps answering from the snapshot it opened, whatever a rebuild does meanwhile.
    """

    def __init__(
        self,
        paths: SnapshotPaths,
        manifest: Manifest,
        corpus: Corpus,
        facets: Facets,
        dense: DenseIndex,
        sparse: SparseIndex,
        sparse_articles: SparseIndex,
    ) -> None:
        self.paths = paths
        self.manifest = manifest
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
        """Return the ``k`` best passages for a question, as ``protocol.Index`` describes."""
        among = None if filters == EVERYTHING else self.facets.rows(filters)
        if among is not None and not len(among):
            return []
        return search(_Part(self, among), self.encoder, question, k)

    def _positions(self, filters: Filters, words: Words) -> Rows:
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
        return self._index.corpus.chunk(row)


def load_index(index: str | IndexAddress | None = None) -> Index:
    """Open the live snapshot of an index.

    Opening the same snapshot again returns the index that is open already.

    Args:
        index: A folder or an address (``embeddings.address``); default ``WENBAO_INDEX``.

    Raises:
        InputError: It is no address.
        SnapshotError: There is no index, or it is damaged; the message names the remedy.
        ServerError: Its server cannot be reached or refuses.
    """
    address = address_of(index if index is not None else Settings().index)
    if isinstance(address, Path):
        return load_local(address)
    from embeddings.milvus.index import load_milvus

    return load_milvus(address)


def load_local(folder: Path) -> LocalIndex:
    """Open the live snapshot in a folder, as ``load_index`` does."""
    return _open(live_paths(folder).folder.resolve())


def live_snapshot(address: IndexAddress) -> str | None:
    """Return the name of the live snapshot, or None where there is no index.

    Raises:
        ServerError: Its server cannot be reached or refuses.
    """
    if isinstance(address, Path):
        return live_name(address)
    from embeddings.milvus.index import live_collection

    return live_collection(address)


def is_live(index: LocalIndex) -> bool:
    """Tell whether no newer snapshot has replaced the opened one."""
    return live_name(index.paths.folder.parent.parent) == index.paths.name


def encoder_of(manifest: Manifest) -> Encoder:
    """Return the encoder the vectors of a snapshot were made with.

    Raises:
        EncoderError: It cannot be loaded, or is not the one of the snapshot any more.
    """
    encoder = load_encoder(manifest.model)
    if encoder.fingerprint != manifest.encoder:
        raise EncoderError(
            f"模型 {encoder.name} 与建立索引时不同。请运行 wenbao rebuild 重建索引。",
            f"Model {encoder.name} is not what the index was built with. Rebuild the index "
            "with wenbao rebuild.",
        )
    return encoder


def index_fingerprint(encoder: str) -> str:
    """Return what must be equal for chunks, vectors and postings to be the same.

    Args:
        encoder: The encoder's fingerprint.
    """
    return fingerprint_text(encoder, CHUNKS_VERSION, TOKENS_VERSION)


@functools.lru_cache(maxsize=4)
def _open(folder: Path) -> LocalIndex:
    paths = SnapshotPaths(folder)
    manifest = read_manifest(paths)
    verify_opening(paths, manifest)
    try:
        corpus = Corpus(paths.corpus)
        facets = Facets(paths.facets, corpus, manifest.roots)
        dense = DenseIndex.open(paths.vectors, paths.lists, manifest.search)
        sparse = SparseIndex.open(paths.postings)
        sparse_articles = SparseIndex.open(paths.article_postings)
        last_article, last_chunk = corpus.last_positions()
        chunks = {len(dense), len(sparse), len(facets.article_of_row), last_chunk + 1}
        articles = {len(sparse_articles), len(facets), last_article + 1}
    except (RuntimeError, ValueError, OSError, sqlite3.Error) as error:
        raise damaged(paths, "") from error
    is_whole = chunks == {manifest.chunks} and articles == {manifest.articles}
    if not is_whole or dense.dimension != manifest.dimension:
        raise damaged(paths, "manifest.json")
    return LocalIndex(paths, manifest, corpus, facets, dense, sparse, sparse_articles)
