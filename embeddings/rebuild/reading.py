"""The reading stage: files to articles, read again only where they changed."""

import dataclasses
import datetime
import functools
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.corpus import Corpus
from embeddings.corpus_writer import DocumentState, FileState
from embeddings.fingerprint import sha256_of
from embeddings.readers import article_as_read
from embeddings.readers.draft import TRY_AGAIN, Unreadable
from embeddings.readers.formats import Document, Documents, check
from embeddings.readers.sandbox import Sandbox
from embeddings.rebuild.texts import terms_of
from embeddings.rebuild.work import Workers
from embeddings.types import Article, Progress, Skipped, no_progress

_UNSURE_NS = 2_000_000_000
"""A file that changed so shortly before it was read may change again without another time: some
file systems count in steps of two seconds."""


@dataclass(slots=True)
class ReadFile:
    """A file and what is in it.

    Attributes:
        articles: As read, to be drawn once; after that, the rest is complete.
        documents: The file, or the files in it.
        skipped: What could not be used.
        terms: Packed terms that were made with the articles, by the key of their text.
    """

    state: FileState
    articles: Iterator[Article]
    documents: list[DocumentState] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    terms: dict[int, bytes] = field(default_factory=dict)


class Sources:
    """The files that an index is made of, beside those that its last snapshot was made of."""

    def __init__(self, files: Sequence[tuple[Path, str]], old: Corpus | None) -> None:
        """Compare files with those of a corpus that the same readers read.

        Args:
            files: Each with its label, as ``find_files`` returns them.
            old: The corpus, or None.
        """
        self._files = files
        self._old = old
        known = old.files() if old is not None else []
        self._known = {state.path: (position, state) for position, state in enumerate(known)}
        self._in_order = [(state.path, state.label) for state in known]
        self._states: dict[int, FileState] = {}
        self._interrupted = old.files_skipped_for(TRY_AGAIN) if old is not None else set[int]()

    @property
    def were_interrupted(self) -> bool:
        """Whether reading a file failed for what may have passed."""
        return bool(self._interrupted)

    def are_unchanged(self, progress: Progress = no_progress) -> bool:
        """Tell whether the files are those of the old corpus."""
        if [(str(path), label) for path, label in self._files] != self._in_order:
            return False
        if not all(self._is_unchanged(at) for at in range(len(self._files))):
            return False
        progress("read", len(self._files), len(self._files))
        return True

    def read(
        self,
        progress: Progress,
        workers: Workers | None = None,
        date: datetime.date | None = None,
    ) -> Iterator[ReadFile]:
        """Yield what is in each file, in order.

        Args:
            progress: Told about the stage ``read``.
            workers: Who reads; default this process.
            date: Day of publication of the articles that tell none, for who makes terms of them.
        """
        elsewhere: Iterator[tuple[list[Document], dict[int, bytes]]] = iter(())
        if workers is not None:
            files = (file for at, file in enumerate(self._files) if not self._may_be_carried(at))
            elsewhere = workers.map(functools.partial(read_elsewhere, date), files)
        with Sandbox(progress) as sandbox:
            documents = Documents(sandbox)
            for at in range(len(self._files)):
                progress("read", at, len(self._files))
                if workers is not None and not self._may_be_carried(at):
                    found, terms = next(elsewhere)
                    yield self._read(at, documents.seen_elsewhere(found), terms)
                else:
                    yield self._carried(at, documents) or self._read(
                        at, documents.read(*self._files[at])
                    )
        progress("read", len(self._files), len(self._files))

    def _may_be_carried(self, at: int) -> bool:
        """Tell whether the old corpus has a file as it is, if all around it is as it was."""
        position, _ = self._known.get(str(self._files[at][0]), (None, None))
        is_whole = position not in self._interrupted
        return is_whole and self._is_unchanged(at) and self._state(at).sha256 is not None

    def _is_unchanged(self, at: int) -> bool:
        state, (_, known) = self._state(at), self._known.get(str(self._files[at][0]), (0, None))
        if known is None:
            return False
        # What was not read at all, for its kind or size, has no digest.
        return (state.label, state.size, state.sha256) == (known.label, known.size, known.sha256)

    def _state(self, at: int) -> FileState:
        if at not in self._states:
            path, label = self._files[at]
            self._states[at] = _state(path, label, self._known.get(str(path), (0, None))[1])
        return self._states[at]

    def _carried(self, at: int, documents: Documents) -> ReadFile | None:
        """Return what the old corpus has of a file, if reading it would give the same."""
        if self._old is None or not self._may_be_carried(at):
            return None
        position, _ = self._known[str(self._files[at][0])]
        parts = self._old.documents(position)
        seen = dict[str, str]()
        for part in parts:
            if part.digest is None:
                continue
            original = documents.seen.get(part.digest) or seen.get(part.digest)
            if original != part.original:
                return None  # what it is a duplicate of came or went
            seen.setdefault(part.digest, part.label)
        for digest, label in seen.items():
            documents.seen.setdefault(digest, label)
        articles = self._old.articles_as_read(position)
        return ReadFile(self._state(at), articles, parts, self._old.skipped(position))

    def _read(
        self, at: int, documents: Iterable[Document], terms: dict[int, bytes] | None = None
    ) -> ReadFile:
        read = ReadFile(self._state(at), iter(()), terms=terms or {})

        def articles() -> Iterator[Article]:
            for document in documents:
                read.documents.append(
                    DocumentState(document.label, document.digest, document.original)
                )
                read.skipped.extend(document.reading.skipped)
                for draft in document.reading.drafts:
                    yield article_as_read(draft, document.label, self._files[at])

        read.articles = articles()
        return read


def read_elsewhere(
    date: datetime.date | None, file: tuple[Path, str]
) -> tuple[list[Document], dict[int, bytes]]:
    """Read a file in a worker, and make the terms of its articles there.

    Args:
        date: Day of publication of the articles that tell none.
        file: The file and its label.
    """
    with Sandbox() as sandbox:
        found = list(Documents(sandbox).read(*file))
    terms: dict[int, bytes] = {}
    for document in found:
        for draft in document.reading.drafts:
            article = article_as_read(draft, document.label, file)
            terms |= terms_of(dataclasses.replace(article, date=article.date or date))
    return found, terms


def _state(path: Path, label: str, known: FileState | None) -> FileState:
    """Return a file's state; its content is not looked at where size and time are as known."""
    now = time.time_ns()
    try:
        stat = path.stat()
    except OSError:
        return FileState(str(path), label, -1, None, None)
    seen = (stat.st_size, stat.st_mtime_ns)
    if known is not None and known.sha256 is not None and seen == (known.size, known.mtime_ns):
        return known._replace(label=label)
    is_sure = stat.st_mtime_ns + _UNSURE_NS < now
    digest = _digest(path, stat.st_size)
    return FileState(str(path), label, stat.st_size, stat.st_mtime_ns if is_sure else None, digest)


def _digest(path: Path, size: int) -> str | None:
    """Return the digest of a file that a reader would read."""
    try:
        check(path.suffix.lower(), size)
        return sha256_of(path)
    except (Unreadable, OSError):
        return None
