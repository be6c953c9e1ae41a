"""Tokenizers read from files, each only once.

Parsing a vocabulary of 250,000 pieces takes most of a second, and encoder and reader have the
same one.
"""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

_loaded: dict[str, Tokenizer] = {}
_loading = threading.Lock()


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer in a file, without padding and truncation.

    Whoever loads the same content shares it, so that nobody may change it: sequences that are
    too long are cut with ``cut_off``.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with _loading:
        if digest not in _loaded:
            tokenizer = Tokenizer.from_buffer(content)
            tokenizer.no_padding()
            tokenizer.no_truncation()
            _loaded[digest] = tokenizer
        return _loaded[digest]


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """Write a tokenizer without padding and truncation; equal ones give equal files."""
    plain = Tokenizer.from_str(tokenizer.to_str())
    plain.no_padding()
    plain.no_truncation()
    path.write_text(plain.to_str(pretty=False), encoding="utf-8")


def cut_off(ids: Sequence[int], limit: int) -> list[int]:
    """Return at most ``limit`` of a sequence's token ids, the closing one among them."""
    return list(ids) if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]
