"""Prints known stories as newspaper pages, with two producers of PDF.

The plan of a page (boxes on a grid of columns, headlines across them) is common; reportlab draws
lines that are broken here, with a font that is not embedded; typst breaks lines itself and embeds
Noto. A page is a pure function of its seed and its stories.
"""

import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.stories import Story

BODY, LEADING = 9.0, 13.5
GUTTER = 14.0
MARGIN = 40.0
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙", "伟芳娜敏静丽强磊军洋勇艳杰娟"
_SECTIONS = ("要闻", "综合新闻", "民生新闻", "城乡建设")
_UNBREAKABLE = re.compile(r"[A-Za-z,.-]{16,}")
"""Latin words that lost their spaces: no producer can set them in a narrow column."""
_NO_LINE_START = "，。、；：？！”’）》」』%"


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as printed."""

    story: Story
    headline: str
    kicker: str | None
    byline: str
    author: str

    @property
    def paragraphs(self) -> list[str]:
        first, *rest = self.story.paragraphs
        return [self.byline + first, *rest]


@dataclass(slots=True)
class Box:
    """Articles that flow through some columns; the first one's headline stands over all."""

    pieces: list[Piece]
    first: int
    columns: int
    top: float = 0.0
    height: float = 0.0
    size: float = 22.0


@dataclass(slots=True)
class Sheet:
    """The plan of a page; lengths in points from its top left corner."""

    boxes: list[Box]
    grid: int
    column: float
    masthead: str
    date: str
    section: str
    height: float = 0.0
    pieces: list[Piece] = field(default_factory=list)

    @property
    def width(self) -> float:
        return 2 * MARGIN + self.grid * self.column + (self.grid - 1) * GUTTER

    def left(self, column: int) -> float:
        return MARGIN + column * (self.column + GUTTER)

    def span(self, columns: int) -> float:
        return columns * self.column + (columns - 1) * GUTTER


def plan(stories: Sequence[Story], grid: int, seed: int) -> Sheet:
    """Return a page of 3 to 7 stories on a grid of this many columns."""
    rng = random.Random(f"{grid}-{seed}")
    fitting = [story for story in stories if not _UNBREAKABLE.search(story.text)]
    pieces = [_piece(story, rng) for story in rng.sample(fitting, rng.randint(3, 7))]
    day, section = rng.randint(1, 28), rng.choice(_SECTIONS)
    masthead = f"2023年7月{day}日　第{rng.randint(1, 8)}版　{section}"
    sheet = Sheet(
        [], grid, rng.choice((12, 14, 16)) * BODY, masthead, f"2023-07-{day:02d}", section
    )
    sheet.pieces = pieces
    left = list(pieces)
    bands: list[list[Box]] = []
    if rng.random() < 0.3:
        bands.append([Box(left, 0, grid)])
        left = []
    while left:
        if len(left) > 1 and rng.random() < 0.6:
            split = rng.randint(1, grid - 1) if grid > 2 else 1
            bands.append([Box([left.pop(0)], 0, split), Box([left.pop(0)], split, grid - split)])
        else:
            bands.append([Box([left.pop(0)], 0, grid)])
    top = MARGIN + 30.0
    for band in bands:
        for box in band:
            box.top = top
            box.size = rng.choice((16.0, 20.0, 24.0))
            box.height = _height(box, sheet)
        height = max(box.height for box in band)
        for box in band:
            box.height = height
        top += height + 16.0
        sheet.boxes += band
    sheet.height = top + MARGIN
    return sheet


def _piece(story: Story, rng: random.Random) -> Piece:
    author = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
    clause = story.paragraphs[-1].split("，")[0].strip("“”。")[:10]
    kicker = f"{clause}会议要求" if rng.random() < 0.15 and len(clause) > 4 else None
    return Piece(story, story.headline, kicker, f"本报讯（记者 {author}）", author)


def _heading(box: Box, sheet: Sheet) -> list[tuple[str, float]]:
    """The lines over a box, each with its size."""
    piece, width = box.pieces[0], sheet.span(box.columns)
    kicker = [(line, 12.0) for line in wrap(piece.kicker or "", width, 12.0)]
    return kicker + [(line, box.size) for line in wrap(piece.headline, width, box.size)]


def _inside(box: Box, sheet: Sheet) -> list[tuple[str, float, float]]:
    """The lines of a box's columns: text, size, indent."""
    lines: list[tuple[str, float, float]] = []
    for number, piece in enumerate(box.pieces):
        if number:
            lines.append(("", BODY, 0.0))
            lines += [(line, 13.0, 0.0) for line in wrap(piece.headline, sheet.column, 13.0)]
        for paragraph in piece.paragraphs:
            for at, line in enumerate(wrap(paragraph, sheet.column, BODY, indent=2 * BODY)):
                lines.append((line, BODY, 0.0 if at else 2 * BODY))
    return lines


