"""Blocks of a page in reading order.

The page is cut where white space runs through it, first down (columns, left before right), then
across; what cannot be cut is ordered by who stands above or left of whom.
"""

from collections.abc import Sequence
from itertools import pairwise

from embeddings.readers.layout.blocks import GUTTER, Block, block_of
from embeddings.readers.layout.sentences import Ends
from embeddings.readers.layout.spans import SAME_SIZE, left_of, on_one_line

_MARGIN_BAND = 0.09
"""Most of the page's height that a running head or foot takes."""
_MAX_DEPTH = 40
_MAX_CHOICES = 24
"""Cuts within cuts of which more than one way is tried."""
_MAX_BLOCKS = 200
"""Most blocks for which that is done; a page has some dozens."""


def in_order(blocks: list[Block], ends: Ends) -> list[Block]:
    """Set running heads and feet apart, then cut the page."""
    top = min(block.top for block in blocks)
    bottom = max(block.bottom for block in blocks)
    band = _MARGIN_BAND * (bottom - top)
    head, rest = _split_band(blocks, top + band, ends.body)
    rest, foot = _split_band(rest, bottom - band, ends.body, foot=True)
    return [*_rows(head), *_cut(rest, ends, {}), *_rows(foot)]


def _split_band(
    blocks: list[Block], edge: float, body: float, foot: bool = False
) -> tuple[list[Block], list[Block]]:
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


def _rows(blocks: list[Block]) -> list[Block]:
    """Order a few short blocks as one reads lines: from the top, each from the left."""
    return [block for row in _bands(blocks) for block in sorted(row, key=lambda b: b.left)]


def _cut(
    blocks: list[Block], ends: Ends, known: dict[frozenset[int], list[Block]], depth: int = 0
) -> list[Block]:
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
    blocks: list[Block], ends: Ends, known: dict[frozenset[int], list[Block]], depth: int
) -> list[Block]:
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


def _ways(blocks: list[Block], body: float) -> list[list[list[Block]]]:
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


def _under_headlines(bands: list[list[Block]], body: float) -> list[list[Block]]:
    """Join bands so that each but the first begins with a headline."""
    joined: list[list[Block]] = []
    for band in bands:
        above = joined[-1] if joined else []
        is_headline = min(band, key=lambda b: b.top).size > SAME_SIZE * body
        if above and not (is_headline and any(b.size < SAME_SIZE * body for b in above)):
            above.extend(band)
        else:
            joined.append(list(band))
    return joined


def _one_line(blocks: list[Block], body: float) -> Block | None:
    """Join what stands alone on one line and is large: a headline in two phrases."""
    spans = sorted((span for b in blocks for line in b.lines for span in line), key=left_of)
    if any(len(block.lines) > 1 for block in blocks) or spans[0].size < SAME_SIZE * body:
        return None
    together = all(on_one_line(a, b) and b.left - a.right < 3 * a.size for a, b in pairwise(spans))
    return block_of([spans]) if together else None


def _bands(blocks: list[Block]) -> list[list[Block]]:
    # Type of one line may reach a little into the next.
    return _parts(blocks, [(b.top + 0.15 * b.size, b.bottom - 0.15 * b.size) for b in blocks], 0.0)


def _parts(
    blocks: list[Block], extents: list[tuple[float, float]], gap: float
) -> list[list[Block]]:
    """Split where no block is over more than ``gap``."""
    order = sorted(range(len(blocks)), key=lambda i: extents[i])
    parts: list[list[Block]] = []
    end = float("-inf")
    for i in order:
        low, high = extents[i]
        if not parts or low - end > gap:
            parts.append([])
        parts[-1].append(blocks[i])
        end = max(end, high)
    return parts


def _topological(blocks: list[Block]) -> list[Block]:
    """Order blocks so that each comes after those above it and left of it.

    A block left of another comes first unless a third stands between them over both, as a
    headline does over two columns.
    """
    blocks = sorted(blocks, key=lambda block: (block.left, block.top))
    before = [
        [j for j, b in enumerate(blocks) if j != i and _comes_before(b, a, blocks)]
        for i, a in enumerate(blocks)
    ]
    ordered: list[Block] = []
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


def _comes_before(a: Block, b: Block, blocks: Sequence[Block]) -> bool:
    if _overlap(a, b):
        return (a.top, a.left) < (b.top, b.left)
    if a.left > b.left:
        return False
    low, high = min(a.bottom, b.bottom), max(a.top, b.top)
    return not any(
        low <= c.top and c.bottom <= high and _overlap(c, a) and _overlap(c, b) for c in blocks
    )


def _overlap(a: Block, b: Block) -> bool:
    return a.left < b.right and b.left < a.right
