"""Puts the pieces of text of a page, known by their places, into reading order.

Lines are joined into blocks: pieces of one column, or headlines of one size. The page is then
cut where white space runs through it, first down (columns, left before right), then across;
what cannot be cut is ordered by who stands above or left of whom. Last, a block that begins in
the middle of a sentence is moved behind the one that stops in the middle of one.
"""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.readers.page import PageLine


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text on one line. Coordinates in any unit, ``y`` growing downwards.

    Attributes:
        size: Type size in the same unit.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


GUTTER = 0.6
"""Narrowest space between columns, in ems of body text."""
SAME_SIZE = 1.12
"""Sizes that differ by less are one size: rendering and OCR are not exact."""
_SAME_LINE = 0.5
"""Spans whose middles are nearer than this share of the smaller size stand on one line."""
_LINE_GAP = 1.1
"""Widest space between lines of a block, in ems of their own size."""
_WIDE_SPACE = 2.5
"""Widest space inside a line that is loosely set, in ems."""
_SHORTEST = 4
"""Ems of body text that every line is taken to reach, in comparing it with its neighbours."""
_VISIBLE_GAP = 1.6
"""How many times its block's usual line distance makes a gap one sees."""
_INDENT = 1.2
_MARGIN_BAND = 0.09
"""Most of the page's height that a running head or foot takes."""
_VERTICAL = 3
"""Least number of lines of one character that are a line set vertically."""
_HEADLINE_MAX = 80
"""Most characters of large type that are one headline on several lines."""
_MAX_DEPTH = 40
_MAX_CHOICES = 24
"""Cuts within cuts of which more than one way is tried."""
_MAX_BLOCKS = 200
"""Most blocks for which that is done; a page has some dozens."""

_SENTENCE_END = re.compile(r"[。！？!?…；;：:][”’」』）)]*$")
_COMMA_OR_STOP = re.compile(r"[，。、；：]")
_MIDDLE = re.compile(r"^[，。、；：！？）”’》」』]")
_OPENING = re.compile(r"^\s*(?:本\s*报|[□■●▲◆◇★☆\ufffd]|新华社|据)")


@dataclass(slots=True)
class _Block:
    """Lines of one column; each line is one or more spans, left to right."""

    lines: list[list[Span]]
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        return "".join(span.text for line in self.lines for span in line)


def page_lines(spans: Sequence[Span]) -> list[PageLine]:
    """Return the lines of a page in reading order, numbered from 1.

    ``size`` is relative to the size that most characters have. A headline is one line however
    many it is printed on. ``gap_before`` is false where text goes on in the next column.
    """
    spans = [span for span in spans if span.text.strip()]
    if not spans:
        return []
    body = _body_size(spans)
    found = _blocks(_mended(spans, body), body)
    edges = tuple(block.left for block in found if len(block.lines) > 2)
    ends = _Ends(body, _uses_indents(found, body), edges)
    blocks = _continue_sentences(_in_order(found, ends), ends)
    lines: list[PageLine] = []
    previous: _Block | None = None
    for block in blocks:
        goes_on = previous is not None and _goes_on(previous, block)
        previous = block
        size = 1.0 if _same_size(block.size, body) else round(block.size / body, 2)
        if _is_vertical(block) or (size > 1 and len(block.text) <= _HEADLINE_MAX):
            rows = [(_joined(block), True)]
        else:
            gaps = _gaps(block)
            gaps[0] = not goes_on
            rows = list(zip(map(_text, block.lines), gaps, strict=True))
        for text, gap in rows:
            lines.append(PageLine(len(lines) + 1, text, gap, size))
    return lines


def _body_size(spans: Sequence[Span]) -> float:
    """Return the size of the middle character when all are sorted by size."""
    ordered = sorted((span.size, len(span.text)) for span in spans)
    half = sum(count for _, count in ordered) / 2
    for size, count in ordered:
        half -= count
        if half <= 0:
            return max(size, 1e-6)
    return max(ordered[-1][0], 1e-6)


def _text(line: Sequence[Span]) -> str:
    return " ".join(span.text.strip() for span in line)


def _is_vertical(block: _Block) -> bool:
    return len(block.lines) >= _VERTICAL and all(len(_text(line)) == 1 for line in block.lines)


