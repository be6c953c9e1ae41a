"""The encoding stage: a thread that encodes while the next texts are read.

The encoder's work runs outside the interpreter's lock, so reading and encoding overlap.
"""

import queue
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from embeddings.types import Encoder, Progress, Vectors

BLOCK = 512
"""Texts encoded together: enough to find some of equal length."""
_WAITING = 4
"""Blocks that may wait; whoever brings more waits."""
_PATIENCE = 0.2

Sink = Callable[[NDArray[np.int64], NDArray[np.int64], Vectors], None]
"""Takes rows, keys and vectors, of m texts, in the encoding thread."""


class _Stopped(Exception):
    """Raised in the thread to end it."""


class Encoding:
    """Encodes texts in a thread of its own. For one thread that brings them.

    The encoder is loaded when the first texts come.
    """

    def __init__(
        self, load: Callable[[], Encoder], sink: Sink, progress: Progress, workers: int = 1
    ) -> None:
        """Begin.

        Args:
            load: Loads the encoder.
            sink: Takes what is encoded.
            progress: Told about the stage ``encode``.
            workers: How many encode at a time; each is to have a block's worth of texts.
        """
        self._load = load
        self._size = BLOCK * workers
        self._sink = sink
        self._progress = progress
        self._block: list[tuple[int, int, str]] = []
        self._waiting: queue.Queue[list[tuple[int, int, str]] | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._run, name="encoding", daemon=True)
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._brought = 0

    def put(self, row: int, key: int, text: str) -> None:
        """Bring a text; wait while too many are waiting.

        Raises:
            Exception: Whatever went wrong in the thread.
        """
        if self._thread.ident is None:
            self._thread.start()  # the encoder is loaded while more texts are read
        self._block.append((row, key, text))
        self._brought += 1
        if len(self._block) == self._size:
            self._send(self._block)
            self._block = []

    def finish(self) -> None:
        """Wait until all is encoded.

        Raises:
            Exception: Whatever went wrong in the thread.
        """
        if self._thread.ident is not None:
            if self._block:
                self._send(self._block)
            self._send(None)
            self._thread.join()
            self._raise()

    def stop(self) -> None:
        """Give up; what is encoded stays encoded."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _send(self, block: list[tuple[int, int, str]] | None) -> None:
        while True:
            self._raise()
            try:
                self._waiting.put(block, timeout=_PATIENCE)
                return
            except queue.Full:
                continue

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            encoder = self._load()
            done = 0
            while (block := self._next()) is not None:
                rows, keys, texts = zip(*block, strict=True)
                vectors = encoder.encode_documents(texts, self._from(done))
                self._sink(np.array(rows, np.int64), np.array(keys, np.int64), vectors)
                done += len(block)
        except _Stopped:
            pass
        except BaseException as error:  # it is raised where texts are brought
            self._error = error

    def _next(self) -> list[tuple[int, int, str]] | None:
        while not self._stop.is_set():
            try:
                return self._waiting.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
        raise _Stopped

    def _from(self, before: int) -> Progress:
        def report(stage: str, done: int, _total: int) -> None:
            if self._stop.is_set():
                raise _Stopped
            self._progress(stage, before + done, self._brought)

        return report
