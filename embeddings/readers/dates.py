"""Publication dates, from fields and file names."""

import datetime
import re

import dateparser

_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)"
)


def parse_date(value: object) -> datetime.date | None:
    """Return the day that a metadata field names, or None where it names none."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        return datetime.date.fromisoformat(value.strip()[:10])
    except ValueError:
        parsed = dateparser.parse(value, settings={"REQUIRE_PARTS": ["day", "month", "year"]})
        return parsed.date() if parsed else None


def date_in_name(name: str) -> datetime.date | None:
    """Return the day in a file name such as ``2022-07-20-03.txt``, or None."""
    match = _IN_NAME.search(name)
    if match is None:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