def _joined(block: _Block) -> str:
    """Return a headline as one line; one that breaks early has two phrases."""
    text = _text(block.lines[0])
    for above, line in pairwise(block.lines):
        breaks_early = above[-1].right < block.right - 0.8 * block.size
        text += (" " if breaks_early and not _is_vertical(block) else "") + _text(line)
    return text


# --- lines to blocks -------------------------------------------------------------------------


def _mended(spans: Sequence[Span], body: float) -> list[Span]:
    """Join pieces of lines that a wide space parts, as in loosely justified columns.

    Between columns the space goes on above or below; inside a line it is covered there.
    """
    ordered = sorted(spans, key=lambda span: (span.top, span.left))
    whole: list[Span] = []
    taken: set[int] = set()
    for i, span in enumerate(ordered):
        if i in taken:
            continue
        while (j := _next_on_line(ordered, i, span, taken)) is not None:
            other = ordered[j]
            if not _covered(ordered, i, span, other, body):
                break
            taken.add(j)
            span = Span(
                f"{span.text} {other.text}",
                span.left,
                min(span.top, other.top),
                max(span.right, other.right),
                max(span.bottom, other.bottom),
                span.size,
            )
        whole.append(span)
    return whole


def _next_on_line(ordered: Sequence[Span], i: int, span: Span, taken: set[int]) -> int | None:
    """Return the span next on the right, if it is near and of the same size."""
    near: int | None = None
    for j in (*_around(ordered, i, span.size, -1), *_around(ordered, i, span.size, 1)):
        other = ordered[j]
        follows = j not in taken and other.left > span.left and _on_one_line(span, other)
        if follows and (near is None or other.left < ordered[near].left):
            near = j
    if near is None:
        return None
    other = ordered[near]
    is_near = other.left - span.right < _WIDE_SPACE * span.size
    return near if is_near and _same_size(span.size, other.size) else None


def _covered(ordered: Sequence[Span], i: int, span: Span, other: Span, body: float) -> bool:
    """Tell whether the lines above and below cover the space between two spans."""
    middle, reach = (span.right + other.left) / 2, 2.2 * span.size
    covers: list[bool] = []
    for step in (-1, 1):
        level = [
            ordered[j]
            for j in _around(ordered, i, reach, step)
            if _same_size(ordered[j].size, span.size)
            and not _on_one_line(ordered[j], span)
            and ordered[j].left < other.right
            and ordered[j].right > span.left
        ]
        nearest = min((abs(line.top - span.top) for line in level), default=0.0)
        level = [line for line in level if abs(line.top - span.top) < nearest + 0.3 * body]
        covers += [
            any(
                line.left < middle - 0.5 * body and line.right > middle + 0.5 * body
                for line in level
            )
            for _ in level[:1]
        ]
    return bool(covers) and all(covers)


def _around(ordered: Sequence[Span], i: int, reach: float, step: int) -> Iterator[int]:
    """Yield the spans that begin at most ``reach`` higher or lower than one."""
    j = i + step
    while 0 <= j < len(ordered) and abs(ordered[j].top - ordered[i].top) <= reach:
        yield j
        j += step


def _blocks(spans: Sequence[Span], body: float) -> list[_Block]:
    """Chain each line to the one below it that belongs to the same column."""
    spans = sorted(spans, key=lambda span: (span.top, span.left))
    below = [
        [j for j in _neighbours(spans, i, body) if _same_size(spans[i].size, spans[j].size)]
        for i in range(len(spans))
    ]
    above: list[list[int]] = [[] for _ in spans]
    for i, found in enumerate(below):
        for j in found:
            above[j].append(i)
    follows: dict[int, int] = {}
    for i, found in enumerate(below):
        nearest = _only_column(spans, found, body)
        if nearest is None or _only_column(spans, above[nearest], body, upwards=True) != i:
            continue
        follows[i] = nearest
    blocks: list[_Block] = []
    for i in sorted(set(range(len(spans))) - set(follows.values())):
        chain = [i]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        blocks.append(_block([[spans[k]] for k in chain]))
    return _absorbed(blocks)


def _absorbed(blocks: list[_Block]) -> list[_Block]:
    """Put blocks that lie inside others into their lines: wide spaces part a line in pieces."""
    kept: list[_Block] = []
    for block in sorted(blocks, key=lambda b: (b.left - b.right) * (b.bottom - b.top)):
        around = next((other for other in kept if _lies_in(block, other)), None)
        if around is None:
            kept.append(block)
            continue
        for line in block.lines:
            _insert(around.lines, line)
    return kept


