"""Makes articles of a page's bodies and headings, with their dates, sections and authors."""

import re

from embeddings.readers.bylines import byline_names, cut_photo_credit, is_byline, split_byline
from embeddings.readers.cleaning import REPLACEMENT, clean_headline, clean_text, join_lines
from embeddings.readers.datelines import dateline
from embeddings.readers.draft import Draft, Reading
from embeddings.readers.page import furniture
from embeddings.readers.page.bodies import Body, Layout
from embeddings.readers.page.headlines import (
    HeadlineLine,
    assign_headlines,
    clean_parts,
)
from embeddings.readers.page.lines import column_width, ends_sentence, width_of
from embeddings.readers.page.pieces import Piece
from embeddings.types import Skipped

_MARK = re.compile(rf"^[\s{REPLACEMENT}□■●▲△▼◆◇★☆▶►◎]+")
_FULL_LINE = 0.85
"""A line shorter than this share of its column's width ends a paragraph."""


def reading_of(layout: Layout, path: str) -> Reading:
    """Return a page's articles, each with the headline that fits it, and what is left over."""
    made = [_article(body) for body in layout.bodies]
    headings, unattached = assign_headlines(
        _headline_lines(layout),
        [draft.text for draft in made],
        [draft.kind == "photo" for draft in made],
    )
    masthead = [line for p in layout.aside if p.kind == "masthead" for line in p.lines]
    date, section = furniture.printed_date(masthead), furniture.section_name(masthead)
    drafts = tuple(
        Draft(
            text=draft.text,
            headline=heading.headline.text if heading.headline else None,
            kicker=heading.kicker.text if heading.kicker else None,
            authors=draft.authors,
            date=date,
            section=section,
            kind=draft.kind,
            lines=draft.lines,
        )
        for draft, heading in zip(made, headings, strict=True)
        if draft.text
    )
    skipped = [_unattached(path, line) for line in unattached]
    skipped += [_notice(path, piece) for piece in layout.aside if piece.kind == "notice"]
    return Reading(drafts, tuple(skipped))


def _headline_lines(layout: Layout) -> list[HeadlineLine]:
    found: list[HeadlineLine] = []
    before: tuple[Piece, int] | None = None
    for piece, after in layout.headings:
        for number, (lines, text) in enumerate(clean_parts(piece.lines)):
            follows = number > 0 or (before is not None and before[1] == after)
            found.append(HeadlineLine(text, lines[0].number, after, follows, lines[0].size))
        before = (piece, after)
    return found


def _article(body: Body) -> Draft:
    lines = [line for piece in body.pieces for line in piece.lines]
    paragraphs = _paragraphs(body)
    authors: tuple[str, ...] = ()
    paragraphs[0] = _MARK.sub("", paragraphs[0])
    while len(paragraphs) > 1 and (found := byline_names(paragraphs[0])):
        authors += found
        paragraphs.pop(0)
    opening, paragraphs[0] = split_byline(paragraphs[0])
    authors += opening
    photographers, paragraphs[-1] = cut_photo_credit(paragraphs[-1])
    text = clean_text("\n".join(furniture.without_notes(p) for p in paragraphs))
    authors += photographers
    if not body.photo:
        authors += dateline(text).authors
    return Draft(
        text,
        authors=tuple(dict.fromkeys(authors)),
        kind="photo" if body.photo else "article",
        lines=(lines[0].number, lines[-1].number),
    )


def _paragraphs(body: Body) -> list[str]:
    """Join hard-wrapped lines into paragraphs; a subheading is one of its own."""
    out: list[list[str]] = [[]]
    for number, piece in enumerate(body.pieces):
        if piece.kind == "heading":
            out += [[line.text for line in piece.lines], []]
            continue
        width = column_width(piece.lines)
        for position, line in enumerate(piece.lines):
            at_edge = (number == 0 and position < 2) or line is body.pieces[-1].lines[-1]
            short = width_of(line.text) < _FULL_LINE * width or len(piece.lines) == 1
            if at_edge and short and is_byline(line.text):
                out += [[line.text], []]
                continue
            out[-1].append(line.text)
            following = piece.lines[position + 1] if position + 1 < len(piece.lines) else None
            if ends_sentence(line.text) and (
                following is None
                or width_of(line.text) < _FULL_LINE * width
                or following.text[:1].isspace()
            ):
                out.append([])
    return [join_lines(p) for p in out if p] or [""]


def _unattached(path: str, line: HeadlineLine) -> Skipped:
    return Skipped(
        f"{path}:{line.line}",
        f"标题「{line.text}」不属于任何文章 / headline fits no article on the page",
    )


def _notice(path: str, piece: Piece) -> Skipped:
    text = clean_headline(piece.text)
    return Skipped(
        f"{path}:{piece.lines[0].number}",
        f"启事或广告，不作文章收录：「{text}」 / a notice or advertisement, not an article",
    )
