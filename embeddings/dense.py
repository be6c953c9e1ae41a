"""Search in vectors by inner product: exact, or through lists where they are too many."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.lists import Lists, SearchPlan, best_first, open_lists
from embeddings.types import Vectors
from embeddings.vectors import open_vectors

_GATHERED = 2_000
"""Rows up to which a part is scored row by row."""
_SCANNED_PART = 0.3
"""Share of all rows up to which a part is scanned: lists have too few of it each."""
_MOST, _ROUNDING = 1.05, 1e-5
"""No cosine of unit vectors is above the first, in half precision; the second is for zeros."""


class DenseIndex:
    """Rows of unit vectors; searching is safe from several threads."""

    def __init__(self, vectors: faiss.IndexScalarQuantizer, lists: Lists | None = None) -> None:
        self._vectors = vectors
        self._lists = lists

    @classmethod
    def open(cls, vectors: Path, lists: Path, plan: SearchPlan) -> "DenseIndex":
        """Map written vectors, and their lists where the plan has some, into memory.

        Raises:
            RuntimeError: FAISS cannot read a file.
        """
        opened = open_vectors(vectors)
        return cls(opened, open_lists(lists, vectors, plan) if plan.kind == "lists" else None)

    def __len__(self) -> int:
        return int(self._vectors.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.d)

    def search(
        self, vector: Vectors, depth: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return the ``depth`` nearest rows, best first, and their cosines, each shape (m,).

        Args:
            vector: The question's, shape (dimension,) or (1, dimension).
            depth: How many at most.
            among: The only rows to look at, ascending; default all. A small part is always
                searched exactly.

        Raises:
            IndexError: A vector is no unit vector, or a row does not exist: a file is damaged.
        """
        asked = np.ascontiguousarray(vector, np.float32).reshape(-1)
        rows, scores = self._search(asked, depth, among)
        if not (np.abs(scores) <= _MOST * np.linalg.norm(asked) + _ROUNDING).all():
            raise IndexError("a cosine above 1: vectors are damaged")
        return rows, scores

    def _search(
        self, asked: Vectors, depth: int, among: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], Vectors]:
        # One question is no work for several threads; waiting for them costs more.
        faiss.omp_set_num_threads(1)
        depth = min(depth, len(self) if among is None else len(among))
        if not depth:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if among is not None and len(among) <= _GATHERED:
            return best_first(among, self.at(among) @ asked, depth)
        selector = None if among is None else self._selector(among)
        is_part = among is not None and len(among) <= _SCANNED_PART * len(self)
        if self._lists is not None and not is_part:
            return self._lists.search(asked, depth, selector)
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        scores, rows = self._vectors.search(asked.reshape(1, -1), depth, params=parameters)
        return rows[0], scores[0]

    def at(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of some rows, shape (m, dimension)."""
        vectors: Vectors = self._vectors.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors

    def _selector(self, among: NDArray[np.int64]) -> faiss.IDSelector:
        bits = np.zeros(len(self), bool)
        bits[among] = True
        bitmap = np.packbits(bits, bitorder="little")
        # FAISS's own types know only the C++ signature.
        return faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
