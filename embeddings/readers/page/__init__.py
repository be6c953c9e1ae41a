"""Puts a newspaper page back together from its extracted lines.

Extraction writes column after column: bodies are hard-wrapped, headlines land after their
articles or at the end, and a replacement character stands where the ornament of an article's
opening was. The lines are cut into pieces (``pieces``), the pieces put together to bodies
(``bodies``), and the headlines given to bodies by what they say (``headlines``).
"""

import dataclasses
import datetime
from collections.abc import Sequence

from embeddings.readers.draft import Draft, Reading, joined
from embeddings.readers.page.account import accounts_of
from embeddings.readers.page.articles import reading_of
from embeddings.readers.page.bodies import lay_out
from embeddings.readers.page.lines import PageLine, page_lines, width_of
from embeddings.readers.page.openings import opening_of
from embeddings.readers.page.pieces import cut_pieces
from embeddings.readers.page.sheets import sheets_of
from embeddings.types import Progress, no_progress

__all__ = ["PageLine", "is_page", "page_lines", "read_page", "reconstruct", "sheets_of"]


_WRAP_MAX = 90
"""Longest line of a page's column, in half-width cells; text with longer lines is not wrapped."""
_SAMPLE = 8_000
"""Characters that are looked at: as many as make several articles."""
_HEADED = 3
"""Articles with headlines of their own that make a page of a text without marks; a long article
with subheadings can look like two."""


def is_page(text: str) -> bool:
    """Tell whether a text holds a page of articles rather than a single one.

    Marks and bylines tell; where there are none, that several articles with headlines of their own
    come out when it is read as a page.
    """
    return _has_openings(text) or _has_headed_articles(text)


def _has_openings(text: str) -> bool:
    before: str | None = None
    openings = 0
    for line in text.splitlines():
        if not line or line.isspace():
            before = None
            continue
        openings += bool(opening_of(line, before))
        before = line
    return openings > 1


def _has_headed_articles(text: str) -> bool:
    lines = page_lines(text[:_SAMPLE])
    gaps = sum(line.gap_before for line in lines)
    if gaps < 2 * _HEADED or any(width_of(line.text) > _WRAP_MAX for line in lines):
        return False
    drafts = reconstruct(lines, "").drafts
    return (
        sum(draft.kind == "article" and draft.headline is not None for draft in drafts) >= _HEADED
    )


def read_page(
    text: str, path: str, progress: Progress = no_progress, explain: bool = False
) -> Reading:
    """Return the articles and photo captions of a page's text (see ``reconstruct``).

    A text may hold several pages, one after the other (see ``sheets``).
    """
    sheets = sheets_of(text)
    readings: list[Reading] = []
    for number, lines in enumerate(sheets):
        if len(sheets) > 1:
            progress("pages", number, len(sheets))
        readings.append(reconstruct(lines, path, explain))
    return _dated(joined(readings))


def _dated(reading: Reading) -> Reading:
    """Give pages without a date in their masthead that of the page before: it is one issue."""
    date: datetime.date | None = None
    drafts: list[Draft] = []
    for draft in reading.drafts:
        date = draft.date or date
        drafts.append(dataclasses.replace(draft, date=date))
    return dataclasses.replace(reading, drafts=tuple(drafts))


def reconstruct(lines: Sequence[PageLine], path: str, explain: bool = False) -> Reading:
    """Return the articles and photo captions of a page, in the order of their bodies.

    With ``explain``, the reading tells what became of each line, and why.

    What fits no article, such as a headline without one or an advertisement, is reported as
    skipped, with its line.
    """
    layout = lay_out(cut_pieces([line for line in lines if line.text.strip()]))
    reading = reading_of(layout, path)
    return dataclasses.replace(reading, accounts=accounts_of(layout, reading) if explain else ())
