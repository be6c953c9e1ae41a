"""Cuts a page's lines into pieces: stretches of text, headings, captions, notices, furniture."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from embeddings.readers.bylines import cut_photo_credit, is_byline, split_photo_credit
from embeddings.readers.cleaning import REPLACEMENT, clean_text
from embeddings.readers.page import furniture
from embeddings.readers.page.lines import (
    LARGE,
    PageLine,
    column_width,
    ends_sentence,
    width_of,
)
from embeddings.readers.page.openings import AGENCY, CAPTION_START, LOCAL, MARK, opening_of

PieceKind = Literal["text", "heading", "caption", "notice", "masthead", "editors", "note"]

_CAPTION_MAX = 220
_HEADING_MAX = 40
_HEADINGS_MAX = 60
"""Characters of a headline's line, and of all lines that stand together, kicker included."""
_HEADING_LINES = 3
_SUBHEADING_MAX = 18
_SUBHEADING_SHARE = 0.75
_OPEN_SHARE = 0.8
"""A line that breaks off in a sentence fills its column at least so far."""
_CLOSING_MARKS = tuple("，。、；：？！”’）》」』")
_RUNNING_MARKS = "，。；"
"""No line of a masthead has them."""
_LOOSE = 3
"""Cells by which a full line may differ from its column's width."""
_MOST = 0.7
"""Share of stretches that end a sentence where gaps stand between paragraphs."""


