"""The command line's options that narrow a search."""

from typing import Annotated

import typer
from typer.models import OptionInfo

from embeddings import Filters
from embeddings.day import day_from
from embeddings.types import Kind

_PANEL = "筛选 Filters"


def _narrows(help: str, metavar: str | None = None) -> OptionInfo:
    option: OptionInfo = typer.Option(
        metavar=metavar, help=help, show_default=False, rich_help_panel=_PANEL
    )
    return option


SinceOption = Annotated[
    str | None, _narrows("此日及以后，如 2022-07-01 · From this day on", "DATE")
]
UntilOption = Annotated[str | None, _narrows("此日及以前 · Up to and including this day", "DATE")]
AuthorOption = Annotated[str | None, _narrows("作者全名 · A reporter's whole name", "NAME")]
SectionOption = Annotated[
    str | None, _narrows("版面或其中几个字 · Section, or a part of its name", "NAME")
]
SourceOption = Annotated[str | None, _narrows("文件或文件夹 · File or folder", "PATH")]
KindOption = Annotated[
    Kind | None, _narrows("文章或图片说明 · Articles or captions of photographs")
]
ArticleOption = Annotated[str | None, _narrows("一篇文章的编号 · The id of one article", "ID")]
AnyDayOption = Annotated[
    bool,
    typer.Option(
        "--any-day",
        help="不把问题里的“昨天”等当作筛选 · Do not let days in a question (昨天) narrow "
        "the search",
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
    return Filters(day_from(since), day_from(until), author, section, source, kind, article)
