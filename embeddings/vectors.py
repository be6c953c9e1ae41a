"""Vectors of a snapshot on disk: a FAISS file of half-precision rows, written as they come.

Half precision moves a cosine by about 0.00001, a hundredth of what int8 in the encoder does, and
halves what a search must read. The file is FAISS's own, so it is memory-mapped by FAISS itself;
it is written here because FAISS writes only what is wholly in memory.
"""

import os
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.types import Vectors

_ENTRY = np.dtype(np.float16).itemsize
_DIMENSION_AT, _COUNT_AT = 4, 8
"""Offsets in FAISS's header, which begins with the kind of index: the dimension, the number of
vectors."""
_MOST_DIMENSIONS, _MOST_VECTORS = 1 << 16, 1 << 40
"""What no index has; a header that says more is damaged."""


class VectorWriter:
    """Writes rows in any order; several threads may."""

    def __init__(self, path: Path, dimension: int) -> None:
        self.dimension = dimension
        self._header = _header(dimension, 0)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)

    def write(self, rows: NDArray[np.int64], vectors: Vectors) -> None:
        """Write vectors, shape (m, dimension), to their ``rows``, ascending, shape (m,)."""
        halves = np.ascontiguousarray(vectors, np.float16)
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        for run in np.split(np.arange(len(rows)), cuts) if len(rows) else ():
            data = halves[run[0] : run[-1] + 1].tobytes()
            _write_at(self._descriptor, data, self._offset(int(rows[run[0]])))

    def read(self, rows: NDArray[np.int64]) -> Vectors:
        """Return vectors that were written, shape (m, dimension)."""
        width = self.dimension * _ENTRY
        data = b"".join(os.pread(self._descriptor, width, self._offset(int(row))) for row in rows)
        return np.frombuffer(data, np.float16).reshape(-1, self.dimension).astype(np.float32)

    def finish(self, count: int) -> None:
        """Make the file whole: ``count`` rows, all of them written."""
        os.ftruncate(self._descriptor, self._offset(count))
        _write_at(self._descriptor, _header(self.dimension, count), 0)
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _offset(self, row: int) -> int:
        return len(self._header) + row * self.dimension * _ENTRY


class VectorRows:
    """Rows of a written file, read when they are asked for; safe from several threads.

    Of a mapped file each row that is looked at would leave the pages around it in memory.
    """

    def __init__(self, path: Path, vectors: faiss.IndexScalarQuantizer) -> None:
        """Open the file of opened vectors."""
        self._width = int(vectors.d) * _ENTRY
        self._count = int(vectors.ntotal)
        self._first = path.stat().st_size - self._count * self._width
        self._descriptor = os.open(path, os.O_RDONLY)

    def __len__(self) -> int:
        return self._count

    def __del__(self) -> None:
        os.close(self._descriptor)

    def at(self, rows: NDArray[np.int64]) -> Vectors:
        """Return some rows, shape (m, dimension).

        Raises:
            IndexError: There is no such row.
        """
        if len(rows) and not 0 <= rows.min() <= rows.max() < self._count:
            raise IndexError(f"vectors have no row {rows.max()}")
        data = b"".join(
            os.pread(self._descriptor, self._width, self._first + row * self._width)
            for row in rows.tolist()
        )
        return np.frombuffer(data, np.float16).reshape(len(rows), -1).astype(np.float32)


def open_vectors(path: Path) -> faiss.IndexScalarQuantizer:
    """Map a written file into memory.

    FAISS believes what a file says of its own size, so it is not given one that lies.

    Raises:
        RuntimeError: The file is not what ``VectorWriter`` writes.
    """
    if not _is_whole(path):
        raise RuntimeError(f"{path} does not begin or end as vectors do")
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if not isinstance(index, faiss.IndexScalarQuantizer):
        raise RuntimeError(f"{path} holds a {type(index).__name__}")
    return index


def _is_whole(path: Path) -> bool:
    """Tell whether a file's header and length are those of the vectors it says it has."""
    with path.open("rb") as file:
        begin = file.read(_DIMENSION_AT + 4 + 8)
        dimension = int.from_bytes(begin[_DIMENSION_AT:_COUNT_AT], "little")
        count = int.from_bytes(begin[_COUNT_AT:], "little")
        if not 0 < dimension <= _MOST_DIMENSIONS or count > _MOST_VECTORS:
            return False
        header = _header(dimension, count)
        size = len(header) + count * dimension * _ENTRY
        return begin + file.read(len(header) - len(begin)) == header and (
            os.fstat(file.fileno()).st_size == size
        )


def _header(dimension: int, count: int) -> bytes:
    """Return what FAISS writes before the rows of an index of ``count`` vectors.

    It is taken from an index of one vector, with the count and the rows' length, which FAISS
    writes last before them, set anew.
    """
    index = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.add(np.zeros((1, dimension), np.float32))
    width = dimension * _ENTRY
    written = faiss.serialize_index(index).tobytes()
    header = bytearray(written[:-width])
    length_at = len(header) - 8
    counted, length = bytes(header[_COUNT_AT : _COUNT_AT + 8]), bytes(header[length_at:])
    if (counted, length) != ((1).to_bytes(8, "little"), width.to_bytes(8, "little")):
        raise RuntimeError("this version of FAISS writes vectors in another form")
    header[_COUNT_AT : _COUNT_AT + 8] = count.to_bytes(8, "little")
    header[length_at:] = (count * width).to_bytes(8, "little")
    return bytes(header)


def _write_at(descriptor: int, data: bytes, offset: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, offset)
        data, offset = data[written:], offset + written
