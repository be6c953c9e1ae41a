"""The days that options of the command line name."""

import datetime

from embeddings.errors import InputError


def day_from(text: str | None) -> datetime.date | None:
    """Return the day that an option names as ISO 8601 writes it, or None where it is not given.

    Raises:
        InputError: It is no day.
    """
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            f"“{text}” 不是日期。请写成 2022-07-01 这样的年-月-日。",
            f"“{text}” is not a date. Write year-month-day, as in 2022-07-01.",
        ) from error
