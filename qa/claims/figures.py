"""The figures that a text tells, each with the kind of thing that it counts or measures.

In Chinese or English; figures told roughly have bounds. Everything here is pure.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from embeddings.numbers import whole_number
from qa.claims.dates import dates_of
from qa.claims.numerals import find_numerals

Unit = Literal[
    "count", "ordinal", "percent", "clock", "century", "year", "month", "week", "day", "hour",
    "minute", "second", "area", "length", "money", "points", "times",
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
    ("times", re.compile(r"倍")),
    ("points", re.compile(r"分(?!之|支|区|别)|-?\s*(?:points?|score)\b")),
)
_LOOSE: dict[Unit, tuple[Unit, ...]] = {"count": ("money", "area", "length", "points")}
"""What a figure may measure in one text though the other names no measure."""
_RANGE = re.compile(r"\s*(?:[-—–~～]|至|到|to\b)\s*(?:公元)?")
_ORDINAL_BEFORE = re.compile(r"(?:第\s*(?:\d{1,3}\s*[、和至到—-]\s*)*|首\s*)$")
_ORDINAL_AFTER = re.compile(r"\s*(?:号(?!文)|(?:st|nd|rd|th)\b)")
_FIRST = re.compile(r"首(?=[个次批届位家座支项名条])|\bfirst\b")
_MEASURE = re.compile(r"\s*[多余来几]?\s*(人次|[\u4e00-\u9fff])")
_SAME_MEASURE = {"名": "人", "位": "人"}
_ANY_MEASURE = "个多余来几以左上至到和与及、的约是"
"""「个」 counts most things; the others count nothing."""
_HOUR = r"\d{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_CLOCK = re.compile(
    rf"(?P<half>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上?)?\s*(?<![\d.])(?P<hour>{_HOUR})\s*"
    rf"(?=[时点]|:\d\d(?!\d)|[ap]\.?m\b)(?:[时点]\s*(?P<thirty>半)?(?P<minute>{_HOUR})?分?)?"
    r"(?::(?P<minutes>\d\d))?(?:\s*(?P<english>[ap])\.?m\b)?"
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
        low: The least value that it may stand for.
        high: The greatest.
    """

    value: Decimal
    unit: Unit
    start: int
    end: int
    low: Decimal
    high: Decimal

    def told_by(self, other: "Figure") -> bool:
        """Tell whether another figure says this one, exactly or as roughly as this one does."""
        units = (self.unit, other.unit)
        if units == ("count", "ordinal"):  # 三回, of 第三次
            return self.value == other.value
        if units[0] != units[1] and not any(
            units[not i] in _LOOSE.get(units[i], ()) for i in (0, 1)
        ):
            return False
        if units == ("clock", "clock") and self.value % 1 == 0:
            return self.value == other.value // 1  # the hour alone
        if self.value == other.value or self.low <= other.value <= self.high:
            return True
        return self.low < self.high and other.low <= self.value <= other.high


def figures_of(simplified: str) -> list[Figure]:
    """Return the figures of a text that are no dates, in order; 「一个」 is none.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
    """
    found = _clocks(simplified)
    spans = [(f.start, f.end) for f in found] + [(d.start, d.end) for d in dates_of(simplified)]
    taken = {place for start, end in spans for place in range(start, end)}
    for n in find_numerals(simplified):
        unit = "percent" if n.is_percent else _unit(simplified, n.start, n.end)
        is_one = unit != "ordinal" and simplified[n.start : n.end] == "一"
        if not is_one and not taken & set(range(n.start, n.end)):
            found.append(Figure(n.value, unit, n.start, n.end, n.low, n.high))
    found += [_one("ordinal", m) for m in _FIRST.finditer(simplified)]
    return sorted(set(found), key=lambda figure: (figure.start, figure.unit))


def told_figures(simplified: str) -> list[Figure]:
    """Return the figures of a text, and those that it tells in other words: 上半年 is 6个月."""
    six = Decimal(6)
    return [
        *figures_of(simplified),
        *(Figure(six, "month", *m.span(), six, six) for m in _HALF_A_YEAR.finditer(simplified)),
        *(_one("ordinal", m) for m in _FIRST_EVER.finditer(simplified)),
        *(_one(_unit(simplified, *m.span()), m) for m in _ONE.finditer(simplified)),
    ]


def _one(unit: Unit, m: re.Match[str]) -> Figure:
    return Figure(Decimal(1), unit, *m.span(), Decimal(1), Decimal(1))


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
        elif hour == 12 and m["english"] == "a":
            hour = 0
        value = Decimal(hour) + Decimal(minute) / 100
        found.append(Figure(value, "clock", *m.span(), value, value))
    return found


def _unit(simplified: str, start: int, end: int) -> Unit:
    if _ORDINAL_BEFORE.search(simplified[:start]) or _ORDINAL_AFTER.match(simplified, end):
        return "ordinal"
    if re.search(r"\d[时点]$", simplified[:start]):
        return "clock"
    at = end + len(simplified[end:]) - len(simplified[end:].lstrip(" 多余来几"))
    unit = next((unit for unit, pattern in _UNITS if pattern.match(simplified, at)), None)
    span = _RANGE.match(simplified, end)
    if unit is None and span:  # 10至14世纪
        last = next((f for f in find_numerals(simplified) if f.start == span.end()), None)
        return _unit(simplified, last.start, last.end) if last else "count"
    return unit or "count"


def measure_of(simplified: str, figure: Figure) -> str | None:
    """Return what a figure is counted in (36家), or None where it is not told."""
    found = _MEASURE.match(simplified, figure.end)
    if found is None or found[1] in _ANY_MEASURE:
        return None
    return _SAME_MEASURE.get(found[1], found[1])
