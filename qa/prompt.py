"""The prompt of an interactive session: history and completion by prompt_toolkit."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import platformdirs
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import (
    Completer,
    NestedCompleter,
    PathCompleter,
    WordCompleter,
    merge_completers,
)
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from embeddings import Index
from qa.session import COMMANDS, written

MOST_HEADLINES = 5000
"""Headlines that are offered: more take long to look through at every key."""


def typed_lines(index: Index) -> Iterator[str]:
    """Yield what is typed, until the end of input; Ctrl-C throws a line away."""
    session: PromptSession[str] = PromptSession(
        history=_history(), completer=completer(index), complete_while_typing=False
    )
    while True:
        try:
            yield session.prompt("问 › ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def completer(index: Index) -> Completer:
    """Complete commands, file names and values after them, and headlines and their authors."""
    articles = list(itertools.islice(index.articles(), MOST_HEADLINES))
    names = {name for article in articles for name in article.authors}
    headlines = {article.headline for article in articles if article.headline}
    options: dict[str, Completer | None] = dict.fromkeys(
        ("/save", "/open"), PathCompleter(expanduser=True)
    )
    filters = [written("author", name) for name in sorted(names)]
    filters += ["since=", "until=", "section=", "source=", "article="]
    filters += ["kind=article", "kind=photo", "off"]
    options["/filters"] = WordCompleter(filters, WORD=True)
    options["/dates"] = WordCompleter(["on", "off"])
    return merge_completers(
        [
            WordCompleter(COMMANDS, sentence=True),
            NestedCompleter(options),
            WordCompleter(sorted(headlines | names), sentence=True, match_middle=True),
        ]
    )


def _history() -> History:
    """Keep questions from one session to the next, where a file can be kept."""
    path = Path(platformdirs.user_state_path("wenbao")) / "questions"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