def _lies_in(block: _Block, other: _Block) -> bool:
    slack = 0.3 * other.size
    return (
        block.left > other.left - slack
        and block.right < other.right + slack
        and block.top > other.top - slack
        and block.bottom < other.bottom + slack
        and block.size < SAME_SIZE * other.size
    )


def _insert(lines: list[list[Span]], line: list[Span]) -> None:
    for other in lines:
        if _on_one_line(other[0], line[0]):
            other.extend(line)
            other.sort(key=_left)
            return
    lines.append(line)
    lines.sort(key=lambda spans: spans[0].top)


def _neighbours(spans: Sequence[Span], i: int, body: float) -> list[int]:
    """Return the spans directly below one, that nothing stands between."""
    a = spans[i]
    reach = a.bottom + _LINE_GAP * max(a.size, body)
    found: list[int] = []
    for j in range(i + 1, len(spans)):
        b = spans[j]
        if b.top > reach:
            break
        if not _stand_over(a, b, body) or _on_one_line(a, b):
            continue
        hidden = any(
            _stand_over(spans[k], b, body) and not _on_one_line(spans[k], b) for k in found
        )
        if not hidden:
            found.append(j)
    return found


def _stand_over(a: Span, b: Span, body: float) -> bool:
    """Tell whether two spans share a column: the end of a paragraph may be one character."""
    least = _SHORTEST * body
    return a.left < max(b.right, b.left + least) and b.left < max(a.right, a.left + least)


def _same_size(a: float, b: float) -> bool:
    return max(a, b) < SAME_SIZE * min(a, b)


def _on_one_line(a: Span, b: Span) -> bool:
    distance = abs((a.top + a.bottom) / 2 - (b.top + b.bottom) / 2)
    return distance < _SAME_LINE * min(a.size, b.size)


def _only_column(
    spans: Sequence[Span], found: Sequence[int], body: float, upwards: bool = False
) -> int | None:
    """Return the nearest of some neighbours; None where they stand in several columns."""
    if not found:
        return None
    edges = sorted((spans[j].left, spans[j].right) for j in found)
    right = edges[0][1]
    for left, next_right in edges[1:]:
        if left - right > GUTTER * body:
            return None
        right = max(right, next_right)
    nearest = max if upwards else min
    return nearest(found, key=lambda j: (spans[j].bottom if upwards else spans[j].top, -j))


def _block(lines: list[list[Span]]) -> _Block:
    spans = [span for line in lines for span in line]
    return _Block(
        lines,
        min(span.left for span in spans),
        min(span.top for span in spans),
        max(span.right for span in spans),
        max(span.bottom for span in spans),
        statistics.median(span.size for span in spans),
    )


def _gaps(block: _Block) -> list[bool]:
    """Tell for each line whether a gap stands before it."""
    tops = [min(span.top for span in line) for line in block.lines]
    steps = [b - a for a, b in pairwise(tops)]
    usual = statistics.median(steps) if steps else 0.0
    return [True, *(step > _VISIBLE_GAP * usual for step in steps)]


# --- blocks to reading order -----------------------------------------------------------------


def _in_order(blocks: list[_Block], ends: "_Ends") -> list[_Block]:
    """Set running heads and feet apart, then cut the page."""
    top = min(block.top for block in blocks)
    bottom = max(block.bottom for block in blocks)
    band = _MARGIN_BAND * (bottom - top)
    head, rest = _split_band(blocks, top + band, ends.body)
    rest, foot = _split_band(rest, bottom - band, ends.body, foot=True)
    return [*_rows(head), *_cut(rest, ends, {}), *_rows(foot)]


def _split_band(
    blocks: list[_Block], edge: float, body: float, foot: bool = False
) -> tuple[list[_Block], list[_Block]]:
    """Split at the widest clear gap beyond ``edge``, if one is wider than between lines."""
    rows = sorted(blocks, key=lambda block: block.top)
    best, widest = 0, 1.2 * body
    lowest = float("-inf")
    for i, block in enumerate(rows):
        gap = block.top - lowest
        inside = lowest >= edge if foot else block.top <= edge and lowest <= edge
        if i and inside and gap > widest:
            best, widest = i, gap
        lowest = max(lowest, block.bottom)
    few = rows[best:] if foot else rows[:best]
    if best == 0 or any(len(block.lines) > 3 for block in few):
        return (blocks, []) if foot else ([], blocks)
    return rows[:best], rows[best:]


