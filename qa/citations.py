"""Turns sentences into numbered citations and the text that they make."""

from collections.abc import Sequence

from embeddings.types import Passage
from qa.sentences import Sentence
from qa.types import Citation


def cite(sentences: Sequence[Sentence], best_first: bool = False) -> tuple[Citation, ...]:
    """Number sentences, best given first, by article; within one as it reads or ``best_first``.

    What explains reads in the order it was written in; a fact asked for stands in the best one.
    """
    articles = list(dict.fromkeys(s.passage.article_id for s in sentences))
    ordered = list(sentences) if best_first else sorted(sentences, key=lambda s: s.start)
    ordered.sort(key=lambda s: articles.index(s.passage.article_id))
    return tuple(citation_of(n, sentence) for n, sentence in enumerate(ordered, start=1))


def text_of(citations: Sequence[Citation]) -> str:
    """Return the quotes, each followed by its ``[n]``; another article starts a new line."""
    text = ""
    for before, citation in zip([None, *citations], citations, strict=False):
        if before is not None and before.article_id != citation.article_id:
            text += "\n"
        text += f"{citation.quote}[{citation.n}]"
    return text


def citation_of(n: int, sentence: Sentence) -> Citation:
    """Return a sentence as a citation with a number."""
    return citation_from(n, sentence.passage, sentence.start, sentence.text)


def citation_from(n: int, passage: Passage, start: int, quote: str) -> Citation:
    """Return a quote from a passage as a citation; ``start`` is its offset in the article."""
    return Citation(
        n=n,
        quote=quote,
        article_id=passage.article_id,
        headline=passage.headline,
        authors=passage.authors,
        date=passage.date,
        source=passage.source,
        start=start,
        end=start + len(quote),
    )
