"""The writing stage: articles to a new snapshot, as they come.

What the live snapshot or an interrupted rebuild has already is taken over by the key of the
encoded text: vectors, if the encoder is the same, and terms, if they are still made alike.
"""

import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.chunks import chunk_article
from embeddings.corpus_writer import (
    CorpusWriter,
    DocumentState,
    FileState,
    pack_terms,
    unpack_terms,
)
from embeddings.facets import FacetsWriter
from embeddings.fingerprint import Fingerprint
from embeddings.index import LocalIndex
from embeddings.lists import SearchPlan, plan_search
from embeddings.manifest import SnapshotPaths
from embeddings.rebuild.encoded import EncodedStore
from embeddings.rebuild.encoding import Encoding
from embeddings.rebuild.texts import encoded_text, text_key
from embeddings.sentences import sentence_spans
from embeddings.sparse import SparseWriter
from embeddings.tokens import terms
from embeddings.types import Article, Chunk, Encoder, Progress, Skipped, Vectors
from embeddings.vectors import VectorWriter

_ASKED_LEAST, _ASKED_MOST = 12, 24
"""Characters of a sentence that is asked as a question."""
_COPIED = 4096
"""Vectors copied together."""


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be made again.

    Attributes:
        index: The live snapshot, or None.
        has_vectors: Whether its vectors are the encoder's.
        has_terms: Whether its terms are made as terms are now.
        has_chunks: Whether its articles are cut into chunks as they are now.
        encoded: Vectors of interrupted rebuilds.
    """

    index: LocalIndex | None
    has_vectors: bool
    has_terms: bool
    has_chunks: bool
    encoded: EncodedStore

    def chunks(self, article: Article) -> "list[_Cut] | None":
        """Return the chunks of an article that the live snapshot has just as it is."""
        if self.index is None or not self.has_chunks:
            return None
        corpus = self.index.corpus
        position = corpus.position(article.id)
        if position is None or corpus.article_at(position) != article:
            return None
        rows = self.index.rows_of(position)
        return [
            _Cut(chunk, key, row)
            for row, (chunk, key) in zip(rows, corpus.chunks(article, rows), strict=True)
        ]

    def cut(self, article: Article) -> "list[_Cut]":
        """Cut an article into chunks."""
        cuts = []
        for chunk in chunk_article(article):
            text = encoded_text(article, chunk)
            key = text_key(text)
            row = self.index.corpus.row_of_key(key) if self.index is not None else None
            cuts.append(_Cut(chunk, key, row, text))
        return cuts


class _Cut(NamedTuple):
    chunk: Chunk
    key: int
    old: int | None
    """The row of the live snapshot that has the same encoded text."""
    text: str = ""
    """The encoded text, where it may be needed."""


@dataclass(slots=True)
class Counts:
    """What was written; ``encoded`` and ``reused`` count chunks."""

    articles: int = 0
    chunks: int = 0
    encoded: int = 0
    reused: int = 0


class SnapshotWriter:
    """Writes the parts of a snapshot, its manifest aside. For one thread."""

    def __init__(
        self,
        paths: SnapshotPaths,
        known: Known,
        load: Callable[[], Encoder],
        memory: int,
        progress: Progress,
        workers: int = 1,
    ) -> None:
        """Begin.

        Args:
            paths: An empty folder.
            known: What is taken over.
            load: Loads the encoder, if there is something to encode.
            memory: Bytes for what waits to be written.
            progress: Told about the stages ``encode`` and ``write``.
            workers: How many encode at a time.
        """
        self.counts = Counts()
        self._paths = paths
        self._known = known
        self._load = load
        self._progress = progress
        self._corpus = CorpusWriter(paths.corpus, memory // 8)
        self._by_chunk = SparseWriter(paths.postings, memory // 4)
        self._by_article = SparseWriter(paths.article_postings, memory // 4)
        self._facets = FacetsWriter()
        self._digest = Fingerprint()
        self._vectors: VectorWriter | None = None
        self._opening = threading.Lock()
        self._made: Mapping[int, bytes] = {}
        self._encoding = Encoding(load, self._take_encoded, progress, workers)
        self._copied = (array("q"), array("q"))
        self._repeated = (array("q"), array("q"))

    def add(
        self,
        article: Article,
        read: Article,
        file: int | None = None,
        packed: Mapping[int, bytes] = MappingProxyType({}),
    ) -> None:
        """Write an article.

        Args:
            article: See ``CorpusWriter.add_article``, as the next two.
            read: As it was read.
            file: The position of its file.
            packed: Packed terms that were made before, by the key of their text.
        """
        self._made = packed
        position = self.counts.articles
        self._digest.add(repr(article))
        self._corpus.add_article(position, article, read, file)
        cuts = self._known.chunks(article) or self._known.cut(article)
        posted = [self._add_chunk(position, cut) for cut in cuts]
        self._by_article.add(" ".join(posted))
        self._facets.add(article, len(cuts))
        self.counts.articles += 1

    def add_file(
        self,
        position: int,
        state: FileState,
        documents: Sequence[DocumentState],
        skipped: Sequence[Skipped],
    ) -> None:
        """Write a file; arguments are those of ``CorpusWriter.add_file``."""
        self._corpus.add_file(position, state, documents, skipped)

    def finish(self) -> tuple[str, int, SearchPlan]:
        """Wait for what is being encoded and write what is left.

        Returns:
            The corpus's digest, the dimension of vectors, and how they are searched.
        """
        # Merging postings takes none of the interpreter's time, so it may go on meanwhile.
        with ThreadPoolExecutor() as pool:
            postings = [pool.submit(one.finish) for one in (self._by_chunk, self._by_article)]
            self._copy()
            self._encoding.finish()
            self._progress("write", 0, 3)
            dimension, plan = self._finish_vectors()
            self._progress("write", 1, 3)
            self._corpus.finish()
            self._facets.write(self._paths.facets)
            self._progress("write", 2, 3)
            for one in postings:
                one.result()
        self._progress("write", 3, 3)
        return str(self._digest), dimension, plan

    def _finish_vectors(self) -> tuple[int, SearchPlan]:
        vectors = self._vectors or self._vector_writer(self._load().dimension)
        for start in range(0, len(self._repeated[0]), _COPIED):
            rows, firsts = (np.array(side[start : start + _COPIED]) for side in self._repeated)
            vectors.write(rows, vectors.read(firsts))
        vectors.finish(self.counts.chunks)
        plan = plan_search(self._paths.vectors, self._paths.lists, self._some_questions)
        return vectors.dimension, plan

    def _some_questions(self, count: int) -> Vectors:
        """Return the vectors of sentences of the corpus, asked as questions."""
        rows = np.random.default_rng(0).choice(self.counts.chunks, count).tolist()
        texts = [self._corpus.chunk_text(row) for row in rows]
        sentences = [
            next((s for s in sentence_spans(text) if s.end - s.start >= _ASKED_LEAST), (0, None))
            for text in texts
        ]
        asked = [text[a:b][:_ASKED_MOST] for text, (a, b) in zip(texts, sentences, strict=True)]
        return self._load().encode_queries(asked)

    def abandon(self) -> None:
        """Stop, and let go of all files."""
        self._encoding.stop()
        self._corpus.abandon()
        if self._vectors is not None:
            self._vectors.close()

    def _add_chunk(self, article: int, cut: _Cut) -> str:
        """Write a chunk, see to its vector, and return its terms."""
        row, (chunk, key, old, text) = self.counts.chunks, cut
        first = self._corpus.row_of_key(key)
        packed, joined = self._terms(text, key, old, first)
        self._corpus.add_chunk(row, article, chunk, key, packed)
        self._by_chunk.add(joined)
        self.counts.chunks += 1
        if old is not None and self._known.has_vectors:
            self.counts.reused += 1
            self._note(self._copied, row, old)
            if len(self._copied[0]) == _COPIED:
                self._copy()
        elif (vector := self._known.encoded.vector(key)) is not None:
            self.counts.reused += 1
            self._vector_writer(len(vector)).write(np.array([row]), vector.reshape(1, -1))
        else:
            self.counts.encoded += 1
            if first is not None:
                self._note(self._repeated, row, first)
            else:
                self._encoding.put(row, key, text)
        return joined

    def _terms(self, text: str, key: int, old: int | None, first: int | None) -> tuple[bytes, str]:
        """Return the terms of a text, packed and joined by spaces."""
        if first is not None:
            packed = self._corpus.packed_terms(first)
        elif old is not None and self._known.index is not None and self._known.has_terms:
            packed = self._known.index.corpus.packed_terms(old)
        elif key in self._made:
            packed = self._made[key]
        else:
            joined = " ".join(terms(text))
            return pack_terms(joined), joined
        return packed, unpack_terms(packed)

    def _note(self, pairs: "tuple[array[int], array[int]]", row: int, other: int) -> None:
        pairs[0].append(row)
        pairs[1].append(other)

    def _copy(self) -> None:
        """Copy the vectors that the live snapshot has."""
        rows, old = (np.array(side, np.int64) for side in self._copied)
        if len(rows) and self._known.index is not None:
            vectors = self._known.index.dense.at(old)
            self._vector_writer(vectors.shape[1]).write(rows, vectors)
        self._copied = (array("q"), array("q"))

    def _take_encoded(
        self, rows: NDArray[np.int64], keys: NDArray[np.int64], vectors: Vectors
    ) -> None:
        self._known.encoded.append(keys, vectors)
        self._vector_writer(vectors.shape[1]).write(rows, vectors)

    def _vector_writer(self, dimension: int) -> VectorWriter:
        with self._opening:  # the first vectors may be encoded ones or copied ones
            if self._vectors is None:
                self._vectors = VectorWriter(self._paths.vectors, dimension)
            return self._vectors
