"""Imports Gradio in half the time.

Gradio writes a type stub beside the source of each of its components whenever it is imported,
which takes half of the three seconds of that import and fails where packages are read-only.
It skips classes whose source is not a file.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


@contextmanager
def no_stubs_written() -> Iterator[None]:
    """Let Gradio believe, while it is imported, that its components have no source file."""
    source_file = inspect.getfile

    def source_file_of_others(thing: Any) -> str:  # noqa: ANN401 - as in inspect
        if getattr(thing, "__module__", "").startswith("gradio."):
            raise OSError("a component of Gradio's")
        return source_file(thing)

    with patch("inspect.getfile", source_file_of_others):
        yield
