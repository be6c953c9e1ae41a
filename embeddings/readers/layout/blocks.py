"""Lines of a page joined into blocks: pieces of one column, or headlines of one size."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.readers.layout.spans import (
    SAME_SIZE,
    Span,
    left_of,
    on_one_line,
    same_size,
    text_of,
)

GUTTER = 0.6
"""Narrowest space between columns, in ems of body text."""
_LINE_GAP = 1.1
"""Widest space between lines of a block, in ems of their own size."""
_SHORTEST = 4
"""Ems of body text that every line is taken to reach, in comparing it with its neighbours."""
_VISIBLE_GAP = 1.6
"""How many times its block's usual line distance makes a gap one sees."""
_VERTICAL = 3
"""Least number of lines of one character that are a line set vertically."""


@dataclass(slots=True)
class Block:
    """Lines of one column; each line is one or more spans, left to right."""

    lines: list[list[Span]]
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        """All of its text, without spaces between spans."""
        return "".join(span.text for line in self.lines for span in line)


def is_vertical(block: Block) -> bool:
    """Tell whether a block is a line set vertically."""
    return len(block.lines) >= _VERTICAL and all(len(text_of(line)) == 1 for line in block.lines)


def joined(block: Block) -> str:
    """Return a headline as one line; one that breaks early has two phrases."""
    text = text_of(block.lines[0])
    for above, line in pairwise(block.lines):
        breaks_early = above[-1].right < block.right - 0.8 * block.size
        text += (" " if breaks_early and not is_vertical(block) else "") + text_of(line)
    return text


def blocks_of(spans: Sequence[Span], body: float) -> list[Block]:
    """Chain each line to the one below it that belongs to the same column."""
    spans = sorted(spans, key=lambda span: (span.top, span.left))
    below = [
        [j for j in _neighbours(spans, i, body) if same_size(spans[i].size, spans[j].size)]
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
    blocks: list[Block] = []
    for i in sorted(set(range(len(spans))) - set(follows.values())):
        chain = [i]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        blocks.append(block_of([[spans[k]] for k in chain]))
    return _absorbed(blocks)


def _absorbed(blocks: list[Block]) -> list[Block]:
    """Put blocks that lie inside others into their lines: wide spaces part a line in pieces."""
    kept: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.left - b.right) * (b.bottom - b.top)):
        around = next((other for other in kept if _lies_in(block, other)), None)
        if around is None:
            kept.append(block)
            continue
        for line in block.lines:
            _insert(around.lines, line)
    return kept


def _lies_in(block: Block, other: Block) -> bool:
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
        if on_one_line(other[0], line[0]):
            other.extend(line)
            other.sort(key=left_of)
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
        if not _stand_over(a, b, body) or on_one_line(a, b):
            continue
        hidden = any(_stand_over(spans[k], b, body) and not on_one_line(spans[k], b) for k in found)
        if not hidden:
            found.append(j)
    return found


def _stand_over(a: Span, b: Span, body: float) -> bool:
    """Tell whether two spans share a column: the end of a paragraph may be one character."""
    least = _SHORTEST * body
    return a.left < max(b.right, b.left + least) and b.left < max(a.right, a.left + least)


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


def block_of(lines: list[list[Span]]) -> Block:
    """Return lines as a block."""
    spans = [span for line in lines for span in line]
    return Block(
        lines,
        min(span.left for span in spans),
        min(span.top for span in spans),
        max(span.right for span in spans),
        max(span.bottom for span in spans),
        statistics.median(span.size for span in spans),
    )


def gaps(block: Block) -> list[bool]:
    """Tell for each line whether a gap stands before it."""
    tops = [min(span.top for span in line) for line in block.lines]
    steps = [b - a for a, b in pairwise(tops)]
    usual = statistics.median(steps) if steps else 0.0
    return [True, *(step > _VISIBLE_GAP * usual for step in steps)]
