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

from qa.claims.facts import Date, Figure, Unit, dates_of, figures_of, listed, told_figures
from qa.claims.names import strange_names
from qa.claims.romanised import strange_romanised_names

Reason = Literal["figure", "date", "name", "meaning"]

NEAR = 0.885
"""Cosine of a Chinese claim and the nearest sentence that it cites below which it is not
supported. Of the development half's faithful claims the lowest has 0.906; half of those held
against other articles stay below 0.873."""
NEAR_ACROSS = 0.77
"""The same for an English claim and Chinese sentences: the lowest faithful one has 0.792."""
MOST_QUOTES = 3
"""Sentences that support one claim at most."""
_LOOSE: dict[Unit, tuple[Unit, ...]] = {"count": ("money", "area", "length", "points")}
"""What a figure may measure in the evidence though the claim names no measure, or the reverse."""
_HAN = re.compile("[\u3400-\u9fff]")
_CLAUSE = re.compile(r"[,，;；。:：\n]")
_MEASURE = re.compile(r"[多余来几]?\s*(人次|[人家名位件处座所项场起台辆户支期条艘架])")
_SAME_MEASURE = {"名": "人", "位": "人"}


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
    text = "\n".join(evidence.sentences)
    missing = _missing_figures(simplified, text)
    if missing:
        return Finding("figure", missing)
    missing = _missing_dates(simplified, evidence, text)
    if missing:
        return Finding("date", missing)
    everything = f"{evidence.about}\n{text}"
    find = strange_names if _is_chinese(claim) else strange_romanised_names
    missing = tuple(find(simplified if _is_chinese(claim) else claim, everything))
    if missing:
        return Finding("name", missing)
    nearest = max(range(len(nearness)), key=lambda i: nearness[i])
    if nearness[nearest] < (NEAR if _is_chinese(claim) else NEAR_ACROSS):
        return Finding("meaning", (claim,))
    confused = _confused(simplified, evidence.sentences, nearest)
    if confused is not None:
        return confused
    return Finding(None, (), _quotes(simplified, evidence.sentences, nearness, nearest))


def _is_chinese(claim: str) -> bool:
    return len(_HAN.findall(claim)) > len(re.findall(r"[A-Za-z]+", claim))


def _missing_figures(simplified: str, text: str) -> tuple[str, ...]:
    there = told_figures(text)
    own = listed(simplified)
    return tuple(
        simplified[figure.start : figure.end]
        for figure in figures_of(simplified)
        if not any(_same(figure, other) for other in there)
        and not (figure.unit == "count" and figure.value in own)
    )


def _same(claimed: Figure, other: Figure) -> bool:
    units = (claimed.unit, other.unit)
    if units == ("clock", "clock") and claimed.value % 1 == 0:
        return claimed.value == other.value // 1  # the hour alone
    loose = units[1] in _LOOSE.get(units[0], ()) or units[0] in _LOOSE.get(units[1], ())
    return claimed.value == other.value and (units[0] == units[1] or loose)


def _missing_dates(simplified: str, evidence: Evidence, text: str) -> tuple[str, ...]:
    there = dates_of(text) + dates_of(evidence.about)
    there += [Date(day.year, day.month, day.day, 0, 0) for day in evidence.days]
    return tuple(
        simplified[date.start : date.end]
        for date in dates_of(simplified)
        if not any(date.told_by(other) or _completed(date, other, there) for other in there)
    )


def _completed(date: Date, other: Date, there: Sequence[Date]) -> bool:
    """Tell whether a date says what another one leaves to its context: 19日 of a July."""
    if date.contradicts(other) or other.day is None:
        return False
    years = {d.year for d in there if d.year}
    months = {(d.month) for d in there if d.month}
    year_fits = date.year is None or date.year == other.year or date.year in years
    month_fits = date.month is None or date.month == other.month or date.month in months
    return date.day in (None, other.day) and year_fits and month_fits


def _confused(simplified: str, sentences: Sequence[str], nearest: int) -> Finding | None:
    """Return what the claim says of another thing than the evidence does, if anything."""
    claimed, told = dates_of(simplified), dates_of(sentences[nearest])
    days = [date for date in claimed if date.day is not None]
    told_days = [date for date in told if date.day is not None]
    if days and told_days and all(d.contradicts(t) for d in days for t in told_days):
        return Finding("date", tuple(simplified[d.start : d.end] for d in days))
    text = "\n".join(sentences)
    swapped = _of_another_measure(simplified, text) or tuple(
        simplified[figure.start : figure.end]
        for figure in figures_of(simplified)
        if _of_another(simplified, figure, text)
    )
    return Finding("figure", swapped) if swapped else None


def _of_another_measure(simplified: str, text: str) -> tuple[str, ...]:
    """Return figures that the evidence has of other things, and others of this: 36人次, 36家."""
    there = [(_measure(text, figure), figure) for figure in figures_of(text)]
    wrong = []
    for figure in figures_of(simplified):
        measure = _measure(simplified, figure)
        alike = {m for m, other in there if _same(figure, other)}
        rivals = any(m == measure and other.value != figure.value for m, other in there)
        if measure and rivals and alike and None not in alike and measure not in alike:
            wrong.append(simplified[figure.start : figure.end])
    return tuple(wrong)


def _measure(text: str, figure: Figure) -> str | None:
    """Return what a figure is counted in, or None where it is not told."""
    found = _MEASURE.match(text, figure.end)
    return _SAME_MEASURE.get(found[1], found[1]) if found else None


def _of_the_same(simplified: str, figure: Figure, sentence: str) -> bool:
    """Tell whether a clause with the figure shares words with the claim that its rivals lack."""
    right, wrong = _shares(simplified, figure, sentence)
    return right > 0 or (right == wrong == 0 and _has(figure, sentence))


def _of_another(simplified: str, figure: Figure, sentence: str) -> bool:
    right, wrong = _shares(simplified, figure, sentence)
    return _has(figure, sentence) and wrong > 0 and right == 0


def _has(figure: Figure, sentence: str) -> bool:
    return any(_same(figure, other) for other in figures_of(sentence))


def _shares(simplified: str, figure: Figure, sentence: str) -> tuple[int, int]:
    """Count what the claim's clause shares with clauses of the figure only, and of rivals only.

    Rivals have another figure of the same measure: of 「区级130家，市级25家」 each is the other's.
    """
    clause = next(c for start, c in _clauses(simplified) if start + len(c) >= figure.end)
    own, rival = set[str](), set[str]()
    for _, part in _clauses(sentence):
        measured = [f for f in figures_of(part) if f.unit == figure.unit]
        if any(f.value == figure.value for f in measured):
            own |= _pairs(part)
        elif measured:
            rival |= _pairs(part)
    said = _pairs(clause)
    return len(said & (own - rival)), len(said & (rival - own))


def _clauses(text: str) -> list[tuple[int, str]]:
    clauses, start = [], 0
    for m in (*_CLAUSE.finditer(text), None):
        end = m.start() if m else len(text)
        clauses.append((start, text[start:end]))
        start = m.end() if m else end
    return clauses


def _pairs(clause: str) -> set[str]:
    """Return the pairs of Chinese characters of a clause that are beside its figures."""
    plain = clause
    for figure in reversed(figures_of(clause)):
        plain = f"{plain[: figure.start]} {plain[figure.end :]}"
    return {
        a + b for a, b in zip(plain, plain[1:], strict=False) if _HAN.match(a) and _HAN.match(b)
    }


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
