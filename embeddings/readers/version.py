"""What decides how a file is read: a file that did not change need not be read again with it."""

import functools
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from embeddings.fingerprint import fingerprint_text

_PACKAGE = Path(__file__).parent
_BESIDE = ("sentences.py", "tokens.py", "numbers.py", "dictionary.py")
"""Modules outside this folder that readers use."""
_LIBRARIES = (
    "dateparser", "jieba", "lxml", "markdown-it-py", "opencc", "pillow", "pypdfium2",
    "python-docx", "python-frontmatter", "PyYAML", "rapidocr", "trafilatura",
)  # fmt: skip


@functools.cache
def readers_fingerprint() -> str:
    """Return a fingerprint of the readers' code and of the libraries that they use.

    The code itself is looked at, since a number to be raised by hand would be forgotten.
    """
    modules = [*sorted(_PACKAGE.rglob("*.py")), *(_PACKAGE.parent / name for name in _BESIDE)]
    code = [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in modules]
    return fingerprint_text(*code, *map(_version, _LIBRARIES))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
