"""Reads files that may be hostile in a child process with bounded memory and time.

PDF, HTML, docx and image libraries are large parsers for input from anywhere. Whatever a file
makes them do (crash, hang, fill the memory), the rebuild goes on and the file is skipped.
"""

import contextlib
import json
import os
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from embeddings.readers.draft import Interrupted, Reading, skip
from embeddings.readers.messages import GarbledError, receive
from embeddings.types import Progress, no_progress

PATIENCE = {
    "plain": 20.0,
    "markdown": 20.0,
    "html": 20.0,
    "docx": 20.0,
    "pdf": 120.0,
    "image": 120.0,
}
"""Longest wait in seconds for a file, or for its next page: OCR takes a while for one."""
_START = 60.0
_CHECKOUT = Path(__file__).resolve().parents[2]


class Sandbox:
    """A child process, started when first needed and again after it died."""

    def __init__(self, progress: Progress = no_progress) -> None:
        self._progress = progress
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, kind: str, data: bytes, label: str, explain: bool = False) -> Reading:
        """Read a file with the reader of its kind (see ``sandboxed``).

        With ``explain``, the reading of a page tells what became of its lines.

        Raises:
            Interrupted: The reader died or hung over it.
        """
        try:
            pipe = self._pipe or self._start()
            pipe.send_bytes(json.dumps([kind, label, explain]).encode())
            pipe.send_bytes(data)
            while True:
                if not pipe.poll(PATIENCE[kind]):
                    self._stop()
                    raise Interrupted("读取用时过长，已放弃", "took too long to read; given up")
                answer = receive(pipe)
                if isinstance(answer, Reading):
                    return answer
                if isinstance(answer, str):
                    return skip(label, answer)
                self._progress(*answer)
        except (EOFError, OSError, GarbledError) as error:
            self._stop()
            raise Interrupted(
                "读取程序中途退出，文件可能已损坏或占用内存过多",
                "the reader died over it; it may be damaged or take too much memory",
            ) from error

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "embeddings.readers.sandboxed", str(theirs.fileno())]
        path = os.pathsep.join(filter(None, (str(_CHECKOUT), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
        theirs.close()
        self._pipe = ours
        if not ours.poll(_START):
            raise EOFError
        receive(ours)
        return ours

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            self._child.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=10)
        self._child = self._pipe = None
