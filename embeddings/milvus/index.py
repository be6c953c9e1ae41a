"""An opened snapshot in Milvus: search in it and read its articles."""

import datetime
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from embeddings.address import MilvusAddress
from embeddings.errors import SnapshotError
from embeddings.filters import EVERYTHING, Filters
from embeddings.index import encoder_of
from embeddings.milvus.connection import (
    LIMIT,
    Connection,
    connect,
    wrong_dimension,
)
from embeddings.milvus.expressions import (
    filter_expression,
    has_word,
    is_exact,
    quoted,
    word_expression,
)
from embeddings.milvus.published import Published
from embeddings.milvus.schema import SHOWN, Collections, article_from, day_of
from embeddings.milvus.searching import MilvusPart
from embeddings.protocol import UNDATED, NameCounts, Words
from embeddings.ranking import search
from embeddings.types import Article, Encoder, Passage

_NUMBERS = 1000
"""Articles that are fetched together at most."""


class MilvusIndex:
    """One snapshot, opened. Any number of threads may use it at once.

    A snapshot stays until the second rebuild after it, so readers keep theirs meanwhile.
    """

    def __init__(self, connection: Connection, names: Collections, published: Published) -> None:
        self.connection = connection
        self.names = names
        self.manifest = published.manifest
        self._published = published
        self._roots = [Path(root) for root in self.manifest.roots]

    @property
    def name(self) -> str:
        """The snapshot's name."""
        return self.names.chunks

    @functools.cached_property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with."""
        encoder = encoder_of(self.manifest)
        if encoder.dimension != self.manifest.dimension:
            why = f"{self.manifest.dimension} != {encoder.dimension}"
            raise wrong_dimension(self.connection.address, why)
        return encoder

    def search(self, question: str, k: int, filters: Filters = EVERYTHING) -> list[Passage]:
        """Return the ``k`` best passages for a question, as ``protocol.Index`` describes."""
        expression = self._expression(filters)
        part = MilvusPart(self.connection, self.names, expression, self.manifest, self.articles_of)
        return search(part, self.encoder, question, k)

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""
        condition = f"article_id == {quoted(article_id)}"
        rows = self.connection.query(self.names.articles, condition, SHOWN)
        return next(iter(self._made(rows)), None)

    def articles(self) -> Iterator[Article]:
        """Yield all articles, newest first, undated ones last."""
        rows = self.connection.rows(self.names.articles, "", SHOWN, batch=_NUMBERS)
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if sum(one["chunks"] for one in batch) >= _NUMBERS:
                yield from self._made(batch)
                batch = []
        yield from self._made(batch)

    def article_ids(self, filters: Filters = EVERYTHING) -> list[str]:
        """Return the ids of the articles that meet filters, in the order of ``articles``."""
        expression = self._expression(filters)
        rows = self.connection.rows(self.names.articles, expression, ["number", "article_id"])
        return [row["article_id"] for row in rows]

    def newest_articles(
        self, k: int, filters: Filters = EVERYTHING, words: Words = (), offset: int = 0
    ) -> list[Article]:
        """Return the ``k`` newest articles after ``offset`` newer ones, undated ones last."""
        found: list[int] = []
        for number in self._numbers(filters, words, batch=min(offset + k, _NUMBERS)):
            found.append(number)
            if len(found) == offset + k:
                break
        wanted = found[offset:]
        by_number = self.articles_of(wanted)
        return [by_number[number] for number in wanted]

    def day_counts(self, filters: Filters = EVERYTHING, words: Words = ()) -> Mapping[int, int]:
        """Return how many articles of each day meet filters and have words."""
        if filters == EVERYTHING and not words:
            return self._published.days
        return Counter(day_of(number) for number in self._numbers(filters, words))

    @functools.cached_property
    def newest_day(self) -> datetime.date | None:
        """The latest day of publication, or None if no article has one."""
        newest = next(self._numbers(EVERYTHING, (), batch=1), None)
        day = UNDATED if newest is None else day_of(newest)
        return None if day == UNDATED else datetime.date.fromordinal(day)

    def name_counts(self) -> NameCounts:
        """Return the most frequent names of sections and of authors, with their articles."""
        return NameCounts(self._published.sections, self._published.authors)

    def articles_of(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Return articles by their numbers."""
        wanted = sorted(set(numbers))
        made: dict[int, Article] = {}
        for start in range(0, len(wanted), _NUMBERS):
            listed = ", ".join(map(str, wanted[start : start + _NUMBERS]))
            rows = self.connection.query(self.names.articles, f"number in [{listed}]", SHOWN)
            articles = self._made(rows)
            made |= {
                int(row["number"]): article for row, article in zip(rows, articles, strict=True)
            }
        return made

    def _made(self, rows: Sequence[dict[str, Any]]) -> list[Article]:
        """Return the articles of rows with the fields ``SHOWN``, with their texts."""
        parts: dict[int, list[tuple[int, str]]] = {int(row["number"]): [] for row in rows}
        batch: list[int] = []
        chunks = 0
        for row in rows:
            batch.append(int(row["number"]))
            chunks += int(row["chunks"])
            if chunks >= LIMIT // 4:
                self._collect(batch, chunks, parts)
                batch, chunks = [], 0
        self._collect(batch, chunks, parts)
        texts = {
            number: "".join(text for _, text in sorted(found)) for number, found in parts.items()
        }
        articles = [article_from(row, texts[int(row["number"])]) for row in rows]
        if None in articles:
            raise _damaged(self.connection.address)
        return [article for article in articles if article is not None]

    def _collect(
        self, numbers: Sequence[int], chunks: int, parts: dict[int, list[tuple[int, str]]]
    ) -> None:
        """Add the parts of texts, each with its row, of articles with so many chunks."""
        if not chunks:
            return
        condition = f"article in [{', '.join(map(str, numbers))}]"
        fields = ["row", "article", "text"]
        few = chunks <= LIMIT
        read = self.connection.query if few else self.connection.rows
        for row in read(self.names.chunks, condition, fields):
            parts[int(row["article"])].append((int(row["row"]), row["text"]))

    def _numbers(self, filters: Filters, words: Words, batch: int = 10 * _NUMBERS) -> Iterator[int]:
        """Yield the numbers of articles that meet filters and have words, ascending.

        Args:
            filters: As for ``search``.
            words: As for ``newest_articles``.
            batch: How many are fetched at a time.
        """
        expression = self._expression(filters)
        having = [self._having(forms, expression) for forms in words]
        if having:
            yield from sorted(set.intersection(*having))
            return
        for row in self.connection.rows(self.names.articles, expression, ["number"], batch):
            yield int(row["number"])

    def _having(self, forms: Sequence[str], expression: str) -> set[int]:
        """Return the numbers of articles that have a word, of those that meet an expression."""
        found: set[int] = set()
        for collection, number, field in (
            (self.names.articles, "number", "heading"),
            (self.names.chunks, "article", "text"),
        ):
            condition = " and ".join(
                part for part in (expression, word_expression(field, forms)) if part
            )
            fields = [number] if is_exact(forms) else [number, field]
            for row in self.connection.rows(collection, condition, fields):
                if is_exact(forms) or has_word(row[field], forms):
                    found.add(int(row[number]))
        return found

    def _expression(self, filters: Filters) -> str:
        return filter_expression(filters, self._roots)


