"""The rows of a snapshot's collections, made of a snapshot on this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from embeddings.corpus_writer import unpack_terms
from embeddings.index import LocalIndex
from embeddings.milvus.schema import (
    article_fields,
    article_number,
    day_of_article,
    filter_fields,
)
from embeddings.milvus.weights import DocumentWeights
from embeddings.types import Article

Row = dict[str, Any]
"""The values of a row by the names of their fields."""


def article_rows(local: LocalIndex) -> Iterator[Row]:
    """Yield the rows of all articles."""
    corpus, mapped = local.corpus, local.facets.article_of_row
    weights = _weights(local, local.manifest.articles, local.sparse_articles.document_frequency)
    counts = np.bincount(mapped, minlength=local.manifest.articles).tolist()
    row = 0
    for position, article in enumerate(corpus.articles()):
        terms: list[str] = []
        for _ in range(counts[position]):
            terms += _terms(local, row)
            row += 1
        yield {
            "number": article_number(day_of_article(article), position),
            "chunks": counts[position],
            "terms": weights.vector(terms),
            **article_fields(article),
            **filter_fields(article),
        }


def chunk_rows(local: LocalIndex) -> Iterator[Row]:
    """Yield the rows of all chunks."""
    weights = _weights(local, local.manifest.chunks, local.sparse.document_frequency)
    row = 0
    for position, (article, spans) in enumerate(local.corpus.chunked_articles()):
        shared = {
            "article": article_number(day_of_article(article), position),
            **filter_fields(article),
        }
        vectors = local.dense.at(np.arange(row, row + len(spans)))
        for at, (start, end, key) in enumerate(spans):
            yield {
                "row": row,
                "start": start,
                "end": end,
                "key": key,
                "text": _share(article, [span[0] for span in spans], at),
                "vector": vectors[at],
                "terms": weights.vector(_terms(local, row)),
                **shared,
            }
            row += 1


def _share(article: Article, starts: list[int], at: int) -> str:
    """Return the part of the text that a chunk's row keeps: together they are all of it."""
    first = starts[at] if at else 0
    return article.text[first : starts[at + 1] if at + 1 < len(starts) else None]


def _weights(local: LocalIndex, documents: int, frequency: Callable[[str], int]) -> DocumentWeights:
    terms = sum(len(_terms(local, row)) for row in range(local.manifest.chunks))
    return DocumentWeights(documents, terms, frequency)


def _terms(local: LocalIndex, row: int) -> list[str]:
    return unpack_terms(local.corpus.packed_terms(row)).split()
