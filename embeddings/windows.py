"""Widens a retrieved chunk to the passage that is shown: whole sentences around it.

A chunk is small so that its vector and terms are to the point; an answer may begin just before
it or end just after it. What is shown has room for both (passage windows around small units:
Callan, "Passage-Level Evidence in Document Retrieval", SIGIR 1994).
"""

from collections.abc import Sequence

from embeddings.sentences import Span, sentence_spans

LIMIT = 300
"""Characters that a passage never exceeds."""


def widen(text: str, chunk: Span, taken: Sequence[Span] = (), limit: int = LIMIT) -> Span:
    """Return the longest run of sentences around a chunk within ``limit`` characters.

    Of all such runs the one is taken that repeats least of what is shown already; among equally
    long ones, the one that goes on furthest.

    Args:
        text: The article's.
        chunk: Where the chunk is in it; at most ``limit`` characters.
        taken: The parts of the article that are shown already.
        limit: Characters of the passage.
    """
    low, high = max(0, chunk.end - limit), min(len(text), chunk.start + limit)
    near = [Span(low + start, low + end) for start, end in sentence_spans(text[low:high])]
    # A sentence at the edge of what was looked at may be a part of one.
    whole_starts = near[1:] if low > 0 else near
    whole_ends = near[:-1] if high < len(text) else near
    starts = [chunk.start, *(s.start for s in whole_starts if s.start < chunk.start)]
    ends = [chunk.end, *(s.end for s in whole_ends if s.end > chunk.end)]
    windows = [Span(start, end) for start in starts for end in ends if end - start <= limit]
    return max(windows, key=lambda w: (-_shared(w, taken), w.end - w.start, w.end))


def _shared(window: Span, taken: Sequence[Span]) -> int:
    return sum(max(0, min(window.end, s.end) - max(window.start, s.start)) for s in taken)
