"""The child process of ``sandbox``: reads one file after another that it is sent."""

import functools
import json
import resource
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

from embeddings.readers.draft import Reading, Unreadable
from embeddings.readers.messages import send
from embeddings.types import Progress

Reader = Callable[[bytes, str, Progress], Reading]

MEMORY = 3 << 30
"""Most bytes of memory the child may use: a large scan needs a good part of it."""


def main() -> None:
    """Answer each (kind, data, label, explain) with progress, then a reading or a reason."""
    pipe = Connection(int(sys.argv[1]))
    _bound_memory()
    send(pipe, "ready")

    def progress(stage: str, done: int, total: int) -> None:
        send(pipe, (stage, done, total))

    while True:
        try:
            kind, label, explain = json.loads(pipe.recv_bytes())
            data = pipe.recv_bytes()
        except EOFError:
            return
        send(pipe, _read(kind, data, label, progress, explain))


def _read(kind: str, data: bytes, label: str, progress: Progress, explain: bool) -> Reading | str:
    try:
        return _reader(kind, explain)(data, label, progress)
    except Unreadable as error:
        return str(error)
    except MemoryError:
        return "读取时占用内存过多 / takes too much memory to read"
    except Exception as error:
        # Parsers of hostile bytes raise whatever they like; a sandbox is for that.
        return f"文件已损坏，无法读取 / damaged, cannot be read: {type(error).__name__}: {error}"


def _reader(kind: str, explain: bool) -> Reader:
    """Import a reader when its first file comes: each has a large library behind it."""
    if kind == "plain":
        from embeddings.readers.plain import read_plain

        return lambda data, path, progress: read_plain(data.decode(), path, progress, explain)
    if kind == "markdown":
        from embeddings.readers.markdown import read_markdown

        return lambda data, path, progress: read_markdown(data.decode(), path)
    if kind == "html":
        from embeddings.readers.html import read_html

        return read_html
    if kind == "docx":
        from embeddings.readers.docx import read_docx

        return read_docx
    if kind == "pdf":
        from embeddings.readers.pdf import read_pdf

        return functools.partial(read_pdf, explain=explain)
    from embeddings.readers.image import read_image

    return functools.partial(read_image, explain=explain)


def _bound_memory() -> None:
    """RLIMIT_DATA counts what is really allocated, not address space that is only reserved."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


if __name__ == "__main__":
    main()
