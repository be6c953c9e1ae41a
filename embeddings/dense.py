"""Vectors in FAISS: exact search by inner product."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.types import Vectors


class DenseIndex:
    """Rows of unit vectors; searching is safe from several threads."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        """Index ``vectors``, shape (n, dimension); row i is found as i."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Open a written index.

        Raises:
            RuntimeError: FAISS cannot read the file.
        """
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """Write to one file."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(
        self, vector: Vectors, depth: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return the ``depth`` nearest rows, best first, and their cosines, each shape (m,).

        Args:
            vector: The question's, shape (dimension,) or (1, dimension).
            depth: How many at most.
            among: The only rows to look at; default all.
        """
        parameters, depth = None, min(depth, len(self))
        if among is not None:
            bits = np.zeros(len(self), bool)
            bits[among] = True
            # FAISS's own types know only the C++ signatures of these two.
            bitmap = np.packbits(bits, bitorder="little")
            selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            depth = min(depth, len(among))
        if not depth:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, rows = self._index.search(vector.reshape(1, -1), depth, params=parameters)
        return rows[0], scores[0]

    def vectors(self) -> Vectors:
        """Return all vectors, shape (n, dimension)."""
        vectors: Vectors = self._index.reconstruct_n(0, len(self))
        return vectors
