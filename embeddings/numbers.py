"""Writes figures and dates in one form, so that 三十六 finds 36 and 7 月 18 日 finds 七月十八日.

What counts as a figure follows GB/T 15835-2011 (General Rules for Writing Numerals in Public
Texts): Arabic digits with or without thousands separators, Chinese numerals by place (三百六十)
or by digit (二〇二二), 万 and 亿 after either, and percentages written 百分之 or %.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8} | {
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_COUNTERS = (
    "个家名位人次年月日号周岁天点条项件辆台座所栋户届期场支队级层楼章节倍元米里公亩吨斤克升度部"
    "本种类省市县区镇村校份张枚艘架批组轮版句字"
)
"""What a lone numeral must stand before to be a figure: 三家, but not 三明 or 统一."""

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = r"[零〇一二三四五六七八九十百千两]+(?:点[零〇一二三四五六七八九]+)?"
_FIGURE = re.compile(
    rf"(?P<share>百分之)?(?:(?<![a-z\d.,])(?P<arabic>{_ARABIC})|(?P<chinese>{_CHINESE}))"
    rf"(?:\s*(?P<scale>[百千万]?亿|[百千]?万|[百千]))?(?:\s*(?P<percent>%))?"
)
_NUMERAL = r"(?:\d{1,4}|[零〇一二三四五六七八九十]{1,4})"
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<year>\d{{4}}|[零〇一二三四五六七八九]{{4}})\s*年\s*)?"
    rf"(?:(?P<month>{_NUMERAL})\s*月(?!球)\s*)?(?:(?P<day>{_NUMERAL})\s*[日号])?"
)
_MAX_CHARACTERS = 24
"""A longer run of digits is a serial number, and has no other form."""


class FoundFigure(NamedTuple):
    """A figure and where it stands, scale (万) included and what it counts left out."""

    value: Decimal
    is_percent: bool
    start: int
    end: int


class FoundDate(NamedTuple):
    """A date, as far as it is told, and where it stands."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int


def find_figures(simplified: str) -> Iterator[FoundFigure]:
    """Yield the figures of a text in order; of dates, their parts.

    Args:
        simplified: In NFKC and Simplified characters.
    """
    for found in _FIGURE.finditer(simplified):
        value = _value(found, simplified)
        if value is None or len(found.group()) > _MAX_CHARACTERS:
            continue
        value *= _SCALES.get(found["scale"] or "", 1)
        yield FoundFigure(value, bool(found["share"] or found["percent"]), *found.span())


def find_dates(simplified: str) -> Iterator[FoundDate]:
    """Yield the dates of a text in order: a year, a month or a day at least.

    Args:
        simplified: In NFKC and Simplified characters.
    """
    for found in _DATE.finditer(simplified):
        year, month, day = (whole_number(found[name]) for name in ("year", "month", "day"))
        if (year, month, day) != (None, None, None):
            yield FoundDate(year, month, day, *found.span())


def figures(simplified: str) -> Iterator[str]:
    """Yield the figures of a text in one form: ``36``, ``15000`` for 1.5万, ``3%``.

    Args:
        simplified: In NFKC and Simplified characters.
    """
    for value, is_percent, start, end in find_figures(simplified):
        form = f"{value.normalize():f}{'%' if is_percent else ''}"
        if is_percent or form != simplified[start:end]:  # which is a term as it stands
            yield form


def dates(simplified: str) -> Iterator[str]:
    """Yield the dates of a text in one form, whole and in parts: ``7月18日``, ``7月``, ``18日``.

    Args:
        simplified: In NFKC and Simplified characters.
    """
    for year, month, day, _start, _end in find_dates(simplified):
        parts = [
            f"{number}{unit}"
            for number, unit in ((year, "年"), (month, "月"), (day, "日"))
            if number is not None
        ]
        yield from parts
        if month is not None and len(parts) > 1:
            yield "".join(parts[-2:])


def whole_number(numeral: str | None) -> int | None:
    """Return the value of a numeral in digits or Chinese, or None where it is none."""
    if not numeral:
        return None
    return int(numeral) if numeral.isdecimal() else _integer(numeral)


def _value(found: re.Match[str], text: str) -> Decimal | None:
    if found["arabic"]:
        return Decimal(found["arabic"].replace(",", ""))
    numeral = found["chinese"]
    marked = found["share"] or found["percent"] or found["scale"]
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    counts = before == "第" or (after and after in _COUNTERS)
    # 统一一些, 三五成群: what has no place and counts nothing is hardly a figure.
    bare = len(numeral) == 1 or (len(numeral) == 2 and _PLACES.keys().isdisjoint(numeral))
    if bare and not marked and not counts:
        return None
    whole, _, fraction = numeral.partition("点")
    integer = _integer(whole)
    if integer is None:
        return None
    digits = "".join(str(_DIGITS[c]) for c in fraction)
    return Decimal(f"{integer}.{digits}") if digits else Decimal(integer)


def _integer(numeral: str) -> int | None:
    """Return the value of a Chinese numeral below 10,000 or read by digit, or None if neither."""
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, last, place = 0, 1 if numeral[0] in _PLACES else None, 10_000
    for character in numeral:
        if character in _PLACES:
            if last is None or _PLACES[character] >= place:
                return None
            place = _PLACES[character]
            total, last = total + last * place, None
        elif last:  # 三四十: about so many
            return None
        else:
            last = _DIGITS[character] or None
    return total + (last or 0)
