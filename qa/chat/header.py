"""The page's name, claim and size of the corpus, and the title above the examples, as HTML."""

from html import escape
from pathlib import Path

from embeddings.errors import WenbaoError
from embeddings.snapshot import live_paths, read_manifest
from qa.chat.wording import NAME, Language, wording


def header(language: Language, articles: int | None) -> str:
    """Return the header; without a number where there is no index yet."""
    words = wording(language)
    chinese, _, latin = NAME.partition(" ")
    number = "" if articles is None else words.articles.format(count=f"{articles:,}")
    return (
        f'<header lang="{words.tag}"><h1>{escape(chinese)} <span lang="en">{escape(latin)}</span>'
        f'</h1><p class="wb-claim">{escape(words.claim)}</p>'
        f'<p class="wb-articles">{escape(number)}</p></header>'
    )


def starters_title(language: Language) -> str:
    """Return the title above the example questions."""
    words = wording(language)
    return f'<p class="wb-starters-title" lang="{words.tag}">{escape(words.examples)}</p>'


def count_articles(index: Path) -> int | None:
    """Return how many articles the live snapshot holds, or None without one."""
    try:
        return read_manifest(live_paths(index)).articles
    except WenbaoError:
        return None
