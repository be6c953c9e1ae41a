"""Cuts an article into chunks that end where sentences end."""

import math

from embeddings.sentences import Span, sentence_spans
from embeddings.types import Article, Chunk

TARGET = 230
"""Characters a chunk should have."""
MAXIMUM = 290
"""Characters a chunk never exceeds."""
_PARAGRAPH_BONUS = 1600.0
"""What ending at a paragraph's end is worth, in squared characters away from the target."""

VERSION = f"chunks-1-{TARGET}-{MAXIMUM}"
"""Part of the index fingerprint: other values give other chunks."""

_CLAUSE_ENDS = "，、：,:） "


def chunk_article(article: Article) -> list[Chunk]:
    """Return the chunks of an article, in order and without overlap.

    ``article.text[chunk.start:chunk.end] == chunk.text`` for each, and every character that is
    not white space lies in exactly one chunk. Of all ways to cut at sentence ends, the one is
    taken whose chunks are nearest to ``TARGET`` characters, paragraphs kept together where
    that costs little; so no article ends in a tiny rest.
    """
    text = article.text
    pieces = [part for span in sentence_spans(text) for part in _split_long(text, span)]
    return [
        Chunk(article.id, start, end, text[start:end])
        for start, end in _best_grouping(text, pieces)
    ]


def context_line(article: Article) -> str:
    """Return what is encoded and posted with every chunk of an article but never quoted."""
    date = article.date.isoformat() if article.date else ""
    parts = (article.headline or "", article.kicker or "", article.section or "", date)
    return " ".join(part for part in (*parts, *article.authors) if part)


def _split_long(text: str, span: Span) -> list[Span]:
    """Split a sentence that exceeds ``MAXIMUM``, after a clause where there is one."""
    parts: list[Span] = []
    start = span.start
    while span.end - start > MAXIMUM:
        window = text[start : start + MAXIMUM]
        cut = max(window.rfind(mark) for mark in _CLAUSE_ENDS) + 1
        if cut < MAXIMUM // 2:
            cut = MAXIMUM
        end = start + cut
        stripped = text[start:end].rstrip()
        parts.append(Span(start, start + len(stripped)))
        start = end + (len(text[end : span.end]) - len(text[end : span.end].lstrip()))
    if start < span.end:
        parts.append(Span(start, span.end))
    return parts


def _best_grouping(text: str, pieces: list[Span]) -> list[Span]:
    """Group neighbouring pieces at the least total cost (dynamic programming)."""
    best = [0.0] + [math.inf] * len(pieces)
    came_from = [0] * (len(pieces) + 1)
    for last in range(1, len(pieces) + 1):
        end = pieces[last - 1].end
        at_paragraph = last == len(pieces) or "\n" in text[end : pieces[last].start]
        for first in range(last, 0, -1):
            length = end - pieces[first - 1].start
            if length > MAXIMUM:
                break
            cost = best[first - 1] + (length - TARGET) ** 2 - _PARAGRAPH_BONUS * at_paragraph
            if cost < best[last]:
                best[last], came_from[last] = cost, first - 1
    groups: list[Span] = []
    last = len(pieces)
    while last:
        first = came_from[last]
        groups.append(Span(pieces[first].start, pieces[last - 1].end))
        last = first
    return groups[::-1]
