"""Pieces of text of a page, known by their places, and the lines they stand on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SAME_SIZE = 1.12
"""Sizes that differ by less are one size: rendering and OCR are not exact."""
_SAME_LINE = 0.5
"""Spans whose middles are nearer than this share of the smaller size stand on one line."""
_WIDE_SPACE = 2.5
"""Widest space inside a line that is loosely set, in ems."""


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


def body_size(spans: Sequence[Span]) -> float:
    """Return the size of the middle character when all are sorted by size."""
    ordered = sorted((span.size, len(span.text)) for span in spans)
    half = sum(count for _, count in ordered) / 2
    for size, count in ordered:
        half -= count
        if half <= 0:
            return max(size, 1e-6)
    return max(ordered[-1][0], 1e-6)


def text_of(line: Sequence[Span]) -> str:
    """Return the text of a line."""
    return " ".join(span.text.strip() for span in line)


def left_of(span: Span) -> float:
    """Return where a span begins."""
    return span.left


def same_size(a: float, b: float) -> bool:
    """Tell whether two sizes of type are one."""
    return max(a, b) < SAME_SIZE * min(a, b)


def on_one_line(a: Span, b: Span) -> bool:
    """Tell whether two spans stand on one line."""
    distance = abs((a.top + a.bottom) / 2 - (b.top + b.bottom) / 2)
    return distance < _SAME_LINE * min(a.size, b.size)


def mended(spans: Sequence[Span], body: float) -> list[Span]:
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
        follows = j not in taken and other.left > span.left and on_one_line(span, other)
        if follows and (near is None or other.left < ordered[near].left):
            near = j
    if near is None:
        return None
    other = ordered[near]
    is_near = other.left - span.right < _WIDE_SPACE * span.size
    return near if is_near and same_size(span.size, other.size) else None


def _covered(ordered: Sequence[Span], i: int, span: Span, other: Span, body: float) -> bool:
    """Tell whether the lines above and below cover the space between two spans."""
    middle, reach = (span.right + other.left) / 2, 2.2 * span.size
    covers: list[bool] = []
    for step in (-1, 1):
        level = [
            ordered[j]
            for j in _around(ordered, i, reach, step)
            if same_size(ordered[j].size, span.size)
            and not on_one_line(ordered[j], span)
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
