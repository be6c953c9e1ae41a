"""Plain text: a newspaper page, or a single article."""

import re

from embeddings.readers.bylines import split_byline
from embeddings.readers.cleaning import clean_headline, clean_text, join_lines
from embeddings.readers.datelines import dateline
from embeddings.readers.draft import Draft, Origin, Reading
from embeddings.readers.fields import AUTHORS, DATE, HEADLINE, IN_TEXT
from embeddings.readers.page import is_page, read_page
from embeddings.readers.under_headline import byline_authors, day_of
from embeddings.types import Progress, no_progress

_HEADLINE_MAX = 60
_SENTENCE_END = re.compile(r"[。！？!?…；;][”’」』）)]*$")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n")
_WRAP_MAX = 45
"""Longest hard-wrapped line in characters; text with longer lines has a line a paragraph."""


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
    total = len(text.splitlines())
    return Draft(
        cleaned,
        headline=headline,
        authors=authors,
        date=date,
        lines=(1, max(1, total)),
        origins=tuple(origins),
    )


def _unwrap(text: str) -> str:
    """Join hard-wrapped lines; where lines are long, each is a paragraph already."""
    lines = [line for line in text.splitlines() if line.strip()]
    wrapped = len(lines) > 1 and max(len(line.strip()) for line in lines) <= _WRAP_MAX
    if not wrapped:
        return text
    paragraphs = _BLANK_LINES.split(text)
    joined = [join_lines(paragraph.splitlines()) for paragraph in paragraphs if paragraph.strip()]
    merged: list[str] = []
    for paragraph in joined:
        if merged and not _SENTENCE_END.search(merged[-1]):
            merged[-1] += paragraph
        else:
            merged.append(paragraph)
    return "\n".join(merged)
