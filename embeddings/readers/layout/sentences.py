"""Sentences that go on from one block of a page in another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.readers.layout.blocks import Block
from embeddings.readers.layout.spans import same_size, text_of

_INDENT = 1.2
_SENTENCE_END = re.compile(r"[。！？!?…；;：:][”’」』）)]*$")
_COMMA_OR_STOP = re.compile(r"[，。、；：]")
_MIDDLE = re.compile(r"^[，。、；：！？）”’》」』]")
_OPENING = re.compile(r"^\s*(?:本\s*报|[□■●▲◆◇★☆\ufffd]|新华社|据)")


@dataclass(frozen=True, slots=True)
class Ends:
    """Tells how blocks begin and end.

    Attributes:
        body: Size of the page's body text.
        indented: Whether its paragraphs begin indented.
        edges: Left edges of its columns.
    """

    body: float
    indented: bool
    edges: tuple[float, ...]

    def is_running(self, block: Block) -> bool:
        """Tell whether a block is running text."""
        is_body = same_size(block.size, self.body)
        return is_body and bool(_COMMA_OR_STOP.search(block.text))

    def breaks_off(self, block: Block) -> bool:
        """Tell whether a block stops in the middle of a sentence."""
        long_enough = len(block.lines) > 1 and self.is_running(block)
        return long_enough and not _SENTENCE_END.search(text_of(block.lines[-1]))

    def starts_midway(self, block: Block) -> bool:
        """Tell whether a block begins with what can only go on."""
        first = text_of(block.lines[0])
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

    def broken(self, blocks: Sequence[Block]) -> int:
        """Count the sentences that break off, or begin midway, in this order of blocks."""
        count = 0
        goes_on = False
        for block in blocks:
            count += goes_on != self.starts_midway(block)
            goes_on = self.breaks_off(block)
        return count + goes_on


def continue_sentences(blocks: list[Block], ends: Ends) -> list[Block]:
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


def _next_move(blocks: list[Block], ends: Ends) -> tuple[int, int] | None:
    starts = [ends.starts_midway(block) for block in blocks]
    stops = [ends.breaks_off(block) for block in blocks]
    for i in range(len(blocks) - 1):
        if not stops[i] or starts[i + 1]:
            continue
        for j in range(i + 2, len(blocks)):
            if starts[j] and not stops[j - 1]:
                return i, j
    return None


def uses_indents(blocks: Sequence[Block], body: float) -> bool:
    """Tell whether paragraphs begin indented on this page."""
    after_sentence = [
        line[0].left - block.left > _INDENT * body
        for block in blocks
        for above, line in pairwise(block.lines)
        if _SENTENCE_END.search(text_of(above)) and above[-1].right < block.right - body
    ]
    return sum(after_sentence) > 0.7 * len(after_sentence) if after_sentence else False


def goes_on(previous: Block, block: Block) -> bool:
    """Tell whether text goes on from one block to the next, in another column or the same."""
    if not same_size(previous.size, block.size):
        return False
    next_column = block.left > previous.right and block.top < previous.bottom
    return next_column or not _SENTENCE_END.search(text_of(previous.lines[-1]))
