"""Puts a newspaper page back together from its extracted text.

Extraction writes column after column: bodies are hard-wrapped, headlines land after their
articles or at the end, and a replacement character stands where the ornament of an article's
opening was. The page is cut at openings; what stands between the last sentence of a body and
the next opening are headlines; they are then given to bodies by content (``headlines``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from embeddings.readers.bylines import split_byline, split_photo_credit
from embeddings.readers.cleaning import REPLACEMENT, clean_headline, clean_text, join_lines
from embeddings.readers.draft import Draft, Reading
from embeddings.readers.headlines import Heading, HeadlineLine, assign_headlines
from embeddings.types import Kind, Skipped

_OPENING = re.compile(
    rf"^\s*(?:{REPLACEMENT}+|[□■●▲◆◇★☆]+\s*(?=本|新华|据))"
    r"|^\s*本\s*报\s*(?:综\s*合\s*)?讯\s*[（(\s]"
    r"|^\s*新华社.{2,20}电\s*[（(\s]"
)
_SENTENCE_END = re.compile(r"[。！？!?…][”’」』）)]*$")
_FIRM_END = re.compile(r"(?:[。…][”’」』）)]*|[”’」』）)])$")
_HEADLINE_MAX = 40
_SECTION_MAX = 7
"""Longest line before the first article, in characters, that is taken for the masthead."""
_NEWS = "新闻"
_FULL_LINE = 0.85
"""A line shorter than this share of its column's width ends a paragraph."""


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


@dataclass(frozen=True, slots=True)
class _Body:
    lines: list[PageLine]
    authors: tuple[str, ...]
    kind: Kind
    text: str


def is_page(text: str) -> bool:
    """Tell whether a text holds a page of articles rather than a single one."""
    openings = sum(bool(_OPENING.match(line)) for line in text.splitlines())
    return openings > 1


def read_page(text: str, path: str) -> Reading:
    """Return the articles and photo captions of a page's text (see ``reconstruct``)."""
    return reconstruct(_lines(text), path)


def reconstruct(lines: Sequence[PageLine], path: str) -> Reading:
    """Return the articles and photo captions of a page, in the order of their bodies.

    Headlines that fit no article are reported as skipped, with their line.
    """
    segments = _segments([line for line in lines if line.text.strip()])
    masthead, headlines = _masthead(segments[0])
    bodies: list[_Body] = []
    for segment in segments[1:]:
        kept, trailing = _split_trailing(segment)
        bodies.append(_body(kept))
        headlines += _headline_lines(trailing, after=len(bodies) - 1)
    headings, unattached = assign_headlines(headlines, [body.text for body in bodies])
    section = _section(masthead)
    drafts = tuple(
        _draft(body, heading, section)
        for body, heading in zip(bodies, headings, strict=True)
        if body.text
    )
    return Reading(drafts, tuple(_unattached(path, line) for line in unattached))


def _lines(text: str) -> list[PageLine]:
    lines: list[PageLine] = []
    blank = True
    for number, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if stripped:
            lines.append(PageLine(number, stripped, blank))
        blank = not stripped
    return lines


def _segments(lines: Sequence[PageLine]) -> list[list[PageLine]]:
    """Cut at openings; the first segment is what stands before the first of them."""
    segments: list[list[PageLine]] = [[]]
    for line in lines:
        if _OPENING.match(line.text):
            segments.append([])
        segments[-1].append(line)
    return segments


def _masthead(lines: Sequence[PageLine]) -> tuple[list[str], list[HeadlineLine]]:
    short = [line.text for line in lines if len(clean_text(line.text)) <= _SECTION_MAX]
    long = [line for line in lines if len(clean_text(line.text)) > _SECTION_MAX]
    return short, _headline_lines(long, after=-1)


def _section(masthead: Sequence[str]) -> str | None:
    """Join the masthead's lines; the word 新闻 is set small beside a section's name."""
    name = clean_text("".join(masthead))
    if name.startswith(_NEWS) and len(name) > len(_NEWS):
        name = name.removeprefix(_NEWS) + _NEWS
    return name or None


def _split_trailing(segment: list[PageLine]) -> tuple[list[PageLine], list[PageLine]]:
    """Split a segment into its body and the headlines that stand after the body's end."""
    end = len(segment)
    while end > 1 and _may_be_headline(segment, end - 1):
        end -= 1
    if not any(_ends_body(line) for line in segment[:end]):
        return segment, []
    return segment[:end], segment[end:]


def _may_be_headline(segment: Sequence[PageLine], position: int) -> bool:
    line = segment[position]
    text = clean_text(line.text)
    if len(text) > _HEADLINE_MAX or split_photo_credit(line.text):
        return False
    if not _ends_body(line):
        return True
    # A headline may cry out or ask; it then stands alone between blank lines.
    alone = line.gap_before and _ends_body(segment[position - 1])
    last = position + 1 == len(segment) or segment[position + 1].gap_before
    return alone and last and not _FIRM_END.search(text) and len(text) >= _SECTION_MAX


def _ends_body(line: PageLine) -> bool:
    return bool(_SENTENCE_END.search(line.text) or split_photo_credit(line.text))


def _headline_lines(lines: Sequence[PageLine], after: int) -> list[HeadlineLine]:
    """Join the lines of each block into one headline."""
    blocks: list[list[PageLine]] = []
    for line in lines:
        if line.gap_before or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return [
        HeadlineLine(
            clean_headline("\n".join(line.text for line in block)),
            block[0].number,
            after,
            follows=position > 0,
        )
        for position, block in enumerate(blocks)
    ]


def _body(lines: list[PageLine]) -> _Body:
    photographers = split_photo_credit(lines[-1].text)
    is_photo = bool(photographers) and "讯" not in lines[0].text[:12]
    kept = lines[:-1] if photographers and len(lines) > 1 else lines
    paragraphs = _paragraphs(kept)
    paragraphs[0] = paragraphs[0].replace(REPLACEMENT, "")
    authors, paragraphs[0] = split_byline(paragraphs[0])
    text = clean_text("\n".join(paragraphs))
    return _Body(lines, authors + photographers, "photo" if is_photo else "article", text)


def _paragraphs(lines: Sequence[PageLine]) -> list[str]:
    """Join hard-wrapped lines into paragraphs.

    One ends after a sentence that ends its line early or stands before a blank line.
    """
    width = max((cell_len(line.text) for line in lines), default=0)
    paragraphs: list[list[str]] = [[]]
    for position, line in enumerate(lines):
        paragraphs[-1].append(line.text)
        following = lines[position + 1] if position + 1 < len(lines) else None
        if following is None or not _SENTENCE_END.search(line.text):
            continue
        is_short = cell_len(line.text) < _FULL_LINE * width
        if following.gap_before or is_short:
            paragraphs.append([])
    return [join_lines(paragraph) for paragraph in paragraphs]


def _draft(body: _Body, heading: Heading, section: str | None) -> Draft:
    return Draft(
        text=body.text,
        headline=heading.headline.text if heading.headline else None,
        kicker=heading.kicker.text if heading.kicker else None,
        authors=tuple(dict.fromkeys(body.authors)),
        section=section,
        kind=body.kind,
        lines=(body.lines[0].number, body.lines[-1].number),
    )


def _unattached(path: str, line: HeadlineLine) -> Skipped:
    return Skipped(
        f"{path}:{line.line}",
        f"标题「{line.text}」不属于任何文章 / headline fits no article on the page",
    )
