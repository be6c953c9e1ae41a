"""Publication dates, from fields and file names."""

import datetime
import functools
import re
import unicodedata

from embeddings.numbers import find_dates, whole_number

_IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:"
    # 20220718, 2022-07-18, 2022_07_18, 2022.07.18, 2022/07/18, 2022-07/18
    r"[-_./ ]?(?P<month>0[1-9]|1[0-2])[-_./ ]?(?P<day>0[1-9]|[12]\d|3[01])"
    # 2022-7-8, 2022年7月8日
    r"|\s?(?:(?P<sep>[-_.])|年)\s?(?P<m>1[0-2]|0?[1-9])\s?(?:(?P=sep)|月)\s?"
    r"(?P<d>[12]\d|3[01]|0?[1-9])(?:日|(?!\d))"
    r")(?!\d)"
)
_DIGITS = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:\d\d){0,3}")
"""A day, and a time to the hour, minute or second."""
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?(?:\.\d*)?")
"""Seconds or milliseconds since 1970, of the years 2001 to 2033."""
_CHINA = datetime.timezone(datetime.timedelta(hours=8))
"""Whose day it is at the moment that an epoch names."""
_REPUBLIC = re.compile(r"民[國国]\s*(?P<year>\d{1,3}|[一二三四五六七八九十百零〇]{1,5})\s*年")
_BEFORE_REPUBLIC = 1911

_LANGUAGES = ["zh", "zh-Hant", "en"]
_SETTINGS = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
"""No day is told from today's, as 「昨天」 would be."""
_MAX_WRITTEN = 60
"""Longest date in characters, with weekday, time and zone."""


def parse_date(value: object) -> datetime.date | None:
    """Return the day that a metadata field names, or None where it names none.

    Besides dates as they are written, in Chinese numerals and years of the Republic of China too,
    these are digits alone, as text or a number: 20220718, and seconds or milliseconds since 1970.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float) and 0 < value < 10**14:
        value = str(int(value))
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_WRITTEN:
        return None
    value = value.strip()
    if epoch := _EPOCH.fullmatch(value):
        return datetime.datetime.fromtimestamp(int(epoch["seconds"]), _CHINA).date()
    if digits := _DIGITS.fullmatch(value):
        return _day(digits["year"], digits["month"], digits["day"])
    try:
        return datetime.date.fromisoformat(value[:10])
    except ValueError:
        return date_in_path(value) or _chinese_date(value) or _parse_any(value)


def _chinese_date(value: str) -> datetime.date | None:
    """Return the day of 「二〇二二年七月十八日」 or 「民國111年7月18日」."""
    normal = unicodedata.normalize("NFKC", value).replace("○", "〇")
    for year, month, day, *_ in find_dates(_REPUBLIC.sub(_in_common_era, normal)):
        if year and month and day:
            return _day(year, month, day)
    return None


def _in_common_era(republic: re.Match[str]) -> str:
    return f"{(whole_number(republic['year']) or 0) + _BEFORE_REPUBLIC}年"


@functools.lru_cache(maxsize=1024)
def _parse_any(value: str) -> datetime.date | None:
    """Parse a date in whatever form; that takes 10 ms, and records repeat their dates."""
    import dateparser

    parsed = dateparser.parse(value, languages=_LANGUAGES, settings=_SETTINGS)
    return parsed.date() if parsed else None


def date_in_path(path: str) -> datetime.date | None:
    """Return the day that a file's name or folders tell, as in ``2022-07/18/03.pdf``, or None.

    The last day in it counts: a name says more than the folder it is in.
    """
    for match in reversed(list(_IN_PATH.finditer(path))):
        year, month, day = match["year"], match["month"] or match["m"], match["day"] or match["d"]
        if (found := _day(year, month, day)) is not None:
            return found
    return None


def _day(year: int | str, month: int | str, day: int | str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
