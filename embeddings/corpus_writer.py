"""Writes the corpus of a snapshot: files, articles, chunks and what filters look at, in SQLite.

Everything is written as it comes, so a large corpus takes no more memory than a small one.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from embeddings.article_row import row_digest, to_columns, written_day
from embeddings.matching import folded, split_source
from embeddings.types import Article, Chunk, Skipped

_SCHEMA = """
CREATE TABLE files (
    position INTEGER PRIMARY KEY,
    path TEXT NOT NULL, label TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER, sha256 TEXT
);
CREATE TABLE documents (
    file INTEGER NOT NULL REFERENCES files, label TEXT NOT NULL, digest TEXT, original TEXT
);
CREATE TABLE skipped (
    file INTEGER NOT NULL REFERENCES files, path TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE articles (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    headline TEXT, kicker TEXT, authors TEXT NOT NULL, date TEXT, section TEXT,
    source TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    digest INTEGER NOT NULL,
    file INTEGER, read_id TEXT NOT NULL, read_date TEXT
);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    key INTEGER NOT NULL
);
CREATE INDEX chunks_by_key ON chunks (key);
CREATE TABLE terms (row INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE authors (name TEXT NOT NULL, article INTEGER NOT NULL);
CREATE TABLE sections (name TEXT NOT NULL, article INTEGER NOT NULL);
CREATE TABLE sources (file TEXT NOT NULL, article INTEGER NOT NULL, span TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX documents_by_file ON documents (file);
CREATE INDEX skipped_by_file ON skipped (file);
CREATE INDEX articles_by_file ON articles (file);
CREATE INDEX authors_by_name ON authors (name, article);
CREATE INDEX sections_by_name ON sections (name, article);
CREATE INDEX sources_by_file ON sources (file, article, span);
"""


class FileState(NamedTuple):
    """A file as it was when it was read.

    Attributes:
        path: Absolute.
        label: What sources call it.
        size: In bytes.
        mtime_ns: Time of its last change in nanoseconds; None where that cannot tell whether it
            changed since.
        sha256: Of its content, hexadecimal; None where that was not read.
    """

    path: str
    label: str
    size: int
    mtime_ns: int | None
    sha256: str | None


class DocumentState(NamedTuple):
    """A file, or a file in an archive, as it was read.

    Attributes:
        label: What sources call it.
        digest: Of its content, where another may be a duplicate of it or it is one.
        original: The label of the document it is a duplicate of.
    """

    label: str
    digest: str | None
    original: str | None


class CorpusWriter:
    """Writes a new corpus. For one thread."""

    def __init__(self, path: Path, cache_bytes: int) -> None:
        # Nothing needs undoing: a corpus that was not finished is thrown away.
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(f"PRAGMA cache_size = -{cache_bytes // 1024}")
        self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN")

    def add_file(
        self,
        position: int,
        state: FileState,
        documents: Iterable[DocumentState],
        skipped: Iterable[Skipped],
    ) -> None:
        """Write what was read of one file, its articles aside."""
        execute = self._connection.execute
        execute("INSERT INTO files VALUES (?,?,?,?,?,?)", (position, *state))
        for document in documents:
            execute("INSERT INTO documents VALUES (?,?,?,?)", (position, *document))
        for one in skipped:
            execute("INSERT INTO skipped VALUES (?,?,?)", (position, one.path, one.reason))

    def add_article(self, position: int, article: Article, read: Article, file: int | None) -> None:
        """Write an article.

        Args:
            position: Counted from 0.
            article: As it is in the index.
            read: As it was read, before ids were made unique and days set.
            file: The position of its file.
        """
        execute = self._connection.execute
        told = (position, *to_columns(article))
        columns = (*told, row_digest(told), file, read.id, written_day(read.date))
        execute(f"INSERT INTO articles VALUES ({','.join('?' * len(columns))})", columns)
        for name in dict.fromkeys(map(folded, article.authors)):
            execute("INSERT INTO authors VALUES (?,?)", (name, position))
        if article.section:
            execute("INSERT INTO sections VALUES (?,?)", (folded(article.section), position))
        file_name, span = split_source(article.source)
        execute("INSERT INTO sources VALUES (?,?,?)", (file_name, position, span))

    def add_chunk(self, row: int, article: int, chunk: Chunk, key: int, packed: bytes) -> None:
        """Write a chunk with the key and the packed terms of its encoded text."""
        execute = self._connection.execute
        execute(
            "INSERT INTO chunks VALUES (?,?,?,?,?)", (row, article, chunk.start, chunk.end, key)
        )
        execute("INSERT INTO terms VALUES (?,?)", (row, packed))

    def chunk_text(self, row: int) -> str:
        """Return the text of a written chunk."""
        query = (
            'SELECT substr(text, "start" + 1, "end" - "start") FROM chunks '
            "JOIN articles ON position = article WHERE row = ?"
        )
        return str(self._connection.execute(query, (row,)).fetchone()[0])

    def row_of_key(self, key: int) -> int | None:
        """Return the first row written with a key, or None."""
        return row_of_key(self._connection, key)

    def packed_terms(self, row: int) -> bytes:
        """Return the packed terms of a written row."""
        return packed_terms(self._connection, row)

    def finish(self) -> None:
        """Write what is left."""
        self._connection.execute("COMMIT")
        self._connection.executescript(_INDEXES)
        self._connection.close()

    def abandon(self) -> None:
        """Let go of the file."""
        self._connection.close()


def pack_terms(joined: str) -> bytes:
    """Pack terms that are joined by spaces."""
    return zlib.compress(joined.encode("utf-8", "surrogatepass"), 1)


def unpack_terms(packed: bytes) -> str:
    """Return what ``pack_terms`` packed."""
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def row_of_key(connection: sqlite3.Connection, key: int) -> int | None:
    """Return the first row whose encoded text has a key, or None."""
    found = connection.execute("SELECT min(row) FROM chunks WHERE key = ?", (key,)).fetchone()[0]
    return None if found is None else int(found)


def packed_terms(connection: sqlite3.Connection, row: int) -> bytes:
    """Return the packed terms of a row."""
    return bytes(connection.execute("SELECT packed FROM terms WHERE row = ?", (row,)).fetchone()[0])
