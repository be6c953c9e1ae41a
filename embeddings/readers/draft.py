"""What a reader returns: an article that has no id yet, or the reason why there is none."""

import datetime
from dataclasses import dataclass

from embeddings.types import Kind, Skipped


@dataclass(frozen=True, slots=True)
class Draft:
    """One news item as a reader understood it.

    Attributes:
        given_id: The id that the file itself gives, or None.
        lines: First and last line in the file, from 1; None where lines mean nothing.
        page: The page it begins on, from 1; None in files without pages.
    """

    text: str
    headline: str | None = None
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    date: datetime.date | None = None
    section: str | None = None
    kind: Kind = "article"
    given_id: str | None = None
    lines: tuple[int, int] | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader made of one file. ``skipped`` names parts it could not use."""

    drafts: tuple[Draft, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Unreadable(Exception):
    """A file that cannot be read; its message says why in Chinese and English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def skip(path: str, reason: str) -> Reading:
    """Return the reading of a file of which nothing could be used."""
    return Reading(skipped=(Skipped(path, reason),))
