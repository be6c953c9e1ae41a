"""What an opened index is to those who ask it, wherever it is."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from embeddings.filters import EVERYTHING, Filters
from embeddings.manifest import Manifest
from embeddings.types import Article, Encoder, Passage

UNDATED = 0
"""The day of an article without a date; days count from year 1, so it is older than any."""

Words = Sequence[Sequence[str]]
"""Of each word, the forms any of which will do; an article has them in headline, kicker or text."""


class NameCounts(NamedTuple):
    """How many articles are in each section, and by each author."""

    sections: Mapping[str, int]
    authors: Mapping[str, int]


class Index(Protocol):
    """One snapshot, opened. Any number of threads may use it at once.

    It keeps answering from the snapshot it opened, whatever a rebuild does meanwhile.
    """

    def __hash__(self) -> int:
        """An opened index is itself, so that what is counted in it can be kept."""

    @property
    def name(self) -> str:
        """The snapshot's name."""

    @property
    def manifest(self) -> Manifest:
        """What the snapshot is made of."""

    @property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with.

        Raises:
            EncoderError: It cannot be loaded, or is not the one of the snapshot any more.
        """

    def search(self, question: str, k: int, filters: Filters = EVERYTHING) -> list[Passage]:
        """Return the ``k`` best passages for a question, best first.

        Of passages with equal scores the newest comes first, undated ones last. A passage that
        says again what better ones say is listed with them as a reprint.

        Args:
            question: Any text.
            k: How many passages.
            filters: Only articles that meet them are searched, and those to the full.
        """

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""

    def articles(self) -> Iterator[Article]:
        """Yield all articles, always in the same order."""

    def article_ids(self, filters: Filters = EVERYTHING) -> list[str]:
        """Return the ids of the articles that meet filters, in the order of ``articles``."""

    def newest_articles(
        self, k: int, filters: Filters = EVERYTHING, words: Words = (), offset: int = 0
    ) -> list[Article]:
        """Return the ``k`` newest articles after ``offset`` newer ones, undated ones last.

        Only articles that meet the filters and have the words count.
        """

    def day_counts(self, filters: Filters = EVERYTHING, words: Words = ()) -> Mapping[int, int]:
        """Return how many articles of each day meet filters and have words.

        Days count from year 1; ``UNDATED`` is that of articles without a date.
        """

    @property
    def newest_day(self) -> datetime.date | None:
        """The latest day of publication, or None if no article has one."""

    def name_counts(self) -> NameCounts:
        """Return the names of sections and of authors, each with its number of articles."""
