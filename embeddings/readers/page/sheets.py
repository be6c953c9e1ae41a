"""Cuts a text that holds several pages, one after the other, into its pages.

Tools that extract text write a form feed between pages. Where there is none, a text too long for
one page is cut at running heads, or else where articles open: putting a page together takes time
that grows with the square of its articles.
"""

from collections.abc import Iterator, Sequence

from embeddings.readers.page.furniture import is_running_head
from embeddings.readers.page.lines import PageLine, page_lines
from embeddings.readers.page.openings import opening_of

_LONGEST = 40_000
"""Most characters of one page; a broadsheet in small type has 20,000."""
_LONG = 15_000
"""Characters after which a page that is too long is cut where the next article opens."""


def sheets_of(text: str) -> list[list[PageLine]]:
    """Return the lines of each page in a text; lines are numbered through."""
    sheets: list[list[PageLine]] = []
    number = 0
    for part in text.split("\f"):
        lines = page_lines(part)
        sheets += [_moved(sheet, number) for sheet in _cut(lines)]
        number += part.count("\n")
    return sheets


def _moved(lines: Sequence[PageLine], by: int) -> list[PageLine]:
    return [PageLine(line.number + by, line.text, line.gap_before, line.size) for line in lines]


def _cut(lines: list[PageLine]) -> Iterator[list[PageLine]]:
    if sum(len(line.text) for line in lines) <= _LONGEST:
        if lines:
            yield lines
        return
    sheet: list[PageLine] = []
    length = 0
    for line in lines:
        if sheet and (_begins_page(line, length) or length + len(line.text) > _LONGEST):
            yield sheet
            sheet, length = [], 0
        sheet.append(line)
        length += len(line.text)
    yield sheet


def _begins_page(line: PageLine, length: int) -> bool:
    if is_running_head(line.text):
        return True
    return length > _LONG and line.gap_before and bool(opening_of(line.text, after=None))
