"""Cuts running text into sentences, with offsets."""

import re
from typing import NamedTuple

_ENDERS = "。！？!?…；;"
_CLOSERS = "”’」』）)】》\"'"
# An English full stop ends a sentence only before a space and no digit: "3.5 million" goes on.
_SENTENCE_END = re.compile(
    rf"(?:[{_ENDERS}]+|(?<=[A-Za-z\d%)])\.(?=\s+[^\W\d_a-z]))[{re.escape(_CLOSERS)}]*|\n+"
)


class Span(NamedTuple):
    """Offsets of a stretch of text, in characters; ``end`` is exclusive."""

    start: int
    end: int


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of ``text`` in order, white space at their ends left out.

    Every character that is not white space lies in exactly one sentence. Semicolons end a
    sentence too: Chinese news strings several statements together with them.
    """
    spans: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += piece.index(stripped[0])
        spans.append(Span(start, start + len(stripped)))
