"""Plain text: a newspaper page, or a single article."""

import re
from itertools import pairwise

from embeddings.readers.bylines import split_byline
from embeddings.readers.cleaning import clean_headline, clean_text, join_lines
from embeddings.readers.datelines import dateline
from embeddings.readers.draft import Draft, Origin, Reading
from embeddings.readers.fields import AUTHORS, DATE, HEADLINE, IN_TEXT
from embeddings.readers.page import PageLine, is_page, page_lines, read_page
from embeddings.readers.page.lines import width_of
from embeddings.readers.under_headline import byline_authors, day_of
from embeddings.types import Progress, no_progress

_HEADLINE_MAX = 60
_SENTENCE_END = re.compile(r"(?:[。！？!?…；;]|(?<!\.)\.)[”’」』）)\"']*$")
_WRAP_MAX = 90
"""Longest hard-wrapped line in half-width cells; in text with longer lines, each is a paragraph."""
_COLUMN_MIN = 24
"""Narrowest column, in cells: that of a newspaper has 12 characters."""
_FULL_LINE = 0.8
"""A wrapped line fills at least so much of its column, whose width is that of the widest line."""
_ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．](?!\d))"
)


def read_plain(
    text: str, path: str, progress: Progress = no_progress, explain: bool = False
) -> Reading:
    """Return the articles of a page or several, or the one article that the text is."""
    if is_page(text):
        return read_page(text, path, progress, explain)
    article = _read_article(text)
    return Reading((article,) if article.text else ())


def _read_article(text: str) -> Draft:
    """Take short lines before the first sentence for headline, byline and date."""
    lines = text.strip("\n").splitlines()
    headline: str | None = None
    authors: tuple[str, ...] = ()
    date = None
    origins: list[Origin] = []
    while len(lines) > 1:
        line = lines[0].strip()
        if not line:
            pass
        elif credited := byline_authors(line):
            authors += credited
            origins.append(Origin(AUTHORS, "署名行 line of a byline"))
        elif (found := day_of(line)) is not None:
            date = found
            origins.append(Origin(DATE, "日期行 line of a date"))
        elif headline is None and len(line) <= _HEADLINE_MAX and not _SENTENCE_END.search(line):
            headline = clean_headline(line)
            origins.append(Origin(HEADLINE, "首个短行 first short line"))
        else:
            break
        lines.pop(0)
    body = _unwrap("\n".join(lines))
    opening_authors, body = split_byline(body)
    cleaned = clean_text(body)
    if not authors and (authors := opening_authors or dateline(cleaned).authors):
        origins.append(Origin(AUTHORS, IN_TEXT))
    return Draft(
        cleaned,
        headline=headline,
        authors=authors,
        date=date,
        lines=(1, text.removesuffix("\n").count("\n") + 1),
        origins=tuple(origins),
    )


def _unwrap(text: str) -> str:
    """Join hard-wrapped lines; where lines are long, each is a paragraph already."""
    lines = page_lines(text)
    column = max((width_of(line.text) for line in lines), default=0)
    if len(lines) < 2 or column > _WRAP_MAX:
        return text
    paragraphs = [[lines[0].text]]
    for before, line in pairwise(lines):
        if _begins_paragraph(before, line, column):
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    return "\n".join(map(join_lines, paragraphs))


def _begins_paragraph(before: PageLine, line: PageLine, column: int) -> bool:
    """A sentence goes on over a blank line only where the line before it fills the column."""
    full = width_of(before.text) >= _FULL_LINE * column
    if _SENTENCE_END.search(before.text):
        return line.gap_before or not full or line.text[:1].isspace()
    goes_on = full and column >= _COLUMN_MIN and not _ITEM.match(line.text)
    return line.gap_before and not goes_on
