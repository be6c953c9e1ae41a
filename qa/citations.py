"""Turns sentences into numbered citations and the text that they make."""

from collections.abc import Sequence
from itertools import pairwise

from qa.reader import Sentence
from qa.types import Citation


def cite(sentences: Sequence[Sentence]) -> tuple[Citation, ...]:
    """Number sentences in reading order: by article, as first given, then by place in it."""
    articles = list(dict.fromkeys(s.passage.article_id for s in sentences))
    ordered = sorted(sentences, key=lambda s: (articles.index(s.passage.article_id), s.start))
    return tuple(_citation(n, sentence) for n, sentence in enumerate(ordered, start=1))


def text_of(citations: Sequence[Citation]) -> str:
    """Return the quotes, each followed by its ``[n]``; another article starts a new line."""
    pieces = [f"{citation.quote}[{citation.n}]" for citation in citations]
    breaks = ["" if a.article_id == b.article_id else "\n" for a, b in pairwise(citations)]
    return "".join(piece + gap for piece, gap in zip(pieces, [*breaks, ""], strict=True))


def _citation(n: int, sentence: Sentence) -> Citation:
    passage = sentence.passage
    return Citation(
        n=n,
        quote=sentence.text,
        article_id=passage.article_id,
        headline=passage.headline,
        authors=passage.authors,
        date=passage.date,
        source=passage.source,
        start=sentence.start,
        end=sentence.end,
    )
