"""Files to articles: finds the files, reads each by its kind, gives every article its id."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.readers.dates import date_in_path
from embeddings.readers.draft import Draft, LineAccount, Origin, Reading, joined
from embeddings.readers.files import day_above, find_files
from embeddings.readers.formats import Documents
from embeddings.readers.sandbox import Sandbox
from embeddings.types import Article, Progress, Skipped, no_progress

_ID_LENGTH = 12


def read_paths(
    roots: Sequence[Path], progress: Progress = no_progress
) -> tuple[list[Article], list[Skipped]]:
    """Read every file in ``roots``, folders recursively, in a fixed order.

    Raises:
        InputError: A root does not exist or cannot be listed.
    """
    found = read_explained(roots, progress, explain=False)
    return list(found.articles), list(found.skipped)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What files were read as.

    Attributes:
        lines: Of files that are pages, what became of each line.
        origins: Of each article, where its particulars come from; empty on pages, whose lines tell.
    """

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]
    lines: tuple[LineAccount, ...]
    origins: tuple[tuple[Origin, ...], ...]


def read_explained(
    roots: Sequence[Path], progress: Progress = no_progress, explain: bool = True
) -> Explanation:
    """Read every file in ``roots``, and tell how they were understood.

    Raises:
        InputError: A root does not exist or cannot be listed.
    """
    articles: list[Article] = []
    origins: list[tuple[Origin, ...]] = []
    readings: list[Reading] = []
    taken_ids: set[str] = set()
    files = find_files(roots)
    with Sandbox(progress) as sandbox:
        documents = Documents(sandbox, explain)
        for position, (path, label) in enumerate(files):
            progress("read", position, len(files))
            for document in documents.read(path, label):
                readings.append(document.reading)
                for draft in document.reading.drafts:
                    article = article_as_read(draft, document.label, (path, label))
                    articles.append(numbered(article, taken_ids))
                    origins.append(_origins(draft, article))
    progress("read", len(files), len(files))
    everything = joined(readings)
    return Explanation(tuple(articles), everything.skipped, everything.accounts, tuple(origins))


def _origins(draft: Draft, article: Article) -> tuple[Origin, ...]:
    from embeddings.readers.fields import DATE

    named = draft.date is None and article.date is not None
    return draft.origins + ((Origin(DATE, "文件名 file name"),) if named else ())


def article_as_read(draft: Draft, label: str, file: tuple[Path, str]) -> Article:
    """Return the article that a draft is, with the id it has in its document.

    Another article may have the same id: see ``numbered``.

    Args:
        draft: As read.
        label: The document's.
        file: The file that it is, or is in, as ``find_files`` returns it.
    """
    return Article(
        id=draft.given_id or _content_id(draft),
        headline=draft.headline,
        kicker=draft.kicker,
        authors=draft.authors,
        date=draft.date or date_in_path(label) or day_above(*file),
        section=draft.section,
        source=_source(draft, label),
        kind=draft.kind,
        text=draft.text,
    )


def numbered(article: Article, taken: set[str]) -> Article:
    """Return the article with an id of its own, with a number where another has it already.

    Args:
        article: As read.
        taken: The ids of the articles before it; the new one is added.
    """
    candidate, number = article.id, 2
    while candidate in taken:
        candidate, number = f"{article.id}-{number}", number + 1
    taken.add(candidate)
    return dataclasses.replace(article, id=candidate) if candidate != article.id else article


def _source(draft: Draft, label: str) -> str:
    """Say where to look: ``page.txt:4-51``, or ``paper.pdf#page=3``, which browsers open there."""
    if draft.page is not None:
        return f"{label}#page={draft.page}"
    return f"{label}:{draft.lines[0]}-{draft.lines[1]}" if draft.lines else label


def _content_id(draft: Draft) -> str:
    """An article keeps its id when its file moves or other articles come and go."""
    return hashlib.sha256(draft.text.encode("utf-8", "replace")).hexdigest()[:_ID_LENGTH]
