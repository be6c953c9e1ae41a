"""The domain: articles, chunks, passages, and what an encoder is. No I/O."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Row vectors, shape (n, dimension), each of Euclidean length 1."""

Kind = Literal["article", "photo"]

Progress = Callable[[str, int, int], None]
"""Told what is under way: (stage, items done, items in all)."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress; the default where nobody watches."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news item.

    Attributes:
        id: Stable across rebuilds, unique in its index.
        headline: The main headline, or None where the source shows none.
        kicker: The line above the headline (引题), or None.
        authors: Reporters, correspondents and photographers, in the order of the byline.
        date: Day of publication, or None where the source does not tell.
        section: The page's or site's section, or None.
        source: File and, for page text, its lines: ``page.txt:4-51``.
        kind: ``article``, or ``photo`` for a caption.
        text: Running text; paragraphs are separated by one newline.
    """

    id: str
    headline: str | None
    kicker: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    section: str | None
    source: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of one article: ``article.text[start:end] == chunk.text``."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reprint:
    """Where another passage says what a better one says: ``article.text[start:end]``."""

    article_id: str
    headline: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk, with what a reader needs to go and look.

    Attributes:
        rank: 1 for the best passage.
        score: Fused score in 0..1, comparable within one retrieval only.
        start: Offset of ``text`` in the article's text, in characters.
        end: Offset after its last character.
        reprints: Passages ranked below that say the same, best first.
        lead: The article's first words, where it has no headline and the passage begins later.
    """

    rank: int
    score: float
    text: str
    article_id: str
    headline: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    source: str
    start: int
    end: int
    reprints: tuple[Reprint, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a record in one, that was not taken in, and why."""

    path: str
    reason: str


class Encoder(Protocol):
    """Maps text to vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """What ``load_encoder`` was asked for, so that an index can ask for it again."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could get another vector."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions, shape (len(texts), dimension)."""

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Encode passages, shape (len(texts), dimension)."""
