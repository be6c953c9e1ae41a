"""Where cited articles tell different things: each account with its day, the latest last."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from embeddings.tokens import simplify
from qa.evidence import exact_answer
from qa.question import Question, coverage, understand
from qa.types import Answer, Citation

ON_THE_MATTER = 0.6
"""Share of the best quote's coverage of the question that another must have to contradict it."""


@dataclass(frozen=True, slots=True)
class Account:
    """What one article says.

    Attributes:
        n: The citation that says it.
        exact: Its own exact answer, verbatim from the quote.
        date: Day of publication, or None.
    """

    n: int
    exact: str
    article_id: str
    headline: str | None
    date: datetime.date | None


def differing_accounts(answer: Answer) -> tuple[Account, ...]:
    """Return what the cited articles answer if they don't agree; else nothing.

    A quote that is on another matter, however similar its answer, is left out. Only what an
    article answers plainly is compared: the answer's own exact words, or the one
    figure or time of a quote that the question asks for. 「36家」 and 「36」 agree. What a list
    or a timeline is made of differs without contradicting.

    Args:
        answer: The accounts are those of its citations, an article's first one only.
    """
    if answer.items:
        return ()
    accounts = list(_accounts(answer))
    values = [simplify(account.exact) for account in accounts]
    if all(one in other or other in one for one in values for other in values):
        return ()
    return tuple(sorted(accounts, key=lambda account: account.date or datetime.date.min))


def _accounts(answer: Answer) -> Iterator[Account]:
    question = understand(answer.question)
    matter = [_coverage(question, citation) for citation in answer.citations]
    told: set[str] = set()
    for citation, covered in zip(answer.citations, matter, strict=True):
        about_it = covered >= ON_THE_MATTER * max(matter)
        known = citation.article_id in told or not about_it
        exact = None if known else _exact(answer, question, citation)
        if exact:
            told.add(citation.article_id)
            yield Account(citation.n, exact, citation.article_id, citation.headline, citation.date)


def _coverage(question: Question, citation: Citation) -> float:
    return coverage(question, simplify(f"{citation.headline or ''} {citation.quote}"))


def _exact(answer: Answer, question: Question, citation: Citation) -> str | None:
    if answer.exact and answer.exact in citation.quote:
        return answer.exact
    return exact_answer(question, citation.quote)
