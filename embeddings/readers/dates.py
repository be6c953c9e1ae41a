"""Publication dates, from fields and file names."""

import datetime
import functools
import re

_IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:"
    # 20220718, 2022-07-18, 2022_07_18, 2022.07.18, 2022/07/18, 2022-07/18
    r"[-_./ ]?(?P<month>0[1-9]|1[0-2])[-_./ ]?(?P<day>0[1-9]|[12]\d|3[01])"
    # 2022-7-8, 2022年7月8日
    r"|\s?(?:(?P<sep>[-_.])|年)\s?(?P<m>1[0-2]|0?[1-9])\s?(?:(?P=sep)|月)\s?"
    r"(?P<d>[12]\d|3[01]|0?[1-9])(?:日|(?!\d))"
    r")(?!\d)"
)

_LANGUAGES = ["zh", "zh-Hant", "en"]
_SETTINGS = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
"""No day is told from today's, as 「昨天」 would be."""
_MAX_WRITTEN = 60
"""Longest date in characters, with weekday, time and zone."""


def parse_date(value: object) -> datetime.date | None:
    """Return the day that a metadata field names, or None where it names none."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_WRITTEN:
        return None
    try:
        return datetime.date.fromisoformat(value.strip()[:10])
    except ValueError:
        return date_in_path(value) or _parse_any(value)


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
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
