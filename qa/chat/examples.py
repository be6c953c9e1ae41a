"""Example questions made from the corpus, and offered only where the index answers them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.sentences import sentence_spans
from embeddings.types import Article
from qa.answer import ask
from qa.chat.clauses import Question, questions

WANTED = 4
"""Questions that are offered."""
ARTICLES = 96
"""Articles that are looked at, spread evenly over the corpus."""
REACH = 20_000
"""Articles that are walked past at most: more would take longer than a reader waits."""
TRIED = 36
"""Questions that are put to the index at most."""
BEST_LENGTH = 18
"""Characters a question should have."""
FOLLOW_UPS = 3
"""Questions that are offered after an answer."""
FOLLOW_UPS_TRIED = 12
"""Questions that are put to the index for them at most."""
OPENING = 30
"""Characters of text that stand for a missing headline."""
ANCHORED = 4
"""Pairs of characters shared with the headline that make a question clear on its own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the article that should answer it.

    Attributes:
        shared: Pairs of characters that it shares with the headline: what the article is
            about can be understood without the article.
    """

    question: Question
    article_id: str
    shared: int


def example_questions(index: Index) -> list[str]:
    """Return up to ``WANTED`` questions, each from another article, that the index answers."""
    found: list[str] = []
    articles: set[str] = set()
    for candidate in sorted(_candidates(_spread(index)), key=_worth)[:TRIED]:
        if candidate.article_id not in articles and _is_answered(candidate, index):
            found.append(candidate.question.text)
            articles.add(candidate.article_id)
        if len(found) == WANTED:
            break
    return found


def follow_ups(
    index: Index,
    article_ids: Sequence[str],
    asked: Sequence[str],
    filters: Filters = EVERYTHING,
) -> list[str]:
    """Return up to ``FOLLOW_UPS`` more questions that articles answer.

    Args:
        index: Where they are tried out.
        article_ids: The articles to make them of, the nearest to the answer before first.
        asked: The questions so far; none of them is offered, nor one with the same answer.
        filters: Those the answers are to be found with.
    """
    articles = [article for i in dict.fromkeys(article_ids) if (article := index.article(i))]
    known = [ask(question, index=index, filters=filters).exact for question in asked[-2:]]
    found: list[str] = []
    for candidate in islice(_nearest_first(articles), FOLLOW_UPS_TRIED):
        question = candidate.question
        new = question.text not in asked and not any(question.answer in (k or "") for k in known)
        if new and _is_answered(candidate, index, filters):
            found.append(question.text)
        if len(found) == FOLLOW_UPS:
            break
    return found


def _nearest_first(articles: Sequence[Article]) -> Iterator[Candidate]:
    """Yield the clearest questions of each article, and only then the others."""
    by_article = [sorted(_candidates([article]), key=_worth) for article in articles]
    for candidates in by_article:
        yield from candidates[:FOLLOW_UPS]
    for candidates in by_article:
        yield from candidates[FOLLOW_UPS:]


def _spread(index: Index) -> Iterator[Article]:
    total = min(index.manifest.articles, REACH)
    return islice(index.articles(), 0, total, max(1, total // ARTICLES))


def _candidates(articles: Iterable[Article]) -> Iterator[Candidate]:
    for article in articles:
        known = _bigrams(article.headline or article.text[:OPENING])
        for span in sentence_spans(article.text):
            for question in questions(article.text[span.start : span.end]):
                shared = len(known & _bigrams(question.text))
                if shared:
                    yield Candidate(question, article.id, shared)


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _worth(candidate: Candidate) -> tuple[int, int, str]:
    text = candidate.question.text
    return -min(candidate.shared, ANCHORED), abs(len(text) - BEST_LENGTH), text


def _is_answered(candidate: Candidate, index: Index, filters: Filters = EVERYTHING) -> bool:
    """Tell whether the index answers from the right article, with the words asked for."""
    answer = ask(candidate.question.text, index=index, filters=filters)
    if answer.abstained or not answer.citations:
        return False
    first, words = answer.citations[0], candidate.question.answer
    return (
        first.article_id == candidate.article_id
        and words in first.quote
        and (answer.exact is None or words in answer.exact)
    )