def _heading_height(box: Box, sheet: Sheet) -> float:
    return sum(size * 1.3 for _, size in _heading(box, sheet)) + 6.0


def _height(box: Box, sheet: Sheet) -> float:
    lines = sum(max(1.0, size / BODY * 1.05) for _, size, _ in _inside(box, sheet))
    return _heading_height(box, sheet) + (lines / box.columns + 3) * LEADING


def wrap(text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
    """Cut a paragraph into lines; closing punctuation takes the character before along."""
    lines: list[str] = []
    line, room = "", width - indent
    for character in text:
        if room < _advance(character, size) and line:
            kept = line
            while character[0] in _NO_LINE_START and len(kept) > 1:
                kept, character = kept[:-1], kept[-1] + character
            lines.append(kept)
            line, room = "", width
        line += character
        room -= sum(_advance(c, size) for c in character)
    return [*lines, line] if line else lines


def _advance(character: str, size: float) -> float:
    return size if character[0] > "\u02ff" or character in "“”‘’—…·" else size * 0.6


def with_reportlab(sheet: Sheet) -> bytes:
    """Draw the page line by line, lines spread to their column's width."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(sheet.width, sheet.height))

    def draw(text: str, x: float, y: float, size: float, width: float = 0.0) -> None:
        line = canvas.beginText(x, sheet.height - y - size)
        line.setFont(font, size)
        spare = width - pdfmetrics.stringWidth(text, font, size)
        spread = width and 0 < spare < 2 * size and len(text) > 1
        line.setCharSpace(spare / (len(text) - 1) if spread else 0)
        line.textLine(text)
        canvas.drawText(line)

    draw(sheet.masthead, MARGIN, MARGIN - 10, 10.0)
    for box in sheet.boxes:
        y = box.top
        for text, size in _heading(box, sheet):
            draw(text, sheet.left(box.first), y, size)
            y += size * 1.3
        y += 6.0
        start, column, floor = y, 0, box.top + box.height
        lines = _inside(box, sheet)
        per_column = -(-sum(max(1.0, s / BODY * 1.05) for _, s, _ in lines) // box.columns)
        floor = min(floor, start + (per_column + 1) * LEADING)
        for text, size, indent in lines:
            step = LEADING * max(1.0, size / BODY * 1.05)
            # A headline is not left alone at a column's foot.
            needed = step if text else 8 * LEADING
            if y + needed > floor and column + 1 < box.columns:
                y, column = start, column + 1
            x = sheet.left(box.first + column)
            draw(text, x + indent, y, size, sheet.column - indent if size == BODY else 0.0)
            y += step
    canvas.save()
    return out.getvalue()


def with_typst(sheet: Sheet) -> bytes:
    """Let typst set each box in its columns."""
    import typst

    parts = [
        f"#set page(width: {sheet.width}pt, height: {sheet.height + 400}pt, margin: 0pt)",
        '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), lang: "zh", region: "cn", '
        f"size: {BODY}pt)",
        f"#set par(justify: true, leading: {LEADING - BODY}pt, spacing: {LEADING - BODY}pt, "
        "first-line-indent: (amount: 2em, all: true))",
        "#let head(size, body) = block(above: 4pt, below: 6pt, par(first-line-indent: 0pt, "
        'justify: false, leading: size * 0.45, text(size: size, weight: "bold", body)))',
        f"#place(dx: {MARGIN}pt, dy: {MARGIN - 10}pt, {_quoted(sheet.masthead)})",
    ]
    for box in sheet.boxes:
        piece = box.pieces[0]
        heads = [f"#head(12pt, {_quoted(piece.kicker)})"] if piece.kicker else []
        heads.append(f"#head({box.size}pt, {_quoted(piece.headline)})")
        inside: list[str] = []
        for number, other in enumerate(box.pieces):
            if number:
                inside.append(f"#head(13pt, {_quoted(other.headline)})")
            inside += [f"#par({_quoted(paragraph)})" for paragraph in other.paragraphs]
        height = box.height - _heading_height(box, sheet)
        parts.append(
            f"#place(dx: {sheet.left(box.first)}pt, dy: {box.top}pt, "
            f"block(width: {sheet.span(box.columns)}pt)[{' '.join(heads)} "
            f"#block(height: {height}pt, columns({box.columns}, gutter: {GUTTER}pt)["
            f"{' '.join(inside)}])])"
        )
    return typst.compile("\n".join(parts).encode())


def _quoted(text: str | None) -> str:
    return '"' + (text or "").replace("\\", "\\\\").replace('"', '\\"') + '"'


PRODUCERS = {"reportlab": with_reportlab, "typst": with_typst}
