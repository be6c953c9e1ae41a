"""The days, months and years that a text tells, in Chinese or English. Everything here is pure."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.numbers import find_dates

_MONTH_WORDS = """
january february march april may june july august september october november december
"""
_MONTHS = {name: number for number, name in enumerate(_MONTH_WORDS.split(), start=1)}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if name != "may" else "may" for name in _MONTHS)
_ENGLISH_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<month>{_MONTH})(?![a-z])"
    rf"(?:\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<year>\d{{4}}))?"
)
_OTHER_WORDS = ("may", "march")
"""Months whose names are other words as well."""
_BEFORE_DAY = re.compile(r"\b(?:on|since|from|until|till|between|before|after)\s$")
_BEFORE_MONTH = re.compile(r"\b(?:in|since|from|until|till|by|of|last|next|early|mid|late)[\s-]$")
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,]*\d)(?!\s*[\u4e00-\u9fff])")
_PARTS_OF_YEAR = (
    ("上半年", "下半年"),
    ("一季度", "二季度", "三季度", "四季度"),
    ("年初", "年中", "年底"),
)
_RANGE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*[-—–~至到]\s*(?:19|20)?\d{2}\s*年)")
_RANGE_DAY = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?=\s*[-—–~至到]\s*(?:\d{1,2}月)?\d{1,2}\s*[日号])"
)
_NUMBER = re.compile(r"(?![在从到至于是前后的和与截约自定期本每])[\u4e00-\u9fff]\w{1,3}号$")
"""A number that is no day: 神舟十四号."""
_RELATIVE_YEAR = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_RELATIVE_MONTH = {"上月": -1, "上个月": -1, "本月": 0, "这个月": 0, "下月": 1, "下个月": 1}
_RELATIVE_DAY = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1}
_RELATIVE = re.compile("|".join([*_RELATIVE_YEAR, *_RELATIVE_MONTH, *_RELATIVE_DAY]))
_FESTIVALS = {"元旦": (1, 1), "劳动节": (5, 1), "儿童节": (6, 1), "建军节": (8, 1)} | {
    "教师节": (9, 10),
    "国庆": (10, 1),
    "圣诞": (12, 25),
}
_FESTIVAL = re.compile("|".join(_FESTIVALS))


@dataclass(frozen=True, slots=True)
class Date:
    """A day, or as much of one as is told.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
    """

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def contradicts(self, other: "Date") -> bool:
        """Tell whether another date says something else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(None not in pair and pair[0] != pair[1] for pair in pairs)

    def told_by(self, other: "Date", context: Sequence["Date"]) -> bool:
        """Tell whether another date says this one, with what it leaves to its context.

        「19日」 of an article on July is the 19th of July; of 「今年5月」 the year is known.
        """
        if self.contradicts(other):
            return False
        if self.day is not None:
            finest = other.day
        else:
            finest = other.year if self.month is None else other.month
        years = {other.year} if other.year else {date.year for date in context}
        months = {other.month} if other.month else {date.month for date in context}
        return (
            finest is not None
            and (self.year is None or self.year in years)
            and (self.month is None or self.month in months)
        )


def strange_parts_of_year(simplified: str, evidence: str) -> tuple[str, ...]:
    """Return halves and quarters that a claim tells where its evidence tells another only."""
    return tuple(
        part
        for parts in _PARTS_OF_YEAR
        for part in parts
        if part in simplified and part not in evidence
        if any(other in evidence for other in parts)
    )


def dates_of(simplified: str) -> list[Date]:
    """Return the dates of a text, in order.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
    """
    found = [
        Date(int(m["year"]), int(m["month"]), int(m["day"]), *m.span())
        for m in _ISO_DATE.finditer(simplified)
    ]
    found += [
        Date(*date)
        for date in find_dates(simplified)
        if not _NUMBER.search(simplified, 0, date.end) or date.month or date.year
    ]
    found += _english_dates(simplified)
    taken = {place for date in found for place in range(date.start, date.end)}
    found += [
        Date(int(m.group(0)[:4]), None, None, *m.span())
        for pattern in (_YEAR, _RANGE_YEAR)
        for m in pattern.finditer(simplified)
        if not taken & set(range(*m.span()))
    ]
    found += [
        Date(None, None, int(m["day"]), *m.span())
        for m in _RANGE_DAY.finditer(simplified)
        if not taken & set(range(*m.span()))
    ]
    return sorted(set(found), key=lambda date: date.start)


def told_dates(simplified: str, days: Sequence[datetime.date]) -> list[Date]:
    """Return the dates of a text, and those that it tells in other words: 元旦, 去年, 上月.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
        days: Its days of publication, which 「去年」 is counted from.
    """
    festivals = [
        Date(None, *_FESTIVALS[m.group()], *m.span()) for m in _FESTIVAL.finditer(simplified)
    ]
    return [*dates_of(simplified), *festivals, *_relative_dates(simplified, days)]


def _relative_dates(simplified: str, days: Sequence[datetime.date]) -> Iterator[Date]:
    """Yield the dates that a text counts from its day of publication."""
    for m in _RELATIVE.finditer(simplified):
        word = m.group()
        for day in days:
            if word in _RELATIVE_YEAR:
                yield Date(day.year + _RELATIVE_YEAR[word], None, None, *m.span())
            elif word in _RELATIVE_MONTH:
                months = day.year * 12 + day.month - 1 + _RELATIVE_MONTH[word]
                yield Date(months // 12, months % 12 + 1, None, *m.span())
            else:
                that = day + datetime.timedelta(days=_RELATIVE_DAY[word])
                yield Date(that.year, that.month, that.day, *m.span())


def _english_dates(simplified: str) -> Iterator[Date]:
    for m in _ENGLISH_DATE.finditer(simplified):
        if m["month"] in _OTHER_WORDS and not _is_month(simplified, m):
            continue
        day, year = m["day"] or m["day_after"], m["year"]
        month = next(n for name, n in _MONTHS.items() if name.startswith(m["month"][:3]))
        yield Date(int(year) if year else None, month, int(day) if day else None, *m.span())


def _is_month(simplified: str, m: re.Match[str]) -> bool:
    """Tell whether what stands beside 「may」 or 「march」 makes a month of it.

    Not a number alone: 「about 20 may lose their jobs」.
    """
    if m["year"] or m["day_after"]:
        return True
    before = simplified[: m.start()]
    if m["day"] is None:
        return _BEFORE_MONTH.search(before) is not None
    alone = simplified[m.end("day") : m.start("month")].isspace()
    return not alone or m["month"] == "march" or _BEFORE_DAY.search(before) is not None
