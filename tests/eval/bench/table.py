"""The benchmark's table: quality as ``wenbao evaluate`` measures it, time and memory."""

from collections.abc import Sequence
from typing import NamedTuple

from qa.scores import percentile
from tests.eval.bench.job import Found, Outcome

SHOWN = 300
"""Characters of a passage in which an answer counts: whoever shows more finds more."""

_COLUMNS = (
    "system", "mrr@10", "article@1", "article@5", "answer@1", "answer@5", "index s",
    "query ms p50", "p95", "memory MB", "characters a passage", "uncut: answer@1", "answer@5",
)  # fmt: skip


class Gold(NamedTuple):
    """The right answers of a question, and the article they are in."""

    article: str
    answers: tuple[str, ...]


def headings() -> list[str]:
    """Return the head of the Markdown table."""
    return [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]


def row(name: str, outcome: Outcome | None, below: Outcome | None, golds: Sequence[Gold]) -> str:
    """Return a line of the Markdown table.

    Args:
        name: The system's.
        outcome: What it did, or None if it failed.
        below: Passages that follow those that it shows.
        golds: One a question.
    """
    if outcome is None:
        return f"| {name} | failed |"
    rankings: Sequence[Sequence[Found]] = outcome.found
    if below is not None:
        rankings = [
            [*shown, *(one for one in rest if one not in shown)]
            for shown, rest in zip(outcome.found, below.found, strict=True)
        ]
    asked = list(zip(rankings, golds, strict=True))
    articles = [article_rank(found, gold) for found, gold in asked]
    answers = [answer_rank(found, gold, SHOWN) for found, gold in asked]
    uncut = [answer_rank(found, gold) for found, gold in asked]
    lengths = [len(one.text) for found in rankings for one in found[:5]]
    quality = (
        sum(1 / rank for rank in articles if rank and rank <= 10) / len(asked),
        *(within(ranks, k) for ranks in (articles, answers) for k in (1, 5)),
    )
    times = (
        f"{outcome.index_seconds:.1f}",
        f"{percentile(outcome.query_ms, 0.5):.1f}",
        f"{percentile(outcome.query_ms, 0.95):.1f}",
        f"{outcome.peak_mb:.0f}",
    )
    whole = (f"{sum(lengths) / len(lengths):.0f}", *(f"{within(uncut, k):.4f}" for k in (1, 5)))
    return f"| {' | '.join([name, *(f'{value:.4f}' for value in quality), *times, *whole])} |"


def article_rank(found: Sequence[Found], gold: Gold) -> int | None:
    """Return the rank of the right article among the distinct ones, from 1."""
    distinct: dict[str, None] = {}
    for passage in found:
        distinct.setdefault(passage.articles[0])
        if gold.article in passage.articles:
            return len(distinct)
    return None


def answer_rank(found: Sequence[Found], gold: Gold, shown: int | None = None) -> int | None:
    """Return the rank of the first passage of the right article that has an answer, from 1.

    Args:
        found: Passages, best first.
        gold: What is looked for.
        shown: Characters of each passage that are looked at; default all.
    """
    for rank, passage in enumerate(found, start=1):
        text = passage.text[:shown]
        if gold.article in passage.articles and any(answer in text for answer in gold.answers):
            return rank
    return None


def within(ranks: Sequence[int | None], k: int) -> float:
    """Return the share of ranks that are at most ``k``."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)
