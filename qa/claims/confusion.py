"""Figures, dates and persons that the evidence has, but of something else than the claim says.

A wrong fact displaces the right one: the evidence has another of its kind, which the claim
lacks, at a place whose words are nearer to the claim's than those of any place of its own.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from qa.claims.alignment import Place, nearness, place_of
from qa.claims.dates import Date, dates_of, told_dates
from qa.claims.figures import Figure, figures_of, measure_of
from qa.claims.persons import persons_of
from qa.claims.words import Name

CLEAR_LEAD = 1.5
"""Words by which a rival must be nearer. Chosen on the faithful claims of the halves to develop
on, where it refuses 5 of 233, and on the same with one fact changed for another of its kind in
the passage, where it finds 70 %."""
CLEAR_LEAD_OF_PERSONS = 6
"""The same for persons: a clause may be about one whom the clause before names."""
_LEAST_WORDS = 0.5
"""Words by which it must be nearer whatever the cosines."""
_WORDS_OF_COSINE = 30
"""Words that a difference of 1 in the cosines of two sentences is worth: they seldom differ by
more than 0.1, but tell a paraphrase that shares no words."""


@dataclass(frozen=True, slots=True)
class _Placed:
    fact: Figure | Date | Name
    measure: str | None
    place: Place
    cosine: float

    def same(self, other: "_Placed") -> bool:
        mine, theirs = self.fact, other.fact
        if isinstance(mine, Figure) and isinstance(theirs, Figure):
            return mine.told_by(theirs)
        if isinstance(mine, Name) and isinstance(theirs, Name):
            return mine.told_by(theirs)
        return isinstance(mine, Date) and isinstance(theirs, Date) and not mine.contradicts(theirs)


def confused(
    simplified: str,
    sentences: Sequence[str],
    days: Sequence[datetime.date],
    cosines: Sequence[float],
) -> tuple[Figure | Date | Name, ...]:
    """Return the facts of a claim that its evidence has of something else.

    Args:
        simplified: The claim, in NFKC, lower case and Simplified characters.
        sentences: The evidence's, in the same form.
        days: Its days of publication.
        cosines: Of the claim and each of the sentences.
    """
    there: dict[str, list[_Placed]] = {}
    for sentence, cosine in zip(sentences, cosines, strict=True):
        for kind, told in _by_kind(sentence, days, cosine).items():
            there.setdefault(kind, []).extend(told)
    return tuple(
        claimed.fact
        for kind, claims in _by_kind(simplified, days).items()
        for claimed in claims
        if _is_confused(claimed, claims, there.get(kind, []))
    )


def _is_confused(claimed: _Placed, claims: Sequence[_Placed], there: Sequence[_Placed]) -> bool:
    own = [told for told in there if claimed.same(told)]
    rivals = [
        told
        for told in there
        if None in (claimed.measure, told.measure) or claimed.measure == told.measure
        if not any(claim.same(told) for claim in claims)
    ]
    if not own or not rivals:
        return False
    measures = {told.measure for told in own}
    if claimed.measure and not measures & {None, claimed.measure}:
        return any(told.measure == claimed.measure for told in rivals)  # 36人次, not 36家
    is_person = isinstance(claimed.fact, Name)
    return _lead(claimed, own, rivals) > (CLEAR_LEAD_OF_PERSONS if is_person else CLEAR_LEAD)


def _lead(claimed: _Placed, own: Sequence[_Placed], rivals: Sequence[_Placed]) -> float:
    """Return by how many words the nearest rival is nearer to a claim than the nearest own."""
    told = [*own, *rivals]
    words = nearness(claimed.place.near, [one.place for one in told])
    near = [n + _WORDS_OF_COSINE * one.cosine for n, one in zip(words, told, strict=True)]
    first = len(own)
    nearest = max(range(first, len(told)), key=lambda i: near[i])
    if words[nearest] - max(words[:first]) < _LEAST_WORDS:
        return 0.0
    return near[nearest] - max(near[:first])


def _by_kind(
    text: str, days: Sequence[datetime.date], cosine: float = 1.0
) -> dict[str, list[_Placed]]:
    """Return the facts of a sentence with their places, those together that could be mistaken."""
    kinds: dict[str, list[Figure | Date | Name]] = {}
    figures, dates = figures_of(text), dates_of(text)
    for figure in figures:
        kinds.setdefault(figure.unit, []).append(figure)
    for date in dates:
        finest = "day" if date.day else "month" if date.month else "year"
        kinds.setdefault(f"date: {finest}", []).append(date)
    kinds["person"] = list(persons_of(text))
    spans = [(f.start, f.end) for f in figures] + [(d.start, d.end) for d in dates]
    told = [
        (date.start, f"{number}{unit}")
        for date in told_dates(text, days)
        for number, unit in ((date.year, "年"), (date.month, "月"), (date.day, "日"))
        if number is not None
    ]
    told += [(figure.start, f"{figure.value} {figure.unit}") for figure in figures]
    return {
        kind: [
            _Placed(
                fact,
                measure_of(text, fact) if isinstance(fact, Figure) else None,
                place_of(
                    text,
                    (fact.start, fact.end),
                    [(other.start, other.end) for other in facts if other is not fact],
                    spans,
                    [
                        (at, word)
                        for at, word in told
                        if at != fact.start or not isinstance(fact, Figure)
                    ],
                ),
                cosine,
            )
            for fact in facts
        ]
        for kind, facts in kinds.items()
    }