@dataclass(slots=True)
class Piece:
    """Lines of a page that go together.

    Attributes:
        opens: What shows that an article begins here; empty where nothing does.
        why: What the kind was told from, in Chinese and English.
        tight: A heading without a gap before or after it.
        fills: A heading that could as well be a full line of the column around it.
    """

    kind: PieceKind
    lines: list[PageLine]
    why: str = ""
    opens: str = ""
    tight: bool = False
    fills: bool = False
    text: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a page is set.

    Attributes:
        indents: Paragraphs begin with white space.
        gaps: Paragraphs stand apart.
        marks: Articles open with marks or bylines, as far as can be told.
    """

    indents: bool
    gaps: bool
    marks: bool


def cut_pieces(lines: Sequence[PageLine]) -> list[Piece]:
    """Return the pieces of a page, in the order of their lines; each line is in one."""
    pieces: list[Piece] = []
    stretches = list(_stretches(lines))
    habits = _habits(stretches)
    for position, stretch in enumerate(stretches):
        following = next((s for s in stretches[position + 1 :] if not _caption(s, None)), None)
        pieces.extend(_pieces_of(stretch, pieces, following, habits))
    _mark_masthead(pieces)
    return pieces


def _habits(stretches: Sequence[list[PageLine]]) -> _Habits:
    lines = [line for stretch in stretches for line in stretch]
    indented = sum(line.text[:1].isspace() for line in lines)
    long = [stretch for stretch in stretches if len(stretch) > 2]
    ended = sum(ends_sentence(stretch[-1].text) for stretch in long)
    opened = sum(bool(opening_of(stretch[0].text, after=None)) for stretch in stretches)
    alone = sum(
        bool(_heading(stretch)) and not _fills(stretch, column_width(following))
        for stretch, following in pairwise(stretches)
    )
    return _Habits(
        indents=0.03 * len(lines) < indented < 0.7 * len(lines),
        gaps=ended > _MOST * len(long),
        marks=opened > 1 and opened > _MOST * max(alone, 1),
    )


def _stretches(lines: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """Cut at gaps and before lines that open an article or are furniture."""
    stretch: list[PageLine] = []
    for line in lines:
        if stretch and (line.gap_before or _parts(stretch[-1], line)):
            yield stretch
            stretch = []
        stretch.append(line)
    if stretch:
        yield stretch


def _parts(before: PageLine, line: PageLine) -> bool:
    if (line.size >= LARGE) != (before.size >= LARGE):
        return True
    if _is_furniture(line.text) or _is_furniture(before.text):
        return True
    if is_byline(before.text):
        return False
    return bool(opening_of(line.text, after=before.text))


@functools.lru_cache(maxsize=4096)
def _is_furniture(text: str) -> bool:
    return len(text) <= _HEADING_MAX and (furniture.is_note(text) or furniture.is_editors(text))


def _pieces_of(
    stretch: list[PageLine],
    before: Sequence[Piece],
    following: list[PageLine] | None,
    habits: _Habits,
) -> list[Piece]:
    first = stretch[0].text
    if furniture.is_note(first) and len(stretch) == 1:
        return [Piece("note", stretch, "转版提示 continuation note")]
    if furniture.is_editors(first) and len(stretch) == 1:
        return [Piece("editors", stretch, "编辑署名 editors' credit")]
    previous = before[-1] if before else None
    opens = opening_of(first, after=None)
    if not opens and (notice := _notice(stretch, previous)):
        return [notice]
    open_text = _open_text(before)
    if previous is not None and _is_credit(stretch):
        return _credited(stretch, previous)
    if caption := _caption(stretch, open_text, following):
        return [caption]
    if opens:
        return _text_and_headings(stretch, opens, following)
    if not any(piece.kind in {"text", "caption"} for piece in before) and _is_masthead(stretch):
        return [Piece("masthead", stretch, "报头 date or page number")]
    why = None if open_text is not None else _heading(stretch)
    if why and not (
        following and stretch[0].size < LARGE and _continues(stretch, previous, following, habits)
    ):
        fills = following is not None and _fills(stretch, column_width(following))
        return [Piece("heading", stretch, why, fills=fills and stretch[0].size < LARGE)]
    return _text_and_headings(stretch, "", following)


def _open_text(before: Sequence[Piece]) -> Piece | None:
    """Return the last text if its sentence goes on, and nothing but captions followed."""
    for piece in reversed(before):
        if piece.kind == "text":
            return piece if goes_on(piece.lines) else None
        if piece.kind == "heading":
            return None
    return None


def goes_on(lines: Sequence[PageLine]) -> bool:
    """Tell whether a text's last line breaks off in a sentence, filled to its column's width."""
    last = lines[-1]
    ending = "".join(line.text.strip() for line in lines[-2:])
    if _ends_text(last.text) or furniture.ends_in_note(ending):
        return False
    return width_of(last.text) >= _OPEN_SHARE * column_width(lines)


def _notice(stretch: list[PageLine], previous: Piece | None) -> Piece | None:
    text = "\n".join(line.text for line in stretch)
    if furniture.is_notice_title(stretch[0].text) and len(stretch) > 1:
        return Piece("notice", stretch, "启事或广告的标题 title of a notice")
    headed = previous is not None and (
        previous.kind == "notice" or furniture.is_notice_title(previous.text)
    )
    small = headed or (len(stretch) <= 4 and not ends_sentence(text))
    if small and len(text) < _CAPTION_MAX and furniture.has_notice_words(text):
        return Piece("notice", stretch, "电话、地址等 numbers to call")
    return None


def _is_credit(stretch: list[PageLine]) -> bool:
    text = "".join(line.text.strip() for line in stretch)
    return len(stretch) <= 2 and len(text) < _HEADING_MAX and bool(split_photo_credit(text))


def _credited(stretch: list[PageLine], previous: Piece) -> list[Piece]:
    """Add a credit that stands apart to the caption, or the article, above it."""
    if previous.kind not in {"text", "caption"}:
        return [Piece("caption", stretch, "摄影署名 photo credit")]
    previous.lines.extend(stretch)
    previous.text = "\n".join(line.text for line in previous.lines)
    if _caption(previous.lines, None):
        previous.kind, previous.why = "caption", "摄影署名 photo credit"
    return []


def _caption(
    stretch: list[PageLine], open_text: Piece | None, following: list[PageLine] | None = None
) -> Piece | None:
    """Return the caption that lines are, if they end with a photographer's credit.

    Where a sentence is broken off before them, they may as well be its end: then their setting
    tells, or that the text goes on below them.
    """
    text = "".join(line.text.strip() for line in stretch)
    opening = MARK.sub("", stretch[0].text)
    if len(text) > _CAPTION_MAX or LOCAL.match(opening) or AGENCY.match(opening):
        return None
    if not cut_photo_credit("\n".join(line.text for line in stretch[-2:]))[0]:
        return None
    if open_text is not None and not (
        _interrupts(stretch, open_text) or (following is not None and _is_running(following))
    ):
        return None
    return Piece("caption", stretch, "摄影署名 photo credit")


def _is_running(stretch: list[PageLine]) -> bool:
    """Tell whether lines can be nothing but the middle or the end of an article's text."""
    return not opening_of(stretch[0].text, after=None) and not _heading(stretch)


def _interrupts(stretch: list[PageLine], open_text: Piece) -> bool:
    """A caption in the middle of a sentence: its width or its first sign tells."""
    if CAPTION_START.match(stretch[0].text) or REPLACEMENT in stretch[0].text[:2]:
        return True
    ours, theirs = column_width(stretch), column_width(open_text.lines)
    return abs(ours - theirs) > 0.2 * max(ours, theirs, 1)


def _is_masthead(stretch: list[PageLine]) -> bool:
    """Tell whether lines above the first text are a masthead's: dates, numbers, a section."""
    if any(mark in line.text for line in stretch for mark in _RUNNING_MARKS):
        return False
    mastheads = [furniture.is_masthead(line.text) for line in stretch]
    return any(mastheads) and all(
        masthead or furniture.is_section(line.text)
        for masthead, line in zip(mastheads, stretch, strict=True)
    )


