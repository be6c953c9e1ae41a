"""Figures that a text does not tell but implies: what it lists, and the time between its dates."""

import datetime
import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from qa.claims.dates import Date, dates_of
from qa.claims.figures import Figure, figures_of, measure_of

_CLAUSE = re.compile(r"[，,。；;：:（）()\n]|\b(?:are|is|were|was)\b")
_ITEM = re.compile(r"、|和|及|与|\band\b")
_BESIDE = re.compile(r"[^,，。；;\n]{1,10}(?:、|和|及|与)")
_MOST_LISTED = 9
_A_FEW = 2
"""Things that are counted without being told so: 两地, 两人."""
_COUNTED = re.compile(r"[\u4e00-\u9fff]([\u4e00-\u9fff]{2})")
"""What is counted, after its measure."""
_FIRST_DAYS = re.compile(r"[前头]$")
_LEAP = 2000
"""A year with all days, for dates that tell none."""


def is_counted(figure: Figure, simplified: str, evidence: str, there: Sequence[Figure]) -> bool:
    """Tell whether a figure counts what the claim itself or its evidence lists.

    Args:
        figure: One of the claim's.
        simplified: The claim, in NFKC, lower case and Simplified characters.
        evidence: In the same form.
        there: The figures of the evidence.
    """
    if figure.unit != "count":
        return False
    if any(figure.low <= total <= figure.high for total in _sums(evidence, there)):
        return True
    before = _CLAUSE.split(simplified[: figure.start])[-1].split("、")
    if figure.value == len(before) > _A_FEW:
        return True  # 许湾、搬口、文昌三个办事处
    listed = _listed(simplified) | _listed(evidence)
    counted = figure.value <= _MOST_LISTED and figure.value in listed
    return counted and not _has_rival(figure, simplified, evidence, there)


def is_implied(figure: Figure, simplified: str, evidence: str, there: Sequence[Figure]) -> bool:
    """Tell whether the evidence has no such figure, but what gives it.

    Args:
        figure: One of the claim's.
        simplified: The claim, in NFKC, lower case and Simplified characters.
        evidence: In the same form.
        there: The figures of the evidence.
    """
    dates = dates_of(evidence)
    if figure.unit == "day" and _FIRST_DAYS.search(simplified[: figure.start]):
        return any(date.day == figure.value for date in dates)  # 前20天 of 1-20日
    if figure.unit == "day" and any(
        date.day == figure.value and date.month is None for date in dates
    ):
        return True  # 五天, of 拘留5日
    if figure.unit in ("year", "day", "hour"):
        if any(other.unit == figure.unit for other in there):
            return False
        return any(figure.low <= span <= figure.high for span in _spans(figure.unit, dates))
    if figure.unit == "percent":  # a share, where the evidence has none to compare it with
        rough = figure.low < figure.high and not re.search(
            r"\d", simplified[figure.start : figure.end]
        )
        return rough and not any(other.unit == "percent" for other in there)
    if figure.unit != "count" or figure.value > _A_FEW:
        return False
    return not _has_rival(figure, simplified, evidence, there)


def _has_rival(figure: Figure, simplified: str, evidence: str, there: Sequence[Figure]) -> bool:
    """Tell whether the evidence counts the same things: 「两个片区」 for 「三个片区」."""
    measure, counted = measure_of(simplified, figure), _COUNTED.match(simplified, figure.end)
    claims = figures_of(simplified)
    for other in there:
        if other.unit == "ordinal" or any(claim.told_by(other) for claim in claims):
            continue
        also = _COUNTED.match(evidence, other.end)
        if counted and also and counted[1] == also[1]:
            return True
        if measure is not None and measure_of(evidence, other) == measure:
            return True
    return False


def _listed(text: str) -> set[Decimal]:
    """Return how many items each enumeration of a text has."""
    return {Decimal(len(_ITEM.findall(clause)) + 1) for clause in _CLAUSE.split(text)} - {1}


def _sums(text: str, there: Sequence[Figure]) -> set[Decimal]:
    """Return the sums of counts that stand beside each other: 5个工作组和3个专家组."""
    counts = [figure for figure in there if figure.unit == "count"]
    return {
        one.value + other.value
        for one, other in itertools.pairwise(counts)
        if _BESIDE.fullmatch(text, one.end, other.start)
    }


def _spans(unit: str, dates: Sequence[Date]) -> set[Decimal]:
    """Return the times between dates, in a unit; of days, the first counted in or not."""
    if unit == "year":
        years = sorted({date.year for date in dates if date.year})
        return {Decimal(late - early) for early, late in itertools.combinations(years, 2)}
    month, days = None, set()
    for date in dates:
        month = date.month or month
        if date.day and month:
            try:
                days.add(datetime.date(date.year or _LEAP, month, date.day))
            except ValueError:  # 2月30日
                continue
    between = {(late - early).days for early, late in itertools.combinations(sorted(days), 2)}
    if unit == "hour":
        return {Decimal(24 * number) for number in between}
    return {Decimal(number + more) for number in between for more in (0, 1)}
