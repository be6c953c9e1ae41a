"""What a sentence states that can be looked up: figures, dates and names, each in one form.

Written for comparing a sentence with what it is said to be taken from, in Chinese or English.
Everything here is pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from embeddings.numbers import find_dates, find_figures, whole_number

Unit = Literal[
    "count", "ordinal", "percent", "clock", "century", "year", "month", "week", "day", "hour",
    "minute", "second", "area", "length", "money", "points",
]  # fmt: skip

_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("hour", re.compile(r"个?小时|个?钟头|-?\s*hours?\b")),
    ("clock", re.compile(r"[时点:]|\s*[ap]\.?m\b")),
    ("century", re.compile(r"世纪|-?\s*(?:st|nd|rd|th)?\s*centur")),
    ("year", re.compile(r"周?[年岁]|-?\s*years?\b")),
    ("month", re.compile(r"个?月|-?\s*months?\b")),
    ("week", re.compile(r"周(?!年)|个?星期|-?\s*weeks?\b")),
    ("day", re.compile(r"[日天]|-?\s*days?\b")),
    ("minute", re.compile(r"分钟|-?\s*minutes?\b")),
    ("second", re.compile(r"秒|-?\s*seconds?\b")),
    ("area", re.compile(r"平方|公顷|亩|-?\s*(?:square|sq\b|hectare|acre)")),
    ("length", re.compile(r"公[里米]|[厘毫]?米|里(?!面)|-?\s*(?:met(?:er|re)|kilomet|km\b|mile)")),
    ("money", re.compile(r"元|人民币|[美欧日]元|块钱|-?\s*(?:yuan|rmb|dollar)")),
    ("points", re.compile(r"分(?!之|支|区|别)|-?\s*(?:points?|score)\b")),
)
_RANGE = re.compile(r"\s*(?:[-—–~～]|至|到|to\b)\s*(?:公元)?")
_ORDINAL_BEFORE = re.compile(r"(?:第|首)\s*$")
_ORDINAL_AFTER = re.compile(r"\s*(?:号(?!文)|(?:st|nd|rd|th)\b)")
_FIRST = re.compile(r"首(?=[个次批届位家座支项名条])|\bfirst\b")
_THOUSAND_OF = re.compile(r"千(?=[米克])")
"""Part of a measure that has another name, and no numeral: 千米 is 公里, 千克 is 公斤."""
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
"""A comma that separates no thousands: NFKC has made one of 「，」."""

_DIGIT_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
_ENGLISH_DIGITS = (
    {word: value for value, word in enumerate(_DIGIT_WORDS.split())}
    | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
    | {"ninety": 90}
)
_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth
"""
_ENGLISH_ORDINALS = {
    word: value
    for value, word in enumerate(
        _ORDINAL_WORDS.split(),
        start=1,
    )
}
_ENGLISH_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_DIGIT_WORD = "|".join(_ENGLISH_DIGITS)
_ENGLISH_WORD = re.compile(
    rf"\b(?:{_DIGIT_WORD}|{'|'.join(_ENGLISH_ORDINALS)})\b(?:-({_DIGIT_WORD})\b)?"
)
_ENGLISH_SCALE = re.compile(rf"\s*({'|'.join(_ENGLISH_SCALES)})s?\b")
_ENGLISH_PERCENT = re.compile(r"\s*(?:percent\b|per cent\b|%)")
_MONTH_WORDS = """
january february march april may june july august september october november december
"""
_MONTHS = {
    name: number
    for number, name in enumerate(
        _MONTH_WORDS.split(),
        start=1,
    )
}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if name != "may" else "may" for name in _MONTHS)
_ENGLISH_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<month>{_MONTH})(?![a-z])"
    rf"(?:\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<year>\d{{4}}))?"
)
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,]*\d)(?!\s*[\u4e00-\u9fff])")
_RANGE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*[-—–~至到]\s*(?:19|20)?\d{2}\s*年)")
_HOUR = r"\d{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_CLOCK = re.compile(
    rf"(?P<half>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上?)?\s*(?<![\d.])(?P<hour>{_HOUR})\s*"
    rf"(?:[时点]\s*(?P<thirty>半)?(?P<minute>{_HOUR})?分?"
    r"|:(?P<minutes>\d\d)(?!\d)(?:\s*(?P<english>[ap])\.?m)?)"
)
_AFTERNOON = ("中午", "下午", "傍晚", "晚上", "晚", "p")
_FIRST_EVER = re.compile(r"首|头一|第一|没有先例|前所未有|从未|初次|\bfirst\b|\bnever\b")
_HALF_A_YEAR = re.compile(r"[上下]?半年")
_ONE = re.compile(r"一(?=[年月周天日岁小分次])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the kind of thing that it counts or measures.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
    """

    value: Decimal
    unit: Unit
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Date:
    """A day, or as much of one as is told."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def told_by(self, other: "Date") -> bool:
        """Tell whether another date says all that this one says."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def contradicts(self, other: "Date") -> bool:
        """Tell whether another date says something else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def dates_of(simplified: str) -> list[Date]:
    """Return the dates of a text, in order.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
    """
    found = [
        Date(int(m["year"]), int(m["month"]), int(m["day"]), *m.span())
        for m in _ISO_DATE.finditer(simplified)
    ]
    found += [Date(*date) for date in find_dates(simplified)]
    for m in _ENGLISH_DATE.finditer(simplified):
        day, year = m["day"] or m["day_after"], m["year"]
        if m["month"] == "may" and not day and not year:
            continue
        month = next(n for name, n in _MONTHS.items() if name.startswith(m["month"][:3]))
        found.append(Date(int(year) if year else None, month, int(day) if day else None, *m.span()))
    taken = _covered(found)
    found += [
        Date(int(m.group(0)[:4]), None, None, *m.span())
        for pattern in (_YEAR, _RANGE_YEAR)
        for m in pattern.finditer(simplified)
        if not taken & set(range(*m.span()))
    ]
    return sorted(found, key=lambda date: date.start)


def figures_of(simplified: str) -> list[Figure]:
    """Return the figures of a text that are no dates, in order; 「一个」 is none.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
    """
    found = _clocks(simplified)
    taken = _covered([*dates_of(simplified), *found])
    simplified = _THOUSAND_OF.sub("公", _COMMA.sub(" ", simplified))
    for value, percent, start, end in (*find_figures(simplified), *_english(simplified)):
        if taken & set(range(start, end)):
            continue
        scale = _ENGLISH_SCALE.match(simplified, end)
        if scale:
            value, end = value * _ENGLISH_SCALES[scale[1]], scale.end()
        percent = percent or bool(_ENGLISH_PERCENT.match(simplified, end))
        unit = "percent" if percent else _unit(simplified, start, end)
        if unit == "ordinal" or simplified[start:end] != "一":
            found.append(Figure(value, unit, start, end))
    found += [Figure(Decimal(1), "ordinal", *m.span()) for m in _FIRST.finditer(simplified)]
    return sorted(set(found), key=lambda figure: (figure.start, figure.unit))


def told_figures(simplified: str) -> list[Figure]:
    """Return the figures of a text, and those that it tells in other words: 上半年 is 6个月."""
    places = (
        *((Figure(Decimal(6), "month", *m.span())) for m in _HALF_A_YEAR.finditer(simplified)),
        *((Figure(Decimal(1), "ordinal", *m.span())) for m in _FIRST_EVER.finditer(simplified)),
        *(
            Figure(Decimal(1), _unit(simplified, *m.span()), *m.span())
            for m in _ONE.finditer(simplified)
        ),
    )
    return [*figures_of(simplified), *places]


def listed(simplified: str) -> set[Decimal]:
    """Return how many things each enumeration of a text has: they are counted by themselves."""
    counts = set()
    for clause in re.split(r"[，,。；;：:（）()]|\b(?:are|is|were|was)\b", simplified):
        items = len(re.split(r"、|和|及|与|\band\b", clause))
        if items > 1:
            counts.add(Decimal(items))
    return counts


def _clocks(simplified: str) -> list[Figure]:
    """Return the times of day, each the hour of 24 with the minute after the point."""
    found = []
    for m in _CLOCK.finditer(simplified):
        hour = whole_number(m["hour"])
        minute = whole_number(m["minute"] or m["minutes"] or ("30" if m["thirty"] else "0"))
        if hour is None or minute is None or (m["hour"] == "一" and not m["half"]):
            continue
        if hour < 12 and (m["half"] or m["english"]) in _AFTERNOON:
            hour += 12
        found.append(Figure(Decimal(hour) + Decimal(minute) / 100, "clock", *m.span()))
    return found


def _english(simplified: str) -> Iterator[tuple[Decimal, bool, int, int]]:
    for m in _ENGLISH_WORD.finditer(simplified):
        word = m.group().split("-")[0]
        if word in _ENGLISH_ORDINALS or word == "one":
            continue  # first of all, secondly, one of them
        value = _ENGLISH_DIGITS[word] + (_ENGLISH_DIGITS[m[1]] if m[1] else 0)
        yield Decimal(value), False, m.start(), m.end()


def _unit(simplified: str, start: int, end: int) -> Unit:
    if _ORDINAL_BEFORE.search(simplified[:start]) or _ORDINAL_AFTER.match(simplified, end):
        return "ordinal"
    if re.search(r"\d[时点:]$", simplified[:start]):
        return "clock"
    at = end + len(simplified[end:]) - len(simplified[end:].lstrip(" 多余来几"))
    unit = next((unit for unit, pattern in _UNITS if pattern.match(simplified, at)), None)
    span = _RANGE.match(simplified, end)
    if unit is None and span:  # 10至14世纪
        last = next((f for f in find_figures(simplified) if f.start == span.end()), None)
        return _unit(simplified, last.start, last.end) if last else "count"
    return unit or "count"


def _covered(found: Sequence[Date | Figure]) -> set[int]:
    return {place for one in found for place in range(one.start, one.end)}
