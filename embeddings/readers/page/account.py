"""Tells of a page which line went where, and why."""

from collections.abc import Sequence

from embeddings.readers.draft import Draft, LineAccount, Reading
from embeddings.readers.page.bodies import Layout
from embeddings.readers.page.headlines import clean_parts
from embeddings.readers.page.pieces import Piece

_ROLES = {
    "masthead": "报头 masthead",
    "editors": "编辑 editors",
    "note": "转版 note",
    "notice": "启事 notice",
}


def accounts_of(layout: Layout, reading: Reading) -> tuple[LineAccount, ...]:
    """Return what became of each line of a page, in the order of the lines."""
    found = [*_bodies(layout, reading), *_headings(layout, reading)]
    for piece in layout.aside:
        found += _lines(piece, _ROLES[piece.kind], None, piece.why)
    return tuple(sorted(found, key=lambda account: account.line))


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
            near = (
                "内容或位置 words or place" if lines[0].size > 1 else "内容最近 shares rare words"
            )
            why = near if item else "无法判定 cannot be decided"
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
