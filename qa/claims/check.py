"""Checks a sentence against the passages that it cites.

Its figures, dates and names must stand there, of the thing that it says them of as far as words
tell; and a sentence of the passages must be near to it in meaning. Nobody's word is taken for
it, least of all that of the model which wrote it. Everything here is pure.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from embeddings.language import is_chinese
from qa.claims.confusion import confused
from qa.claims.dates import Date, dates_of, strange_parts_of_year, told_dates
from qa.claims.figures import Figure, figures_of, told_figures
from qa.claims.implied import is_counted, is_implied
from qa.claims.names import strange_names
from qa.claims.romanised import strange_romanised_names
from qa.claims.words import Name

Reason = Literal["figure", "date", "name", "meaning"]

NEAR = 0.885
"""Cosine of a Chinese claim and the nearest sentence that it cites below which it is not
supported. Of the development half's faithful claims the lowest has 0.906; half of those held
against other articles stay below 0.873."""
NEAR_ACROSS = 0.77
"""The same for an English claim and Chinese sentences: the lowest faithful one has 0.792."""
MOST_QUOTES = 3
"""Sentences that support one claim at most."""
_REASONS: dict[type, Reason] = {Figure: "figure", Date: "date", Name: "name"}
_TODAY = re.compile(r"今[天日晨早晚]|本[日报]|\btoday\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim may rest on.

    Attributes:
        sentences: Those of the passages that it cites, in NFKC, lower case and Simplified
            characters.
        about: What is known of the passages besides: headlines, authors; in the same form.
        days: Their days of publication.
    """

    sentences: Sequence[str]
    about: str = ""
    days: Sequence[datetime.date] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a claim holds.

    Attributes:
        reason: What of it the evidence does not have, or None where all is there.
        missing: Its words that are not there.
        quotes: The sentences that support it, by place, in order; none where nothing does.
    """

    reason: Reason | None
    missing: tuple[str, ...] = ()
    quotes: tuple[int, ...] = ()


def check(claim: str, simplified: str, evidence: Evidence, nearness: Sequence[float]) -> Finding:
    """Check one sentence.

    Args:
        claim: As written, without citations.
        simplified: The same in NFKC, lower case and Simplified characters.
        evidence: What it cites.
        nearness: Cosine of the claim and each sentence of the evidence.
    """
    if not evidence.sentences:
        return Finding("meaning", (claim,))
    missing = _missing_figures(simplified, evidence)
    if missing:
        return Finding("figure", missing)
    missing = _missing_dates(simplified, evidence)
    if missing:
        return Finding("date", missing)
    everything = "\n".join([evidence.about, *evidence.sentences])
    chinese = is_chinese(claim)
    missing = tuple(
        strange_names(simplified, everything)
        if chinese
        else strange_romanised_names(claim, everything)
    )
    if missing:
        return Finding("name", missing)
    nearest = max(range(len(nearness)), key=lambda i: nearness[i])
    if nearness[nearest] < (NEAR if chinese else NEAR_ACROSS):
        return Finding("meaning", (claim,))
    for fact in confused(simplified, evidence.sentences, evidence.days, nearness):
        kind = _REASONS[type(fact)]
        if kind != "name" or chinese:
            return Finding(kind, (simplified[fact.start : fact.end],))
    return Finding(None, (), _quotes(simplified, evidence.sentences, nearness, nearest))


def _missing_figures(simplified: str, evidence: Evidence) -> tuple[str, ...]:
    text = "\n".join([*evidence.sentences, evidence.about])
    there = told_figures(text)
    years = {date.year for date in dates_of(text)}
    return tuple(
        simplified[figure.start : figure.end]
        for figure in figures_of(simplified)
        if not any(figure.told_by(other) for other in there)
        and figure.value not in years  # 2014款, of 2014年款
        and not is_counted(figure, simplified, text, there)
        and not is_implied(figure, simplified, text, there)
    )


def _missing_dates(simplified: str, evidence: Evidence) -> tuple[str, ...]:
    text = "\n".join(evidence.sentences)
    there = told_dates(f"{text}\n{evidence.about}", evidence.days)
    published = [Date(day.year, day.month, day.day, 0, 0) for day in evidence.days]
    context = [*there, *published]
    # 「今天」 is the day of publication; an article that tells no days is of that day too.
    if _TODAY.search(text) or not any(date.day for date in there):
        there = context
    return strange_parts_of_year(simplified, text) + tuple(
        simplified[date.start : date.end]
        for date in dates_of(simplified)
        if not any(date.told_by(other, context) for other in there)
    )


def _has(figure: Figure, sentence: str) -> bool:
    return any(figure.told_by(other) for other in figures_of(sentence))


def _quotes(
    simplified: str, sentences: Sequence[str], nearness: Sequence[float], nearest: int
) -> tuple[int, ...]:
    """Choose the sentences to quote: the nearest, and those with figures that it lacks."""
    chosen = [nearest]
    wanted = [f for f in figures_of(simplified) if not _has(f, sentences[nearest])]
    order = sorted(range(len(sentences)), key=lambda i: -nearness[i])
    while wanted and len(chosen) < MOST_QUOTES:
        best = next((i for i in order if i not in chosen and _has(wanted[0], sentences[i])), None)
        if best is not None:
            chosen.append(best)
            wanted = [f for f in wanted if not _has(f, sentences[best])]
        else:
            wanted = wanted[1:]
    return tuple(sorted(chosen))
