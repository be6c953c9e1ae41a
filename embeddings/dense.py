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

    def search(self, vector: Vectors, depth: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the ``depth`` nearest rows, best first, and their cosines, each shape (m,)."""
        depth = min(depth, len(self))
        scores, rows = self._index.search(vector.reshape(1, -1), depth)
        return rows[0], scores[0]

    def vectors(self) -> Vectors:
        """Return all vectors, shape (n, dimension)."""
        vectors: Vectors = self._index.reconstruct_n(0, len(self))
        return vectors
