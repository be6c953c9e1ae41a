"""Where cited articles tell different things: each account with its day, the latest last."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from embeddings.tokens import simplify
from qa.claims.dates import told_dates
from qa.claims.figures import Figure, figures_of, measure_of
from qa.evidence import exact_answer
from qa.question import Question, coverage, understand
from qa.types import Answer, Citation

T = TypeVar("T")

ON_THE_MATTER = 0.6
"""Share of the best quote's coverage of the question that another must have to contradict it."""

_NO_FIGURE_BEFORE = r"(?<![\d.,〇零一二三四五六七八九十百千万亿])"


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
    figure or time of a quote that the question asks for. 「36家」 and 「36」 agree, 「1.5亿元」 and
    「15000万元」 too. What a list or a timeline is made of differs without contradicting.

    Args:
        answer: The accounts are those of its citations, an article's first one only.
    """
    if answer.items:
        return ()
    accounts = list(_accounts(answer))
    if all(_agree(one, other) for one, other in combinations(accounts, 2)):
        return ()
    return tuple(sorted(accounts, key=lambda account: account.date or datetime.date.min))


def _agree(one: Account, other: Account) -> bool:
    """Tell whether two accounts say the same, as far as the one that says less goes."""
    texts = [simplify(account.exact) for account in (one, other)]
    if texts[0] == texts[1]:
        return True
    days = [[account.date] if account.date else [] for account in (one, other)]
    dates = [told_dates(text, known) for text, known in zip(texts, days, strict=True)]
    figures = [[(f, measure_of(text, f)) for f in figures_of(text)] for text in texts]
    if not all(dates) and not all(figures):
        part, whole = sorted(texts, key=len)
        return re.search(_NO_FIGURE_BEFORE + re.escape(part), whole) is not None
    return _alike(dates, lambda a, b: not a.contradicts(b)) and _alike(figures, _is_same_figure)


def _alike(told: list[list[T]], is_same: Callable[[T, T], bool]) -> bool:
    """Tell whether what one of two texts tells is told by the other; of the fewer things."""
    fewer, more = sorted(told, key=len)
    return all(any(is_same(one, other) for other in more) for one in fewer)


def _is_same_figure(one: tuple[Figure, str | None], other: tuple[Figure, str | None]) -> bool:
    (figure, measure), (other_figure, other_measure) = one, other
    has_same_measure = None in (measure, other_measure) or measure == other_measure
    return has_same_measure and (figure.told_by(other_figure) or other_figure.told_by(figure))


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
