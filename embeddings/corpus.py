"""Articles and chunks of a snapshot in SQLite: one file that can be looked into by hand."""

import datetime
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from embeddings.facets import Facet
from embeddings.types import Article, Chunk, Kind

_SCHEMA = """
CREATE TABLE articles (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    headline TEXT, kicker TEXT, authors TEXT NOT NULL, date TEXT, section TEXT,
    source TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    key TEXT NOT NULL
);
"""
_ARTICLE_COLUMNS = "id, headline, kicker, authors, date, section, source, kind, text"


def write_corpus(
    path: Path, articles: Sequence[Article], chunks: Sequence[Chunk], keys: Sequence[str]
) -> None:
    """Write articles, and chunks with the keys of their encoded text, in the given order."""
    with sqlite3.connect(path) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            f"INSERT INTO articles (position, {_ARTICLE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
            ((position, *_to_columns(article)) for position, article in enumerate(articles)),
        )
        connection.executemany(
            "INSERT INTO chunks VALUES (?,?,?,?,?)",
            (
                (row, chunk.article_id, chunk.start, chunk.end, key)
                for row, (chunk, key) in enumerate(zip(chunks, keys, strict=True))
            ),
        )
    connection.close()


class Corpus:
    """A written corpus, read-only; each thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            self._local.connection = sqlite3.connect(uri, uri=True)
        return cast(sqlite3.Connection, self._local.connection)

    def count_articles(self) -> int:
        """Return the number of articles."""
        return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def count_chunks(self) -> int:
        """Return the number of chunks."""
        return int(self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order in which they were read."""
        query = f"SELECT {_ARTICLE_COLUMNS} FROM articles ORDER BY position"
        return (_from_columns(columns) for columns in self._connection.execute(query))

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""
        query = f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?"
        columns = self._connection.execute(query, (article_id,)).fetchone()
        return _from_columns(columns) if columns else None

    def chunk(self, row: int) -> tuple[Chunk, Article]:
        """Return the chunk of a row with its article.

        Raises:
            KeyError: There is no such row.
        """
        query = 'SELECT article_id, "start", "end" FROM chunks WHERE row = ?'
        found = self._connection.execute(query, (row,)).fetchone()
        if found is None:
            raise KeyError(row)
        article_id, start, end = found
        article = self.article(article_id)
        if article is None:
            raise KeyError(row)
        return Chunk(article_id, start, end, article.text[start:end]), article

    def facets(self) -> Iterator[Facet]:
        """Yield what articles can be filtered by, in the order in which they were read."""
        query = "SELECT id, authors, date, section, source, kind FROM articles ORDER BY position"
        for article_id, authors, date, *others in self._connection.execute(query):
            yield Facet(article_id, tuple(json.loads(authors)), _to_date(date), *others)

    def article_of_row(self) -> NDArray[np.int64]:
        """Return the position of each chunk's article, shape (chunks,)."""
        position = dict(self._connection.execute("SELECT id, position FROM articles"))
        chunks = self._connection.execute("SELECT article_id FROM chunks ORDER BY row")
        return np.array([position[article_id] for (article_id,) in chunks], np.int64)

    def keys(self) -> dict[str, int]:
        """Return the row of each encoded text's key."""
        return dict(self._connection.execute("SELECT key, row FROM chunks"))


def _to_columns(article: Article) -> tuple[str | None, ...]:
    return (
        article.id,
        article.headline,
        article.kicker,
        json.dumps(article.authors, ensure_ascii=False),
        article.date.isoformat() if article.date else None,
        article.section,
        article.source,
        article.kind,
        article.text,
    )


def _from_columns(columns: Sequence[str | None]) -> Article:
    article_id, headline, kicker, authors, date, section, source, kind, text = columns
    return Article(
        id=article_id or "",
        headline=headline,
        kicker=kicker,
        authors=tuple(json.loads(authors or "[]")),
        date=_to_date(date),
        section=section,
        source=source or "",
        kind=cast(Kind, kind),
        text=text or "",
    )


def _to_date(date: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(date) if date else None
