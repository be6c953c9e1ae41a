"""The text of a PDF page: characters with their places, joined into pieces of lines."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from embeddings.readers.draft import Unreadable
from embeddings.readers.layout import Span

_MAX_CHARACTERS = 200_000
"""Most characters of a page; a broadsheet has 20,000."""
_JOIN = 0.3
"""Widest space inside a line, in ems, where the file does not say that characters belong
together."""
_BREAK = 0.9
"""Widest space inside a line, in ems, where the file writes one character after the other."""
_OVERLAP = 1.2
"""How far a character may reach under the one before, in ems: marks are set close together."""
_CLOSING = "，。、；：！？）”’》」』"


@dataclass(frozen=True, slots=True)
class _Character:
    """Coordinates in points, ``y`` downwards; ``base`` is the baseline."""

    text: str
    left: float
    right: float
    base: float
    size: float


def text_spans(page: pypdfium2.PdfPage) -> list[Span]:
    """Return the pieces of lines of a page, in points, as the file writes them.

    Raises:
        Unreadable: The page has more characters than any page.
    """
    return _joined(list(_characters(page)))


def _characters(page: pypdfium2.PdfPage) -> Iterator[_Character]:
    """Yield the visible characters in the order in which the file writes them."""
    _, height = page.get_size()
    text = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > _MAX_CHARACTERS:
            raise Unreadable("此页字符过多", f"more than {_MAX_CHARACTERS} characters on the page")
        box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        for i in range(count):
            if pdfium.FPDFText_IsHyphen(text, i) == 1:
                code = _hyphen(text, i)
            else:
                code = pdfium.FPDFText_GetUnicode(text, i)
            if code < ord(" ") or pdfium.FPDFText_IsGenerated(text, i) == 1:
                continue
            pdfium.FPDFText_GetLooseCharBox(text, i, box)
            pdfium.FPDFText_GetCharOrigin(text, i, x, y)
            pdfium.FPDFText_GetMatrix(text, i, matrix)
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            size = pdfium.FPDFText_GetFontSize(text, i) * scale
            if size <= 0 or not math.isfinite(size + box.left + box.right + y.value):
                continue
            yield _Character(_character(code), box.left, box.right, height - y.value, size)
    finally:
        text.close()


def _hyphen(text: pdfium.FPDF_TEXTPAGE, i: int) -> int:
    """Tell whether a hyphen at a line's end breaks a word, or belongs to a name like ``F-16``."""
    before = chr(pdfium.FPDFText_GetUnicode(text, i - 1)) if i else ""
    return ord("\N{SOFT HYPHEN}" if before.isascii() and before.islower() else "-")


def _character(code: int) -> str:
    """Surrogates and noncharacters stand for what could not be read."""
    unreadable = 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or code > 0x10FFFF
    return "\N{REPLACEMENT CHARACTER}" if unreadable else chr(code)


def _joined(characters: list[_Character]) -> list[Span]:
    """Join characters into the pieces of lines that the file writes, and those that touch."""
    runs: list[list[_Character]] = []
    body = _middle_size(characters)
    for character in characters:
        if runs and _continues(runs[-1], character, body):
            runs[-1].append(character)
        else:
            runs.append([character])
    return [_span(run) for run in _touching(_once(runs))]


def _once(runs: list[list[_Character]]) -> list[list[_Character]]:
    """Leave out blank runs, and those drawn again a hair's breadth away to look bold."""
    kept: list[list[_Character]] = []
    drawn: dict[str, list[_Character]] = {}
    for run in runs:
        text, first = "".join(character.text for character in run), run[0]
        if not text.strip():
            continue
        again = any(
            abs(first.left - other.left) + abs(first.base - other.base) < 0.2 * first.size
            for other in drawn.get(text, ())
        )
        if not again:
            drawn.setdefault(text, []).append(first)
            kept.append(run)
    return kept


def _middle_size(characters: list[_Character]) -> float:
    sizes = sorted(character.size for character in characters)
    return sizes[len(sizes) // 2] if sizes else 1.0


def _continues(run: list[_Character], character: _Character, body: float) -> bool:
    last = run[-1]
    gap = character.left - last.right
    # A headline may be spaced out evenly; a sudden wide space parts two headlines.
    spaced = len(run) > 1 and gap <= 1.3 * max(0.0, last.left - run[-2].right)
    widest = _BREAK * min(last.size, 1.5 * body)
    return (
        _same_line(last, character)
        and character.left > last.left - 0.01 * last.size
        and (gap < widest or (spaced and gap < 2 * last.size))
    )


def _same_line(a: _Character, b: _Character) -> bool:
    smaller, larger = sorted((a.size, b.size))
    return abs(a.base - b.base) < 0.3 * smaller and larger < 1.5 * smaller


def _touching(runs: list[list[_Character]]) -> list[list[_Character]]:
    """Join runs on one line that touch: some producers write each character by itself."""
    rows: dict[int, list[list[_Character]]] = {}
    for run in sorted(runs, key=lambda run: (round(run[0].base), run[0].left)):
        rows.setdefault(round(run[0].base), []).append(run)
    joined: list[list[_Character]] = []
    for row in rows.values():
        for run in row:
            last = joined[-1][-1] if joined else None
            if last is not None and _same_line(last, run[0]):
                gap = run[0].left - last.right
                if -_OVERLAP * last.size < gap < _JOIN * min(last.size, run[0].size):
                    joined[-1] += run
                    continue
            joined.append(list(run))
    return joined


def _span(run: list[_Character]) -> Span:
    inked = [character for character in run if not character.text.isspace()]
    size = _middle_size(inked)
    base = inked[0].base
    right = max(character.right for character in inked)
    if inked[-1].text in _CLOSING:
        # Such a mark is blank in its right half, which may stand in the space between columns.
        right = max(inked[-1].left + 0.5 * size, *(c.right for c in inked[:-1]), 0.0)
    return Span(
        "".join(character.text for character in run).strip(),
        inked[0].left,
        base - 0.88 * size,
        right,
        base + 0.12 * size,
        size,
    )
