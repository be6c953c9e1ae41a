"""The lines of a page, and what can be told of one by itself."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"[。！？!?…](?:\s*[”’」』）)\]】])*\s*$")
"""The line could be the last of a paragraph."""

LARGE = 1.15
"""Type this much larger than the body's is a heading's."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page as it was extracted.

    Attributes:
        number: Its line in the file, from 1.
        text: As extracted, not cleaned.
        gap_before: A blank line or a visible gap stands before it.
        size: Type size relative to the page's body text; 1.0 where unknown.
    """

    number: int
    text: str
    gap_before: bool
    size: float = 1.0


def page_lines(text: str) -> list[PageLine]:
    """Return the lines of a text that are not blank."""
    lines: list[PageLine] = []
    gap = True
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw and not raw.isspace():
            lines.append(PageLine(number, raw.rstrip(), gap))
            gap = False
        else:
            gap = True
    return lines


@functools.lru_cache(maxsize=4096)
def width_of(text: str) -> int:
    """Return how wide a line is printed, in half-width cells, stray spaces left out."""
    squashed = "".join(text.split())
    return 2 * len(squashed) - len(squashed.encode("latin-1", "ignore"))


def column_width(lines: Sequence[PageLine]) -> int:
    """Return the width of the column that lines were set in: that of their widest but few."""
    widths = sorted(width_of(line.text) for line in lines)
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where a sentence does."""
    return SENTENCE_END.search(text) is not None
