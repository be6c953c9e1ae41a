"""How one file was understood: its articles and, for a page's text, what became of each line."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError
from embeddings.readers import read_paths
from embeddings.readers.decoding import Undecodable, decode
from embeddings.readers.page import is_page, sheets_of
from embeddings.readers.page.account import LineAccount, account_of
from embeddings.types import Article, Skipped


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a file was read as; ``lines`` is empty where it is no page of text."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]
    lines: tuple[LineAccount, ...]


def explain_file(path: Path) -> Explanation:
    """Return how a file is understood.

    Raises:
        InputError: There is no such file.
    """
    if not path.is_file():
        raise InputError(f"找不到文件 {path}。请检查路径。", f"There is no file {path}.")
    articles, skipped = read_paths([path])
    return Explanation(tuple(articles), tuple(skipped), _lines(path))


def _lines(path: Path) -> tuple[LineAccount, ...]:
    if path.suffix.lower() != ".txt":
        return ()
    try:
        text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, Undecodable):
        return ()
    return tuple(_accounts(text, path.name)) if is_page(text) else ()


def _accounts(text: str, name: str) -> Iterator[LineAccount]:
    """Yield what became of each line; items are numbered through all pages."""
    items = 0
    for lines in sheets_of(text):
        reading, accounts = account_of(lines, name)
        for account in accounts:
            item = None if account.item is None else account.item + items
            yield dataclasses.replace(account, item=item)
        items += len(reading.drafts)
