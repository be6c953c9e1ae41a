"""Which stretches of an article a card shows, and where the marks in them begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.types import Passage
from qa.types import Citation


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind.

    Attributes:
        n: The citation that quotes it, or 0 where it is not quoted.
        first: Whether the citation's quote begins here.
        exact: Whether it is the exact answer within the quote.
    """

    text: str
    n: int = 0
    first: bool = False
    exact: bool = False


def excerpts(
    text: str,
    citations: Sequence[Citation],
    passages: Sequence[Passage],
    exact: tuple[int, int] | None = None,
) -> list[list[Piece]]:
    """Return the excerpts of an article that hold its quotes, each cut into pieces.

    Each quote is shown within the passage it was found in; passages that touch become one
    excerpt. Overlapping quotes share no character: the earlier one keeps it.

    Args:
        text: The article's text.
        citations: Those of this article.
        passages: Those of this article.
        exact: Offsets of the exact answer in the text.
    """
    quotes = sorted(citations, key=lambda citation: (citation.start, citation.n))
    windows = _joined(text, [_window(citation, passages) for citation in quotes])
    return [
        _pieces(text, window, [quote for quote in quotes if _inside(quote, window)], exact)
        for window in windows
    ]


def is_quoted(passage: Passage, citations: Sequence[Citation]) -> bool:
    """Tell whether a passage holds words of a quote."""
    return any(
        citation.article_id == passage.article_id
        and citation.start < passage.end
        and passage.start < citation.end
        for citation in citations
    )


def _window(citation: Citation, passages: Sequence[Passage]) -> tuple[int, int]:
    start, end = citation.start, citation.end
    for passage in passages:
        if passage.start < citation.end and citation.start < passage.end:
            start, end = min(start, passage.start), max(end, passage.end)
    return start, end


def _joined(text: str, windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _inside(citation: Citation, window: tuple[int, int]) -> bool:
    return window[0] <= citation.start and citation.end <= window[1]


def _pieces(
    text: str,
    window: tuple[int, int],
    quotes: Sequence[Citation],
    exact: tuple[int, int] | None,
) -> list[Piece]:
    pieces: list[Piece] = []
    at = window[0]
    for quote in quotes:
        start, end = max(at, quote.start), max(at, quote.end)
        pieces.append(Piece(text[at:start]))
        inner = exact if exact and start <= exact[0] and exact[1] <= end else (end, end)
        pieces.append(Piece(text[start : inner[0]], quote.n, first=True))
        pieces.append(Piece(text[inner[0] : inner[1]], quote.n, exact=True))
        pieces.append(Piece(text[inner[1] : end], quote.n))
        at = end
    pieces.append(Piece(text[at : window[1]]))
    return [piece for piece in pieces if piece.text or piece.first]
