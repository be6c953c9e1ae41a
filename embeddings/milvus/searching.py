"""Search in the collections of a snapshot, for the ranking that all indexes share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from embeddings.fusion import Hits
from embeddings.manifest import Manifest
from embeddings.milvus.connection import LIMIT, READ_SECONDS, Connection
from embeddings.milvus.schema import Collections, day_of
from embeddings.milvus.weights import Sparse, question_vector
from embeddings.types import Article, Chunk, Vectors

_AT_A_TIME = 16
"""Chunks whose articles are fetched together while passages are made of hits."""


class MilvusPart:
    """The part of a snapshot that is searched: what meets an expression. For one thread."""

    def __init__(
        self,
        connection: Connection,
        names: Collections,
        expression: str,
        manifest: Manifest,
        articles_of: Callable[[Iterable[int]], Mapping[int, Article]],
    ) -> None:
        """Take a part.

        Args:
            connection: Where it is.
            names: The snapshot's collections.
            expression: Of chunks and of articles; empty for all.
            manifest: The snapshot's.
            articles_of: Fetches articles by their numbers.
        """
        self._connection = connection
        self._names = names
        self._expression = expression
        self._manifest = manifest
        self._articles_of = articles_of
        self._chunks: dict[int, dict[str, Any]] = {}
        self._articles: dict[int, Article] = {}
        self._ranked: list[int] = []
        self.article_of_row: dict[int, int] = {}
        """The number of the article of each row that was returned."""

    def __len__(self) -> int:
        """How many chunks it has that can be searched."""
        if not self._expression:
            return min(self._manifest.chunks, LIMIT)
        found = self._connection.count(self._names.chunks, self._expression)
        return min(found, LIMIT)

    def nearest(self, vector: Vectors, depth: int) -> Hits:
        """Return the ``depth`` chunks nearest to a vector of shape (1, dimension), by row."""
        asked = np.ascontiguousarray(vector, np.float32).reshape(-1)
        return self._search(self._names.chunks, "vector", asked.tolist(), depth)

    def by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        """Return the ``depth`` chunks best by BM25, by row."""
        return self._search(self._names.chunks, "terms", question_vector(terms), depth)

    def articles_by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        """Return the ``depth`` articles best by BM25, each by its number."""
        return self._search(self._names.articles, "terms", question_vector(terms), depth)

    def days(self, rows: Sequence[int]) -> list[int]:
        """Return the day of publication of each row's article, counted from year 1."""
        # They are asked for best first: those whose articles are needed soon.
        self._ranked = list(rows)
        return [day_of(self.article_of_row[row]) for row in rows]

    def chunk(self, row: int) -> tuple[Chunk, Article]:
        """Return the chunk of a row with its article, and fetch those of the rows after it."""
        found, number = self._chunks[row], self.article_of_row[row]
        if number not in self._articles:
            at = self._ranked.index(row)
            wanted = {self.article_of_row[one] for one in self._ranked[at : at + _AT_A_TIME]}
            self._articles |= self._articles_of(wanted - self._articles.keys())
        article = self._articles[number]
        start, end = int(found["start"]), int(found["end"])
        return Chunk(article.id, start, end, article.text[start:end]), article

    def _search(self, collection: str, field: str, asked: list[float] | Sparse, depth: int) -> Hits:
        fields = ["article", "start", "end"] if collection == self._names.chunks else []
        primary = "row" if collection == self._names.chunks else "number"
        if not asked:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        (hits,) = self._connection.run(
            lambda client: client.search(
                collection,
                data=[asked],
                anns_field=field,
                filter=self._expression,
                limit=min(depth, LIMIT),
                output_fields=fields,
                search_params={"metric_type": "IP"},
                timeout=READ_SECONDS,
            )
        )
        rows = [int(hit[primary]) for hit in hits]
        if fields:
            found = {row: hit["entity"] for row, hit in zip(rows, hits, strict=True)}
            self._chunks |= found
            self.article_of_row |= {row: int(chunk["article"]) for row, chunk in found.items()}
        return np.array(rows, np.int64), np.array([hit["distance"] for hit in hits], np.float32)