def _rows(blocks: list[_Block]) -> list[_Block]:
    """Order a few short blocks as one reads lines: from the top, each from the left."""
    return [block for row in _bands(blocks) for block in sorted(row, key=lambda b: b.left)]


def _cut(
    blocks: list[_Block], ends: "_Ends", known: dict[frozenset[int], list[_Block]], depth: int = 0
) -> list[_Block]:
    """Cut in the way that breaks off fewest sentences; the first of the ways where equal.

    Args:
        blocks: What is to be ordered.
        ends: Tells how blocks begin and end.
        known: The order of those blocks that were cut before: different ways of cutting lead
            to the same parts.
        depth: Cuts above this one.
    """
    if len(blocks) <= 1:
        return blocks
    key = frozenset(map(id, blocks))
    if key not in known:
        one_line = _one_line(blocks, ends.body)
        known[key] = [one_line] if one_line else _best_cut(blocks, ends, known, depth)
    return known[key]


def _best_cut(
    blocks: list[_Block], ends: "_Ends", known: dict[frozenset[int], list[_Block]], depth: int
) -> list[_Block]:
    ways = _ways(blocks, ends.body)
    if depth > _MAX_DEPTH or (not ways and len(blocks) > _MAX_BLOCKS):
        return sorted(blocks, key=lambda block: (block.top, block.left))
    if not ways:
        return _topological(blocks)
    if depth > _MAX_CHOICES or len(blocks) > _MAX_BLOCKS:
        ways = ways[-1:]
    orders = [
        [block for part in parts for block in _cut(part, ends, known, depth + 1)] for parts in ways
    ]
    return min(orders, key=ends.broken)


def _ways(blocks: list[_Block], body: float) -> list[list[list[_Block]]]:
    """Return how blocks can be cut: above headlines, below what is on top, or into columns.

    Above headlines is tried first, since columns that end together are mostly those of one
    article; but white space may also run across where headlines of two columns happen to meet.
    """
    bands = _bands(blocks)
    columns = _parts(blocks, [(b.left, b.right) for b in blocks], GUTTER * body)
    stories = _under_headlines(bands, body)
    top = [bands[0], [block for band in bands[1:] for block in band]]
    ways = [stories, columns] if len(columns) > 1 else [stories, top, bands]
    return [parts for parts in ways if len(parts) > 1 and all(parts)]


def _under_headlines(bands: list[list[_Block]], body: float) -> list[list[_Block]]:
    """Join bands so that each but the first begins with a headline."""
    joined: list[list[_Block]] = []
    for band in bands:
        above = joined[-1] if joined else []
        is_headline = min(band, key=lambda b: b.top).size > SAME_SIZE * body
        if above and not (is_headline and any(b.size < SAME_SIZE * body for b in above)):
            above.extend(band)
        else:
            joined.append(list(band))
    return joined


def _one_line(blocks: list[_Block], body: float) -> _Block | None:
    """Join what stands alone on one line and is large: a headline in two phrases."""
    spans = sorted((span for b in blocks for line in b.lines for span in line), key=_left)
    if any(len(block.lines) > 1 for block in blocks) or spans[0].size < SAME_SIZE * body:
        return None
    together = all(_on_one_line(a, b) and b.left - a.right < 3 * a.size for a, b in pairwise(spans))
    return _block([spans]) if together else None


def _left(span: Span) -> float:
    return span.left


def _bands(blocks: list[_Block]) -> list[list[_Block]]:
    # Type of one line may reach a little into the next.
    return _parts(blocks, [(b.top + 0.15 * b.size, b.bottom - 0.15 * b.size) for b in blocks], 0.0)


def _parts(
    blocks: list[_Block], extents: list[tuple[float, float]], gap: float
) -> list[list[_Block]]:
    """Split where no block is over more than ``gap``."""
    order = sorted(range(len(blocks)), key=lambda i: extents[i])
    parts: list[list[_Block]] = []
    end = float("-inf")
    for i in order:
        low, high = extents[i]
        if not parts or low - end > gap:
            parts.append([])
        parts[-1].append(blocks[i])
        end = max(end, high)
    return parts


