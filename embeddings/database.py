"""An SQLite file that nobody changes any more, read by several threads."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from embeddings.errors import damaged

_MAPPED_BYTES = 1 << 34
"""Most bytes of the file that are read through memory mapping."""
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FORMAT,
}
"""What SQLite calls files that are not as it wrote them."""

Row = tuple[Any, ...]
"""The columns that a query asks for, of one row."""


class ReadOnlyFile:
    """A written file; each thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            OSError: There is none.
            sqlite3.Error: It cannot be opened.
        """
        self._path = path
        self._local = threading.local()
        self._file = _identity(path)
        self._first = self._connect()

    @property
    def connection(self) -> sqlite3.Connection:
        """The thread's own connection; it raises SQLite's own errors."""
        if not hasattr(self._local, "connection"):
            # When a rebuild dropped the file or somebody put another in its place, threads that
            # come later share the connection there is: SQLite takes turns.
            self._local.connection = self._connect() if self._is_there() else self._first
        return cast(sqlite3.Connection, self._local.connection)

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield what a query finds.

        Raises:
            SnapshotError: The file is damaged.
        """
        try:
            yield from self.connection.execute(query, values)
        except sqlite3.Error as error:
            if not _is_damage(error):
                raise
            raise damaged(self._path) from error

    def row(self, query: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row that a query finds, or None; errors are those of ``rows``."""
        return next(self.rows(query, values), None)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(uri_of(self._path), uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        return connection

    def _is_there(self) -> bool:
        try:
            return _identity(self._path) == self._file
        except OSError:
            return False


def uri_of(path: Path) -> str:
    """Return the name by which SQLite opens a file that nobody changes: it needs no lock."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _identity(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _is_damage(error: sqlite3.Error) -> bool:
    # Extended codes have the plain one in their low byte; text that is none has no code.
    code = getattr(error, "sqlite_errorcode", None)
    return "decode" in str(error) if code is None else code & 0xFF in _DAMAGE
