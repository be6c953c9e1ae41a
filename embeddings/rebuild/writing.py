"""The writing stage: articles to a new snapshot, as they come.

What the live snapshot or an interrupted rebuild has already is taken over (``known``).
"""

import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embeddings.corpus_writer import (
    CorpusWriter,
    DocumentState,
    FileState,
    pack_terms,
    unpack_terms,
)
from embeddings.facets import FacetsWriter
from embeddings.fingerprint import Fingerprint
from embeddings.lists import SearchPlan, plan_search
from embeddings.manifest import SnapshotPaths
from embeddings.rebuild.encoding import Encoding
from embeddings.rebuild.known import Cut, Known
from embeddings.sentences import sentence_spans
from embeddings.sparse import SparseWriter
from embeddings.tokens import terms
from embeddings.types import Article, Encoder, Progress, Skipped, Vectors
from embeddings.vectors import VectorWriter

_ASKED_LEAST, _ASKED_MOST = 12, 24
"""Characters of a sentence that is asked as a question."""
_COPIED = 4096
"""Vectors copied together."""


@dataclass(slots=True)
class Counts:
    """What was written; ``encoded`` and ``reused`` count chunks."""

    articles: int = 0
    chunks: int = 0
    encoded: int = 0
    reused: int = 0


_Pairs = tuple["array[int]", "array[int]"]
"""Rows to be written, and those that have the same vectors."""


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
        self._encoding = Encoding(load, self._take_encoded, progress, workers)
        self._copied = _no_pairs()
        self._repeated = _no_pairs()

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
        position = self.counts.articles
        self._digest.add(repr(article))
        self._corpus.add_article(position, article, read, file)
        cuts = self._known.chunks(article) or self._known.cut(article)
        posted = [self._add_chunk(position, cut, packed) for cut in cuts]
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

    def abandon(self) -> None:
        """Stop, and let go of all files."""
        self._encoding.stop()
        self._corpus.abandon()
        if self._vectors is not None:
            self._vectors.close()

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

    def _add_chunk(self, article: int, cut: Cut, made: Mapping[int, bytes]) -> str:
        """Write a chunk, see to its vector, and return its terms."""
        row, (chunk, key, old, text) = self.counts.chunks, cut
        first = self._corpus.row_of_key(key)
        packed, joined = self._terms(cut, first, made)
        self._corpus.add_chunk(row, article, chunk, key, packed)
        self._by_chunk.add(joined)
        self.counts.chunks += 1
        if old is not None and self._known.has_vectors:
            self.counts.reused += 1
            _note(self._copied, row, old)
            if len(self._copied[0]) == _COPIED:
                self._copy()
        elif (vector := self._known.encoded.vector(key)) is not None:
            self.counts.reused += 1
            self._vector_writer(len(vector)).write(np.array([row]), vector.reshape(1, -1))
        else:
            self.counts.encoded += 1
            if first is not None:
                _note(self._repeated, row, first)
            else:
                self._encoding.put(row, key, text)
        return joined

    def _terms(self, cut: Cut, first: int | None, made: Mapping[int, bytes]) -> tuple[bytes, str]:
        """Return the terms of a chunk, packed, and joined by spaces.

        Args:
            cut: The chunk.
            first: The row that was written with the same encoded text, or None.
            made: Packed terms that were made before, by the key of their text.
        """
        if first is not None:
            packed = self._corpus.packed_terms(first)
        elif cut.old is not None and self._known.index is not None and self._known.has_terms:
            packed = self._known.index.corpus.packed_terms(cut.old)
        elif cut.key in made:
            packed = made[cut.key]
        else:
            joined = " ".join(terms(cut.text))
            return pack_terms(joined), joined
        return packed, unpack_terms(packed)

    def _copy(self) -> None:
        """Copy the vectors that the live snapshot has."""
        rows, old = (np.array(side, np.int64) for side in self._copied)
        if len(rows) and self._known.index is not None:
            vectors = self._known.index.dense.at(old)
            self._vector_writer(vectors.shape[1]).write(rows, vectors)
        self._copied = _no_pairs()

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


def _no_pairs() -> _Pairs:
    return array("q"), array("q")


def _note(pairs: _Pairs, row: int, other: int) -> None:
    pairs[0].append(row)
    pairs[1].append(other)
