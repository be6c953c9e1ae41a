"""What a reader returns: an article that has no id yet, or the reason why there is none."""

import dataclasses
import datetime
from collections.abc import Sequence
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
    origins: tuple[Origin, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What became of one line of a page.

    Attributes:
        line: Its number in the file, from 1; on pages of PDF and images in reading order.
        text: As extracted.
        role: What it was taken for, in Chinese and English.
        item: Number of the item it went to, from 1; None where it went to none.
        why: What that was told from, in Chinese and English; may be empty.
        page: The page it is on, from 1; None in files without pages.
    """

    line: int
    text: str
    role: str
    item: int | None
    why: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader made of one file, or of a part of it.

    Attributes:
        skipped: Names parts that could not be used.
        accounts: What became of each line, where that was asked for.
    """

    drafts: tuple[Draft, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    accounts: tuple[LineAccount, ...] = ()


def joined(readings: Sequence[Reading]) -> Reading:
    """Return the readings of a file's parts as one; items are numbered through."""
    accounts: list[LineAccount] = []
    items = 0
    for reading in readings:
        for account in reading.accounts:
            item = None if account.item is None else account.item + items
            accounts.append(dataclasses.replace(account, item=item))
        items += len(reading.drafts)
    return Reading(
        tuple(draft for reading in readings for draft in reading.drafts),
        tuple(skipped for reading in readings for skipped in reading.skipped),
        tuple(accounts),
    )


def on_page(reading: Reading, page: int | None, place: str) -> Reading:
    """Return the reading of a page that has a number, but no lines that a reader could see."""
    return Reading(
        tuple(dataclasses.replace(draft, lines=None, page=page) for draft in reading.drafts),
        tuple(dataclasses.replace(skipped, path=place) for skipped in reading.skipped),
        tuple(dataclasses.replace(account, page=page) for account in reading.accounts),
    )


class Unreadable(Exception):
    """A file that cannot be read; its message says why in Chinese and English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


TRY_AGAIN = "run wenbao rebuild again"
"""Ends the reason of a failure that may pass: rebuilds read again what was skipped with it."""


class Interrupted(Unreadable):
    """A file that could not be read this time, on a machine that may have been too busy."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}；请再运行一次 wenbao rebuild", f"{english}; {TRY_AGAIN}")


def skip(path: str, reason: str) -> Reading:
    """Return the reading of a file of which nothing could be used."""
    return Reading(skipped=(Skipped(path, reason),))
