"""An opened snapshot: search in it and read its articles."""

import dataclasses
import datetime
import functools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.chunks import VERSION as CHUNKS_VERSION
from embeddings.corpus import Corpus
from embeddings.dense import DenseIndex
from embeddings.encoder import load_encoder
from embeddings.errors import EncoderError, damaged
from embeddings.facets import Facets
from embeddings.filters import EVERYTHING, Filters
from embeddings.fingerprint import fingerprint_text
from embeddings.fusion import DEPTH, fuse
from embeddings.held import HeldFiles
from embeddings.manifest import Manifest, SnapshotPaths
from embeddings.reprints import Shown, traits_of
from embeddings.sentences import Span
from embeddings.sparse import SparseIndex
from embeddings.tokens import VERSION as TOKENS_VERSION
from embeddings.tokens import query_terms, simplify_characters
from embeddings.types import Article, Chunk, Encoder, Passage, Reprint
from embeddings.windows import widen

SCORE_DIGITS = 6
"""Decimals of a passage's score; passages that agree in them are equals."""

LOOK_AHEAD = 5
"""Hits below the last passage that are looked at for reprints: they score nearly as it does."""


class Index:
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
        self._facets = facets
        self._sparse = sparse
        self._sparse_articles = sparse_articles

    @functools.cached_property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with.

        Raises:
            EncoderError: It cannot be loaded, or is not the one of the snapshot any more.
        """
        encoder = load_encoder(self.manifest.model)
        if encoder.fingerprint != self.manifest.encoder:
            raise EncoderError(
                f"模型 {encoder.name} 与建立索引时不同。请运行 wenbao rebuild 重建索引。",
                f"Model {encoder.name} is not what the index was built with. Rebuild the index "
                "with wenbao rebuild.",
            )
        return encoder

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order in which they were read."""
        return self.corpus.articles()

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""
        return self.corpus.article(article_id)

    @property
    def day_of_article(self) -> NDArray[np.int32]:
        """The day of publication of each article, counted from year 1; 0 where it tells none."""
        return self._facets.day_of_article

    def positions(self, filters: Filters) -> list[int]:
        """Return where, among all articles, those are that meet the filters, ascending."""
        positions: list[int] = self._facets.positions(filters).tolist()
        return positions

    def article_ids(self, filters: Filters = EVERYTHING) -> list[str]:
        """Return the ids of the articles that meet filters, in the order of ``articles``."""
        ids = self.corpus.ids()
        return ids if filters == EVERYTHING else [ids[at] for at in self.positions(filters)]

    @functools.cached_property
    def newest_day(self) -> datetime.date | None:
        """The latest day of publication, or None if no article has one."""
        return self._facets.newest()

    def newest_articles(self, k: int, filters: Filters = EVERYTHING) -> list[Article]:
        """Return the ``k`` newest articles that meet filters, newest first, undated ones last."""
        positions: list[int] = self._facets.newest_positions(filters, k).tolist()
        return [self.corpus.article_at(position) for position in positions]

    def search(self, question: str, k: int, filters: Filters = EVERYTHING) -> list[Passage]:
        """Return the ``k`` best passages for a question, best first.

        Of passages with equal scores the newest comes first, undated ones last. A passage that
        says again what better ones say is listed with them as a reprint.

        Args:
            question: Any text.
            k: How many passages.
            filters: Only articles that meet them are searched, and those to the full.

        Raises:
            SnapshotError: A file of the snapshot was written into, or what is in it is damaged.
        """
        self.held.check()
        try:
            return self._search(question, k, filters)
        except IndexError as error:
            # What is read from one file points to nothing in another.
            raise damaged(self.paths.folder) from error

    def _search(self, question: str, k: int, filters: Filters) -> list[Passage]:
        among = None if filters == EVERYTHING else self._facets.rows(filters)
        if among is not None and not len(among):
            return []
        of_row = self._facets.article_of_row
        vector = self.encoder.encode_queries([simplify_characters(question)])
        asked = query_terms(question)
        searched = self.manifest.chunks if among is None else len(among)
        among_articles = None if among is None else np.unique(of_row[among])
        articles = self._sparse_articles.search(asked, DEPTH, among_articles)
        depth = DEPTH
        while True:
            dense = self.dense.search(vector, depth, among)
            chunks = self._sparse.search(asked, depth, among)
            hits = fuse(dense, chunks, articles, of_row)
            passages = self._distinct(self._newest_first(hits), k)
            if len(passages) == k or depth >= searched:
                return passages
            # Many reprints of few reports: what is different lies deeper.
            depth *= 4

    def _newest_first(self, hits: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """Order hits by score as shown, then by date, newest first, then by row."""
        days = self._facets.days([row for row, _ in hits])
        shown = [
            (-round(score, SCORE_DIGITS), -day) for (_, score), day in zip(hits, days, strict=True)
        ]
        order = sorted(range(len(hits)), key=lambda i: (shown[i], hits[i][0]))
        return [hits[i] for i in order]

    def _distinct(self, hits: Sequence[tuple[int, float]], k: int) -> list[Passage]:
        """Return the ``k`` best passages that tell different things, with their reprints.

        Chunks are widened to passages; a chunk that such a passage holds already is left out.
        """
        shown, passages, reprints = Shown(), list[Passage](), list[list[Reprint]]()
        taken: dict[str, list[Span]] = {}
        for at, (row, score) in enumerate(hits):
            if len(passages) == k and at >= k + LOOK_AHEAD:
                break
            chunk, article, position = self.corpus.chunk(row)
            if position != self._facets.article_of_row[row]:
                raise damaged(self.paths.folder)
            own = taken.setdefault(article.id, [])
            if any(span.start <= chunk.start and chunk.end <= span.end for span in own):
                continue
            number = shown.repeated_by(traits_of(chunk.text))
            if number is not None and passages[number].article_id != article.id:
                reprints[number].append(_reprint(chunk, article))
            elif len(passages) < k:
                window = widen(article.text, Span(chunk.start, chunk.end), own)
                own.append(window)
                passage = passage_of(article, window, len(passages) + 1, score)
                shown.add(traits_of(passage.text))
                reprints.append([])
                passages.append(passage)
        return [
            dataclasses.replace(passage, reprints=tuple(found)) if found else passage
            for passage, found in zip(passages, reprints, strict=True)
        ]


def passage_of(article: Article, window: Span, rank: int, score: float) -> Passage:
    """Return a part of an article as a passage with a rank and a score."""
    return Passage(
        rank=rank,
        score=round(score, SCORE_DIGITS),
        text=article.text[window.start : window.end],
        article_id=article.id,
        headline=article.headline,
        authors=article.authors,
        date=article.date,
        source=article.source,
        start=window.start,
        end=window.end,
    )


def _reprint(chunk: Chunk, article: Article) -> Reprint:
    return Reprint(
        article_id=article.id,
        headline=article.headline,
        authors=article.authors,
        date=article.date,
        source=article.source,
        start=chunk.start,
        end=chunk.end,
    )


def index_fingerprint(encoder: str) -> str:
    """Return what must be equal for chunks, vectors and postings to be the same.

    Args:
        encoder: The encoder's fingerprint.
    """
    return fingerprint_text(encoder, CHUNKS_VERSION, TOKENS_VERSION)
