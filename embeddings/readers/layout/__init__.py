"""Puts the pieces of text of a page, known by their places, into reading order.

Lines are joined into blocks (``blocks``), blocks put in order (``order``). Last, a block that
begins in the middle of a sentence is moved behind the one that stops in the middle of one
(``sentences``).
"""

from collections.abc import Sequence

from embeddings.readers.layout.blocks import Block, blocks_of, gaps, is_vertical, joined
from embeddings.readers.layout.order import in_order
from embeddings.readers.layout.sentences import Ends, continue_sentences, goes_on, uses_indents
from embeddings.readers.layout.spans import Span, body_size, mended, same_size, text_of
from embeddings.readers.page import PageLine

__all__ = ["Span", "page_lines"]

_HEADLINE_MAX = 80
"""Most characters of large type that are one headline on several lines."""


def page_lines(spans: Sequence[Span]) -> list[PageLine]:
    """Return the lines of a page in reading order, numbered from 1.

    ``size`` is relative to the size that most characters have. A headline is one line however
    many it is printed on. ``gap_before`` is false where text goes on in the next column.
    """
    spans = [span for span in spans if span.text.strip()]
    if not spans:
        return []
    body = body_size(spans)
    found = blocks_of(mended(spans, body), body)
    edges = tuple(block.left for block in found if len(block.lines) > 2)
    ends = Ends(body, uses_indents(found, body), edges)
    blocks = continue_sentences(in_order(found, ends), ends)
    lines: list[PageLine] = []
    previous: Block | None = None
    for block in blocks:
        continued = previous is not None and goes_on(previous, block)
        previous = block
        size = 1.0 if same_size(block.size, body) else round(block.size / body, 2)
        if is_vertical(block) or (size > 1 and len(block.text) <= _HEADLINE_MAX):
            rows = [(joined(block), True)]
        else:
            parted = gaps(block)
            parted[0] = not continued
            rows = list(zip(map(text_of, block.lines), parted, strict=True))
        for text, gap in rows:
            lines.append(PageLine(len(lines) + 1, text, gap, size))
    return lines
