"""Workers that read and encode for a rebuild: processes of this machine, or a Ray cluster.

What they make is put together by the one process that writes, in the order of the plain path, so
the index is the same.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from embeddings.encoder import EncoderIdentity
from embeddings.errors import EncoderError, InputError
from embeddings.rebuild.cluster import RayCluster
from embeddings.rebuild.processes import Processes
from embeddings.rebuild.work import Workers
from embeddings.types import Encoder, Progress, Vectors, no_progress

PIECES = 2
"""Pieces that a block of texts is cut into for each worker."""
_RAY = "ray"

LoadEncoder = Callable[[], Encoder]


@contextlib.contextmanager
def hired(wanted: str | int) -> Iterator[Workers | None]:
    """Give the workers that ``--workers`` names, or None for the plain path.

    Args:
        wanted: A number of processes, ``ray``, or ``ray://HOST:PORT``.

    Raises:
        InputError: It is neither, or the extra is not installed.
        ServerError: There is no cluster at the address.
    """
    text = str(wanted)
    if text == "1":
        yield None
        return
    workers: Workers
    if text == _RAY or text.startswith(f"{_RAY}://"):
        workers = RayCluster(None if text == _RAY else text)
    elif text.isdigit() and int(text) > 0:
        workers = Processes(int(text))
    else:
        raise InputError(
            f"--workers 应是正整数、ray 或 ray://HOST:PORT，现为 {text}。",
            f"--workers must be a positive number, ray or ray://HOST:PORT, not {text}.",
        )
    try:
        yield workers
    finally:
        workers.stop()


class PooledEncoder:
    """An encoder whose passages workers encode; for one thread."""

    def __init__(self, load: LoadEncoder, identity: EncoderIdentity, workers: Workers) -> None:
        """Begin.

        Args:
            load: Loads the encoder, here or in a worker.
            identity: Its name and fingerprint, wherever it is loaded.
            workers: Where passages are encoded.
        """
        self.name, self.fingerprint = identity
        self._load = load
        self._workers = workers

    @functools.cached_property
    def _encoder(self) -> Encoder:
        return self._load()

    @property
    def dimension(self) -> int:
        """See ``Encoder``."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions here."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Encode passages on the workers, shape (len(texts), dimension)."""
        size = max(1, -(-len(texts) // (PIECES * self._workers.count)))
        pieces = [texts[start : start + size] for start in range(0, len(texts), size)]
        work = functools.partial(_encoded, self._load, self.fingerprint)
        parts: list[Vectors] = []
        for part in self._workers.map(work, pieces):
            parts.append(part)
            progress("encode", min(len(parts) * size, len(texts)), len(texts))
        return np.concatenate(parts)


def _encoded(load: LoadEncoder, fingerprint: str, texts: Sequence[str]) -> Vectors:
    encoder = load()
    if encoder.fingerprint != fingerprint:
        raise EncoderError(
            f"工作进程里的模型 {encoder.name} 与本机的不同。请在各台机器上安装同样的版本。",
            f"Model {encoder.name} differs in a worker. Install the same versions on all machines.",
        )
    return encoder.encode_documents(texts)
