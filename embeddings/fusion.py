"""Joins dense and lexical hits into one ranking.

A convex sum of scaled scores (Bruch et al., "An Analysis of Fusion Functions for Hybrid
Retrieval", ACM TOIS 2023): it keeps how much better one hit is than the next, which
rank-based fusion throws away.
"""

import numpy as np
from numpy.typing import NDArray

from embeddings.types import Vectors

DENSE_WEIGHT = 0.4
LEXICAL_WEIGHT = 1 - DENSE_WEIGHT
DEPTH = 100
"""Hits taken from each side; the last of a full list marks the scale's zero."""


def fuse(
    dense: tuple[NDArray[np.int64], Vectors],
    lexical: tuple[NDArray[np.int64], Vectors],
    depth: int = DEPTH,
) -> list[tuple[int, float]]:
    """Return (row, score in 0..1), best first, ties broken by row.

    Each side is scaled to 0..1 between its zero and its best score. The zero of the lexical
    side is its ``depth``-th score, or 0 where fewer chunks share a term with the question; that
    of the dense side its last score, since every chunk has one. A side whose hits are all equal
    tells nothing apart and gives each of them 1; a row that a side did not return gets 0 there.
    The order within the inputs does not matter.
    """
    lexical_zero = float(lexical[1].min()) if len(lexical[1]) >= depth else 0.0
    dense_zero = float(dense[1].min()) if len(dense[1]) else 0.0
    fused: dict[int, float] = {}
    for (rows, scores), weight, zero in (
        (dense, DENSE_WEIGHT, dense_zero),
        (lexical, LEXICAL_WEIGHT, lexical_zero),
    ):
        for row, score in zip(rows.tolist(), _scale(scores, zero).tolist(), strict=True):
            fused[row] = fused.get(row, 0.0) + weight * score
    return sorted(fused.items(), key=lambda hit: (-hit[1], hit[0]))


def _scale(scores: Vectors, zero: float) -> NDArray[np.float64]:
    if not len(scores):
        return np.empty(0, np.float64)
    span = float(scores.max()) - zero
    if span <= 0:
        return np.ones(len(scores), np.float64)
    return (scores.astype(np.float64) - zero) / span
