"""Tokenizers read from files, each only once, and no more of a large one than is needed.

Parsing a vocabulary of 250,000 pieces takes most of a second, and only a tenth of them can occur
in Chinese text. That part is kept in the cache. Of a text made of nothing but the part's
characters both make the same tokens: the best segmentation under a unigram model (Kudo, "Subword
Regularization", arXiv:1804.10959) depends on no pieces but those that occur in the text.
"""

import hashlib
import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tokenizers
from numpy.typing import NDArray

from embeddings.kept import keep
from embeddings.settings import Settings

_ELSEWHERE = re.compile(
    r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134faegpqrsuy]"
)
"""A letter that no piece of a part has: neither Chinese nor in “query: ” or “passage: ”."""
_LARGE = 50_000
"""Pieces from which a vocabulary is worth having a part of."""
_PART_VERSION = 1
"""Part of the file's name: raise when other pieces are taken."""

_loaded: dict[str, "Tokenizer"] = {}
_loading = threading.Lock()


class Tokens(NamedTuple):
    """A text, or a pair of texts, in tokens.

    Attributes:
        ids: One for each token.
        offsets: Of each token, where in its text it begins and ends, in characters.
        sequence_ids: Of each token, whether it is of the first text (0), the second (1) or none.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]
    sequence_ids: list[int | None]


class Tokenizer:
    """A tokenizer without padding and truncation; safe to share between threads.

    Sequences that are too long are cut with ``cut_off``.
    """

    def __init__(self, content: bytes, part: Path) -> None:
        """Read the part of a tokenizer, or the tokenizer where it has none yet.

        Args:
            content: The tokenizer's file.
            part: The file of its part, written when there is none.
        """
        self._content = content
        self._whole: tokenizers.Tokenizer | None = None
        self._reading = threading.Lock()
        self._part = _read_part(part)
        if self._part is None:
            _write_part(self.whole(), part)

    def whole(self) -> tokenizers.Tokenizer:
        """Return it with all its pieces; they are read when they are first needed."""
        with self._reading:
            if self._whole is None:
                self._whole = tokenizers.Tokenizer.from_buffer(self._content)
                self._whole.no_padding()
                self._whole.no_truncation()
            return self._whole

    def encode(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Tokens]:
        """Return the tokens of texts, or of pairs of texts, with those around them."""
        part = self._part if self._whole is None else None
        if part is None or not all(part.covers(text) for text in texts):
            found = self.whole().encode_batch(texts)
            return [Tokens(text.ids, text.offsets, text.sequence_ids) for text in found]
        return [
            Tokens(part.ids[text.ids].tolist(), text.offsets, text.sequence_ids)
            for text in part.tokenizer.encode_batch(texts)
        ]


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer in a file. Whoever loads the same content shares it."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    part = Settings().cache / "tokenizers" / f"{digest[:16]}-{_PART_VERSION}.json"
    with _loading:
        if digest not in _loaded:
            _loaded[digest] = Tokenizer(content, part)
        return _loaded[digest]


def read_whole_tokenizers() -> None:
    """Read of all loaded tokenizers what was not needed yet, so that no question waits for it."""
    for tokenizer in list(_loaded.values()):
        tokenizer.whole()


def save_tokenizer(tokenizer: tokenizers.Tokenizer, path: Path) -> None:
    """Write a tokenizer without padding and truncation; equal ones give equal files."""
    plain = tokenizers.Tokenizer.from_str(tokenizer.to_str())
    plain.no_padding()
    plain.no_truncation()
    path.write_text(plain.to_str(pretty=False), encoding="utf-8")


def cut_off(ids: Sequence[int], limit: int) -> list[int]:
    """Return at most ``limit`` of a sequence's token ids, the closing one among them."""
    return list(ids) if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


class _Part(NamedTuple):
    tokenizer: tokenizers.Tokenizer
    ids: NDArray[np.int64]
    """Of each of its pieces, the id in the whole."""

    def covers(self, text: str | tuple[str, str]) -> bool:
        """Tell whether a text, or both of a pair, have no letters but the part's."""
        if not isinstance(text, str):
            return all(self.covers(one) for one in text)
        normalizer = self.tokenizer.normalizer
        normal = normalizer.normalize_str(text) if normalizer else text
        return not _ELSEWHERE.search(normal)


def _read_part(path: Path) -> _Part | None:
    try:
        kept = json.loads(path.read_bytes())
        tokenizer = tokenizers.Tokenizer.from_str(kept["tokenizer"])
    except Exception:  # none yet, or a damaged one, of which the parser tells in its own ways
        return None
    return _Part(tokenizer, np.array(kept["ids"], np.int64))


def _write_part(whole: tokenizers.Tokenizer, path: Path) -> None:
    """Write the part of a tokenizer that has one."""
    part = _part_of(json.loads(whole.to_str()))
    if part is not None:
        keep(path, json.dumps(part).encode())


def _part_of(whole: dict[str, Any]) -> dict[str, Any] | None:
    model = whole["model"]
    if model["type"] != "Unigram" or len(model["vocab"]) < _LARGE:
        return None
    vocabulary: list[tuple[str, float]] = model["vocab"]
    special = [token["id"] for token in whole["added_tokens"]]
    if special != list(range(len(special))):
        return None  # ids of theirs stand in other places, too
    # A character that no piece has is worth a little less than the worst piece there is.
    worst = min(range(len(vocabulary)), key=lambda i: vocabulary[i][1])
    ids = [
        i
        for i, (piece, _score) in enumerate(vocabulary)
        if i < len(special) or i == worst or not _ELSEWHERE.search(piece)
    ]
    pieces = [vocabulary[i] for i in ids]
    part = whole | {"model": model | {"vocab": pieces, "unk_id": ids.index(model["unk_id"])}}
    return {"ids": ids, "tokenizer": json.dumps(part)}