def load_milvus(address: MilvusAddress) -> MilvusIndex:
    """Open the live snapshot in Milvus, or return it if it is open already.

    Raises:
        SnapshotError: There is no index of Wenbao at the address.
        ServerError: The server cannot be reached or refuses.
        InputError: The extra is not installed.
    """
    live = live_collection(address)
    if live is None:
        raise SnapshotError(
            f"{address} 里没有索引。请先运行 wenbao rebuild PATH --index {address}"
            "（PATH 是文章所在的路径）。",
            f"There is no index at {address}. Run wenbao rebuild PATH --index {address} first "
            "(PATH: the path of your articles).",
        )
    return _open(connect(address), live)


def live_collection(address: MilvusAddress) -> str | None:
    """Return the name of the live snapshot, or None where there is none.

    Raises:
        ServerError: The server cannot be reached or refuses.
    """
    if address.is_lite and not Path(address.uri).exists():
        return None
    return connect(address).alias_target()


@functools.lru_cache(maxsize=4)
def _open(connection: Connection, chunks: str) -> MilvusIndex:
    names = Collections(chunks)
    for collection in names.all():
        # Milvus Lite has none loaded when it starts; a server has, and says so at once.
        connection.load(collection)
    parts = connection.rows(names.manifest, "", ["number", "part"])
    try:
        published = Published.model_validate_json("".join(row["part"] for row in parts))
    except ValidationError as error:
        raise _damaged(connection.address) from error
    return MilvusIndex(connection, names, published)


def _damaged(address: MilvusAddress) -> SnapshotError:
    return SnapshotError(
        f"{address} 里的索引不完整，或是另一版本的问报建立的。"
        "请运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建。",
        f"The index at {address} is incomplete or was made by another version of Wenbao. "
        "Rebuild it with wenbao rebuild PATH (the path of your articles).",
    )
