"""Vectors that rebuilds encoded and did not come to publish, so that the next one need not.

::

    INDEX/encoded/FINGERPRINT    one file an encoder: the dimension, then records

A record is the key of a text, its vector in half precision and a checksum. Records are only
appended; one that was cut off by a crash, and whatever follows it, is ignored.
"""

import contextlib
import shutil
import zlib
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.fingerprint import fingerprint_text
from embeddings.types import Vectors

_FOLDER = "encoded"
_HEAD = 4
_MOST_DIMENSIONS = 1 << 16
_BLOCK = 4096


class EncodedStore:
    """What one encoder encoded. For one thread that reads and one that appends."""

    def __init__(self, index: Path, encoder: str) -> None:
        """Open what is there of an encoder.

        Args:
            index: The index folder.
            encoder: The encoder's fingerprint.
        """
        self._path = index / _FOLDER / fingerprint_text(encoder)
        self._records = self._whole_records()
        keys = self._records["key"]
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def vector(self, key: int) -> Vectors | None:
        """Return the vector that was encoded for a key before the store was opened, or None."""
        at = int(np.searchsorted(self._sorted, key))
        if at == len(self._sorted) or self._sorted[at] != key:
            return None
        vector: Vectors = self._records["vector"][self._order[at]].astype(np.float32)
        return vector

    def append(self, keys: NDArray[np.int64], vectors: Vectors) -> None:
        """Keep vectors, shape (m, dimension), for the next rebuild."""
        records = np.zeros(len(keys), _record(vectors.shape[1]))
        records["key"], records["vector"] = keys, vectors
        records["check"] = [_checksum(record) for record in records]
        is_new = not self._path.exists()
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("ab") as file:
            if is_new:
                file.write(int(vectors.shape[1]).to_bytes(_HEAD, "little"))
            file.write(records.tobytes())

    def clear(self) -> None:
        """Forget what all encoders encoded: it is published."""
        shutil.rmtree(self._path.parent, ignore_errors=True)

    def _whole_records(self) -> NDArray[np.void]:
        """Return the records up to the first that is not whole; cut the file off there."""
        try:
            with self._path.open("rb") as file:
                head = file.read(_HEAD)
        except OSError:
            return np.empty(0, _record(1))
        dimension = int.from_bytes(head, "little")
        kind = _record(min(dimension, _MOST_DIMENSIONS))
        count = (self._path.stat().st_size - len(head)) // kind.itemsize
        if len(head) < _HEAD or not 0 < dimension <= _MOST_DIMENSIONS or not count:
            self._path.unlink()
            return np.empty(0, _record(1))
        records = np.memmap(self._path, kind, "r", _HEAD, (count,))
        for start in range(0, count, _BLOCK):
            block = records[start : start + _BLOCK]
            good = block["check"] == [_checksum(record) for record in block]
            if not good.all():
                count = start + int(np.argmin(good))
                break
        with self._path.open("r+b") as file:
            file.truncate(_HEAD + count * kind.itemsize)
        return records[:count]


def drop_published(index: Path, created: datetime) -> None:
    """Drop what was encoded before a snapshot was made of it, if a crash kept it from being."""
    for path in (index / _FOLDER).glob("*"):
        if path.stat().st_mtime < created.timestamp():
            path.unlink()
    with contextlib.suppress(OSError):
        (index / _FOLDER).rmdir()


def _record(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", np.int64), ("vector", np.float16, (dimension,)), ("check", np.uint32)])


def _checksum(record: np.void) -> int:
    return zlib.crc32(record.tobytes()[:-4])
