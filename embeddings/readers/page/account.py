"""Tells of a page which line went where, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.readers.draft import Draft, Reading
from embeddings.readers.page.articles import reading_of
from embeddings.readers.page.bodies import Layout, lay_out
from embeddings.readers.page.headlines import clean_parts
from embeddings.readers.page.lines import PageLine
from embeddings.readers.page.pieces import Piece, cut_pieces

_ROLES = {
    "masthead": "报头 masthead",
    "editors": "编辑 editors",
    "note": "转版 note",
    "notice": "启事 notice",
}


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What became of one line.

    Attributes:
        line: Its number in the file, from 1.
        text: As extracted.
        role: What it was taken for, in Chinese and English.
        item: Number of the item it went to, from 1; None where it went to none.
        why: What that was told from, in Chinese and English; may be empty.
    """

    line: int
    text: str
    role: str
    item: int | None
    why: str


def account_of(lines: Sequence[PageLine], path: str) -> tuple[Reading, list[LineAccount]]:
    """Return a page's reading, and what became of each line, in the order of the lines."""
    layout = lay_out(cut_pieces([line for line in lines if line.text.strip()]))
    reading = reading_of(layout, path)
    found = [*_bodies(layout, reading), *_headings(layout, reading)]
    for piece in layout.aside:
        found += _lines(piece, _ROLES[piece.kind], None, piece.why)
    return reading, sorted(found, key=lambda account: account.line)


def _bodies(layout: Layout, reading: Reading) -> list[LineAccount]:
    numbers = {draft.lines: number for number, draft in enumerate(reading.drafts, start=1)}
    found: list[LineAccount] = []
    for body in layout.bodies:
        first, last = body.pieces[0].lines[0], body.pieces[-1].lines[-1]
        item = numbers.get((first.number, last.number))
        for position, piece in enumerate(body.pieces):
            role = "图片 caption" if body.photo else "正文 body"
            if piece.kind == "heading":
                role = "小标题 subheading"
            why = body.why if position == 0 else piece.why or "接上文 goes on"
            found += _lines(piece, role, item, why)
    return found


def _headings(layout: Layout, reading: Reading) -> list[LineAccount]:
    found: list[LineAccount] = []
    for piece, _ in layout.headings:
        for lines, text in clean_parts(piece.lines):
            role, item = _place(text, reading.drafts)
            why = "内容最近 shares rare words" if item else "无法判定 cannot be decided"
            found += _lines(Piece("heading", lines), role, item, f"{piece.why}；{why}")
    return found


def _place(text: str, drafts: Sequence[Draft]) -> tuple[str, int | None]:
    for number, draft in enumerate(drafts, start=1):
        if draft.headline == text:
            return "标题 headline", number
        if draft.kicker == text:
            return "引题 kicker", number
    return "未归属 unattached", None


def _lines(piece: Piece, role: str, item: int | None, why: str) -> list[LineAccount]:
    return [
        LineAccount(line.number, line.text.strip(), role, item, why if position == 0 else "")
        for position, line in enumerate(piece.lines)
    ]
