"""Articles and chunks of a snapshot in SQLite: one file that can be looked into by hand.

Every article is checked against its digest when it is read, so that no changed byte of it is
ever quoted.
"""

import contextlib
import dataclasses
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from embeddings.article_row import COLUMNS, from_columns, read_day, row_digest
from embeddings.corpus_writer import DocumentState, FileState, packed_terms, row_of_key
from embeddings.database import ReadOnlyFile, uri_of
from embeddings.errors import damaged
from embeddings.types import Article, Chunk, Skipped

_CHECKED_COLUMNS = f"position, {COLUMNS}, digest"


class Corpus:
    """A written corpus, read-only; each thread gets a connection of its own.

    All that answers are made of raises SnapshotError where it is damaged; the methods by which a
    snapshot is copied from (``chunks``, ``chunked_articles``, ``row_of_key``, ``packed_terms``,
    ``count_keys_missing_in``) let SQLite's own errors pass.
    """

    def __init__(self, path: Path) -> None:
        """Open a corpus.

        Raises:
            OSError: There is none.
            sqlite3.Error: It cannot be opened.
        """
        self._path = path
        self._file = ReadOnlyFile(path)

    def _article(self, columns: Sequence[Any]) -> Article:
        """Return an article from the checked columns."""
        *told, digest = columns
        if row_digest(told) != digest:
            raise damaged(self._path)
        return from_columns(told[1:])

    def last_positions(self) -> tuple[int, int]:
        """Return the last article's position and the last chunk's row; -1 where there is none."""
        articles = self._file.row("SELECT ifnull(max(position), -1) FROM articles") or (-1,)
        chunks = self._file.row("SELECT ifnull(max(row), -1) FROM chunks") or (-1,)
        return int(articles[0]), int(chunks[0])

    def count_chunks(self) -> int:
        """Return how many chunks there are, each with an article and terms."""
        query = (
            "SELECT count(*) FROM chunks JOIN articles ON position = article JOIN terms USING (row)"
        )
        return int((self._file.row(query) or (0,))[0])

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order in which they were read."""
        query = f"SELECT {_CHECKED_COLUMNS} FROM articles ORDER BY position"
        return (self._article(columns) for columns in self._file.rows(query))

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None."""
        query = f"SELECT {_CHECKED_COLUMNS} FROM articles WHERE id = ?"
        columns = self._file.row(query, (article_id,))
        return self._article(columns) if columns else None

    def article_at(self, position: int) -> Article:
        """Return the article at a position.

        Raises:
            KeyError: There is none.
        """
        query = f"SELECT {_CHECKED_COLUMNS} FROM articles WHERE position = ?"
        columns = self._file.row(query, (position,))
        if columns is None:
            raise KeyError(position)
        return self._article(columns)

    def ids(self) -> list[str]:
        """Return the ids of all articles in the order in which they were read."""
        return self._texts("SELECT id FROM articles ORDER BY position")

    def position(self, article_id: str) -> int | None:
        """Return the position of an article, or None."""
        found = self._file.row("SELECT position FROM articles WHERE id = ?", (article_id,))
        return int(found[0]) if found else None

    def chunk(self, row: int) -> tuple[Chunk, Article, int]:
        """Return the chunk of a row, which exists, with its article and that one's position."""
        query = (
            f'SELECT "start", "end", {_CHECKED_COLUMNS} FROM chunks '
            "JOIN articles ON position = article WHERE row = ?"
        )
        found = self._file.row(query, (row,))
        if found is None:
            raise damaged(self._path)
        start, end, *columns = found
        article = self._article(columns)
        if not 0 <= start < end <= len(article.text):
            raise damaged(self._path)
        return Chunk(article.id, start, end, article.text[start:end]), article, columns[0]

    def chunks(self, article: Article, rows: range) -> list[tuple[Chunk, int]]:
        """Return the chunks of some rows, which are an article's, each with its key."""
        query = 'SELECT "start", "end", key FROM chunks WHERE row BETWEEN ? AND ? ORDER BY row'
        return [
            (Chunk(article.id, start, end, article.text[start:end]), key)
            for start, end, key in self._file.connection.execute(query, (rows.start, rows.stop - 1))
        ]

    def chunked_articles(self) -> Iterator[tuple[Article, list[tuple[int, int, int]]]]:
        """Yield all articles in order, each with the start, end and key of its chunks."""
        query = 'SELECT article, "start", "end", key FROM chunks ORDER BY row'
        chunks = self._file.connection.execute(query)
        following = next(chunks, None)
        for position, article in enumerate(self.articles()):
            spans: list[tuple[int, int, int]] = []
            while following is not None and following[0] == position:
                spans.append(following[1:])
                following = next(chunks, None)
            yield article, spans

    def row_of_key(self, key: int) -> int | None:
        """Return the first row whose encoded text has a key, or None."""
        return row_of_key(self._file.connection, key)

    def packed_terms(self, row: int) -> bytes:
        """Return the packed terms of a row."""
        return packed_terms(self._file.connection, row)

    def count_keys_missing_in(self, other: Path) -> int:
        """Return how many different keys another corpus does not have."""
        with contextlib.closing(sqlite3.connect(":memory:", uri=True)) as connection:
            for name, path in (("old", self._path), ("new", other)):
                connection.execute(f"ATTACH ? AS {name}", (uri_of(path),))
            query = (
                "SELECT count(DISTINCT key) FROM old.chunks AS o WHERE NOT EXISTS "
                "(SELECT 1 FROM new.chunks AS n WHERE n.key = o.key)"
            )
            return int(connection.execute(query).fetchone()[0])

    def files(self) -> list[FileState]:
        """Return the files that were read, in order."""
        query = "SELECT path, label, size, mtime_ns, sha256 FROM files ORDER BY position"
        return [FileState(*columns) for columns in self._file.rows(query)]

    def documents(self, file: int) -> list[DocumentState]:
        """Return the documents in the file of a position."""
        query = "SELECT label, digest, original FROM documents WHERE file = ? ORDER BY rowid"
        return [DocumentState(*columns) for columns in self._file.rows(query, (file,))]

    def skipped(self, file: int | None = None) -> list[Skipped]:
        """Return what was skipped in the file of a position; default in all, in order."""
        query = "SELECT path, reason FROM skipped WHERE ifnull(file = ?, 1) ORDER BY file, rowid"
        return [Skipped(*columns) for columns in self._file.rows(query, (file,))]

    def files_skipped_for(self, reason: str) -> set[int]:
        """Return the positions of the files of which something was skipped for a reason.

        Args:
            reason: How it ends.
        """
        query = "SELECT DISTINCT file FROM skipped WHERE substr(reason, -length(?1)) = ?1"
        return set(self._positions(query, reason))

    def articles_as_read(self, file: int) -> Iterator[Article]:
        """Yield the articles in the file of a position, with the ids and days they had there."""
        query = (
            f"SELECT read_id, read_date, {_CHECKED_COLUMNS} FROM articles "
            "WHERE file = ? ORDER BY position"
        )
        for read_id, read_date, *columns in self._file.rows(query, (file,)):
            article = self._article(columns)
            yield dataclasses.replace(article, id=read_id, date=read_day(read_date))

    def positions_of_author(self, name: str) -> list[int]:
        """Return the positions of the articles by an author, whose name is ``folded``."""
        return self._positions("SELECT article FROM authors WHERE name = ?", name)

    def sections(self) -> list[str]:
        """Return the ``folded`` names of all sections."""
        return self._texts("SELECT DISTINCT name FROM sections")

    def positions_of_section(self, name: str) -> list[int]:
        """Return the positions of the articles in a section."""
        return self._positions("SELECT article FROM sections WHERE name = ?", name)

    def source_files(self) -> list[str]:
        """Return all files as sources name them."""
        return self._texts("SELECT DISTINCT file FROM sources")

    def positions_of_source(self, file: str, span: str | None = None) -> list[int]:
        """Return the positions of the articles from a file, or from one span of it."""
        query = "SELECT article FROM sources WHERE file = ? AND ifnull(span = ?, 1)"
        return self._positions(query, file, span)

    def positions_with(self, words: Sequence[Sequence[str]]) -> list[int]:
        """Return the positions of the articles whose headline, kicker or text has all words.

        Args:
            words: Of each word, the forms any of which will do; ASCII letters match in either
                case.
        """
        having = "(ifnull(headline, '') || '\n' || ifnull(kicker, '') || '\n' || text)"
        forms = [[_like(form) for form in word] for word in words]
        each = [" OR ".join([f"{having} LIKE ? ESCAPE '\\'"] * len(word)) for word in forms]
        conditions = " AND ".join(f"({one})" for one in each) or "1"
        query = f"SELECT position FROM articles WHERE {conditions} ORDER BY position"
        return self._positions(query, *(form for word in forms for form in word))

    def bylines(self) -> Iterator[tuple[tuple[str, ...], str | None]]:
        """Yield the authors and the section of each article, in order."""
        query = "SELECT authors, section FROM articles ORDER BY position"
        for authors, section in self._file.rows(query):
            yield tuple(json.loads(authors)), section

    def _positions(self, query: str, *values: str | None) -> list[int]:
        return [position for (position,) in self._file.rows(query, values)]

    def _texts(self, query: str) -> list[str]:
        return [text for (text,) in self._file.rows(query)]


def _like(words: str) -> str:
    """Return the pattern of texts that have words, whatever signs are in them."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", words) + "%"
