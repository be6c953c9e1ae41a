"""The command line's options that narrow a search."""

import datetime
from typing import Annotated

import typer

from embeddings import Filters
from embeddings.errors import InputError
from embeddings.types import Kind

_PANEL = "筛选 Filters"


SinceOption = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="此日及以后，如 2022-07-01 · From this day on",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="此日及以前 · Up to and including this day",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
AuthorOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="作者全名 · A reporter's whole name",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
SectionOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="版面或其中几个字 · Section, or a part of its name",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        help="文件或文件夹 · File or folder",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
KindOption = Annotated[
    Kind | None,
    typer.Option(
        help="文章或图片说明 · Articles or captions of photographs",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
ArticleOption = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="一篇文章的编号 · The id of one article",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]


def filters_from(
    since: str | None,
    until: str | None,
    author: str | None,
    section: str | None,
    source: str | None,
    kind: Kind | None,
    article: str | None = None,
) -> Filters:
    """Return the filters that options ask for.

    Raises:
        InputError: A date is none, or the filters contradict each other.
    """
    return Filters(_day(since), _day(until), author, section, source, kind, article)


def _day(text: str | None) -> datetime.date | None:
    """Read a day as ISO 8601 writes it."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            f"“{text}” 不是日期。请写成 2022-07-01 这样的年-月-日。",
            f"“{text}” is not a date. Write year-month-day, as in 2022-07-01.",
        ) from error