def _heading(stretch: list[PageLine]) -> str:
    """Return why a stretch can be a heading, nothing where it cannot."""
    if stretch[0].size >= LARGE:
        return "字号大 large type"
    text = clean_text("\n".join(line.text for line in stretch))
    if len(stretch) > _HEADING_LINES or len(text) < 2 or "。" in text:
        return ""
    if len(text) > _HEADINGS_MAX or any(len(part) > _HEADING_MAX for part in text.split("\n")):
        return ""
    if text[-1] in "，、：；" or text.count("，") > 2 or _unbalanced(text):
        return ""
    if ends_sentence(text) and (text[-1] not in "！？!?”…" or len(text) < 7):
        return ""
    return "独立短行 short line by itself"


def _unbalanced(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "“”", "《》"))


def _continues(
    stretch: list[PageLine],
    before: Piece | None,
    following: list[PageLine],
    habits: _Habits,
) -> bool:
    """A paragraph's first lines at the foot of a column look like a heading, but for width.

    They fill their lines, as a heading does by chance only, and text goes on after them.
    """
    if opening_of(following[0].text, after=None) or _notice(following, None):
        return False
    if following[0].text.lstrip()[:1] in _CLOSING_MARKS:
        return True
    above = before.kind if before is not None else ""
    among_headings = above == "heading" and bool(_heading(following))
    if habits.gaps and ends_sentence(stretch[-1].text) and not among_headings:
        return True
    if _heading(following) or _caption(following, None):
        return False
    near = [column_width(following)] if len(following) > 1 else []
    near += [column_width(before.lines)] if before is not None and above == "text" else []
    if not any(_fills(stretch, width) for width in near):
        return False
    if habits.indents:
        return stretch[0].text[:1].isspace() and not following[0].text[:1].isspace()
    # Most lines of running text hold a comma; most headlines none.
    return habits.marks or len(stretch) > 1 or "，" in stretch[0].text


def _fills(stretch: list[PageLine], width: int) -> bool:
    """Tell whether lines fill a column, the first but for an indent that may be lost."""
    widths = [width_of(line.text) for line in stretch]
    first = abs(widths[0] - width) <= _LOOSE or abs(widths[0] + 4 - width) <= _LOOSE
    return first and all(abs(found - width) <= _LOOSE for found in widths[1:])


def _text_and_headings(
    stretch: list[PageLine], opens: str, following: list[PageLine] | None
) -> list[Piece]:
    """Cut the headings out of a stretch of text: above it, below it, and inside it."""
    width = column_width(stretch)
    pieces: list[Piece] = []
    run: list[PageLine] = []
    last = len(stretch) - 1
    for position, line in enumerate(stretch):
        if 0 < position < last and _is_inner_heading(stretch, position, width):
            pieces.append(Piece("text", run, opens=opens))
            pieces.append(Piece("heading", [line], "段间短行 short line", tight=True))
            run, opens = [], ""
            continue
        run.append(line)
    trailing = _trailing(run, following)
    if trailing:
        run = run[: -len(trailing)]
    if run:
        pieces.append(Piece("text", run, opens=opens))
    if trailing:
        pieces.append(Piece("heading", trailing, "文末短行 short lines below", tight=True))
    return [piece for piece in pieces if piece.lines]


def _is_inner_heading(stretch: list[PageLine], position: int, width: int) -> bool:
    before, line = stretch[position - 1], stretch[position]
    if line.size >= LARGE:
        return True
    if width_of(line.text) > _SUBHEADING_SHARE * width or not ends_sentence(before.text):
        return False
    text = clean_text(line.text)
    return (
        2 <= len(text) <= _SUBHEADING_MAX
        and not ends_sentence(text)
        and text[-1] not in "，、；："
        and not cut_photo_credit(line.text)[0]
    )


def _trailing(run: list[PageLine], following: list[PageLine] | None) -> list[PageLine]:
    """Return the lines below the last sentence, if an article's end is what follows."""
    if following is not None and not opening_of(following[0].text, after=None):
        return []
    count = 0
    while count < min(_HEADING_LINES, len(run) - 1) and not _ends_text(run[-1 - count].text):
        count += 1
    if not count or not _ends_text(run[-1 - count].text):
        return []
    lines = run[-count:]
    return lines if all(len(clean_text(line.text)) <= _HEADING_MAX for line in lines) else []


def _ends_text(line: str) -> bool:
    return ends_sentence(furniture.without_notes(line)) or bool(cut_photo_credit(line)[0])


def _mark_masthead(pieces: list[Piece]) -> None:
    """Give short headings above the first text, and dated lines below the last, to the masthead."""
    bodies = [i for i, piece in enumerate(pieces) if piece.kind in {"text", "caption"}]
    first, last = (bodies[0], bodies[-1]) if bodies else (len(pieces), -1)
    for position, piece in enumerate(pieces):
        if piece.kind != "heading":
            continue
        parts = [line.text for line in piece.lines]
        if all(map(furniture.is_masthead if position > last else furniture.is_running_head, parts)):
            piece.kind, piece.why = "masthead", "报头 date or page number"
        elif position < first and all(map(furniture.is_section, parts)):
            piece.kind, piece.why = "masthead", "首篇之前的短行 short line above all articles"