def _topological(blocks: list[_Block]) -> list[_Block]:
    """Order blocks so that each comes after those above it and left of it.

    A block left of another comes first unless a third stands between them over both, as a
    headline does over two columns.
    """
    blocks = sorted(blocks, key=lambda block: (block.left, block.top))
    before = [
        [j for j, b in enumerate(blocks) if j != i and _comes_before(b, a, blocks)]
        for i, a in enumerate(blocks)
    ]
    ordered: list[_Block] = []
    state = [0] * len(blocks)
    stack = list(reversed(range(len(blocks))))
    while stack:
        i = stack[-1]
        if state[i] == 0:
            state[i] = 1
            stack.extend(j for j in reversed(before[i]) if state[j] == 0)
            continue
        stack.pop()
        if state[i] == 1:
            state[i] = 2
            ordered.append(blocks[i])
    return ordered


def _comes_before(a: _Block, b: _Block, blocks: Sequence[_Block]) -> bool:
    if _overlap(a, b):
        return (a.top, a.left) < (b.top, b.left)
    if a.left > b.left:
        return False
    low, high = min(a.bottom, b.bottom), max(a.top, b.top)
    return not any(
        low <= c.top and c.bottom <= high and _overlap(c, a) and _overlap(c, b) for c in blocks
    )


def _overlap(a: _Block, b: _Block) -> bool:
    return a.left < b.right and b.left < a.right


# --- sentences across columns ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ends:
    """Tells how blocks begin and end.

    Attributes:
        body: Size of the page's body text.
        indented: Whether its paragraphs begin indented.
        edges: Left edges of its columns.
    """

    body: float
    indented: bool
    edges: tuple[float, ...]

    def is_running(self, block: _Block) -> bool:
        is_body = _same_size(block.size, self.body)
        return is_body and bool(_COMMA_OR_STOP.search(block.text))

    def breaks_off(self, block: _Block) -> bool:
        """Tell whether a block stops in the middle of a sentence."""
        long_enough = len(block.lines) > 1 and self.is_running(block)
        return long_enough and not _SENTENCE_END.search(_text(block.lines[-1]))

    def starts_midway(self, block: _Block) -> bool:
        """Tell whether a block begins with what can only go on."""
        first = _text(block.lines[0])
        if not self.is_running(block) or _OPENING.match(first):
            return False
        if _MIDDLE.match(first):
            return True
        if not self.indented:
            return False
        start = block.lines[0][0].left
        if len(block.lines) < 2:
            return any(abs(start - edge) < 0.5 * self.body for edge in self.edges)
        return start - block.left < _INDENT * self.body

    def broken(self, blocks: Sequence[_Block]) -> int:
        """Count the sentences that break off, or begin midway, in this order of blocks."""
        count = 0
        goes_on = False
        for block in blocks:
            count += goes_on != self.starts_midway(block)
            goes_on = self.breaks_off(block)
        return count + goes_on


def _continue_sentences(blocks: list[_Block], ends: _Ends) -> list[_Block]:
    """Move each block that goes on with a sentence behind the block that broke it off.

    Only where both are alone: what breaks off is followed by a headline or a new paragraph,
    what goes on stands behind a finished sentence.
    """
    ordered = list(blocks)
    for _ in range(len(blocks)):
        move = _next_move(ordered, ends)
        if move is None:
            return ordered
        target, source = move
        ordered.insert(target + 1, ordered.pop(source))
    return ordered


def _next_move(blocks: list[_Block], ends: _Ends) -> tuple[int, int] | None:
    starts = [ends.starts_midway(block) for block in blocks]
    stops = [ends.breaks_off(block) for block in blocks]
    for i in range(len(blocks) - 1):
        if not stops[i] or starts[i + 1]:
            continue
        for j in range(i + 2, len(blocks)):
            if starts[j] and not stops[j - 1]:
                return i, j
    return None


def _uses_indents(blocks: Sequence[_Block], body: float) -> bool:
    """Tell whether paragraphs begin indented on this page."""
    after_sentence = [
        line[0].left - block.left > _INDENT * body
        for block in blocks
        for above, line in pairwise(block.lines)
        if _SENTENCE_END.search(_text(above)) and above[-1].right < block.right - body
    ]
    return sum(after_sentence) > 0.7 * len(after_sentence) if after_sentence else False


def _goes_on(previous: _Block, block: _Block) -> bool:
    """Tell whether text goes on from one block to the next, in another column or the same."""
    if not _same_size(previous.size, block.size):
        return False
    next_column = block.left > previous.right and block.top < previous.bottom
    return next_column or not _SENTENCE_END.search(_text(previous.lines[-1]))
