"""What a reader returns: an article that has no id yet."""

import datetime
from dataclasses import dataclass

from embeddings.types import Kind, Skipped


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one particular of an article was taken from; both in Chinese and English."""

    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One news item as a reader understood it.

    Attributes:
        given_id: The id that the file itself gives, or None.
        lines: First and last line in the file, from 1; None where lines mean nothing.
        origins: Where its particulars come from; empty on pages, whose lines tell.
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
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader made of one file. ``skipped`` names parts it could not use."""

    drafts: tuple[Draft, ...] = ()
    skipped: tuple[Skipped, ...] = ()
