"""How one file was understood: its articles and, for a page's text, what became of each line."""

from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError
from embeddings.readers import read_paths
from embeddings.readers.decoding import Undecodable, decode
from embeddings.readers.page import is_page, page_lines
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
    return tuple(account_of(page_lines(text), path.name)[1]) if is_page(text) else ()
