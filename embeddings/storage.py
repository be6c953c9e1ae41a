"""Errors of the disk under an index, told as what the user can put right."""

import errno
import re
import shutil
import sqlite3
from pathlib import Path

from embeddings.errors import StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_FAILING = {errno.EIO}
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
_IN_WORDS = re.compile(r"(?:os error|code:|\[Errno) (\d+)")
"""How the number of an error stands in the messages of tantivy and FAISS."""
_WORKER_DIED = "index writer was killed"
"""What tantivy says once a thread of its own could not write; not why."""
_NOTHING_LEFT = 1 << 20
"""Bytes below which a disk is full."""


def storage_error(error: BaseException, index: Path) -> StorageError | None:
    """Return what to tell when writing an index failed for its disk; None if it was not that."""
    number = _number(error, index)
    if number in _FULL:
        return StorageError(
            f"磁盘已满，无法写入 {index}（{error}）。现有索引未改动；请腾出空间后再运行 "
            "wenbao rebuild，已编码的部分会接着用。",
            f"The disk is full: cannot write to {index} ({error}). The present index is unchanged; "
            "free some space and run wenbao rebuild again, which goes on from what was encoded.",
        )
    if number in _REFUSED | _FAILING:
        return StorageError(
            f"无法写入索引文件夹 {index}（{error}）。现有索引未改动；请检查权限和磁盘，"
            "或用 --index 指定别的文件夹。",
            f"Cannot write to the index folder {index} ({error}). The present index is unchanged; "
            "check permissions and the disk, or name another folder with --index.",
        )
    return None


def _number(error: BaseException, index: Path) -> int | None:
    """Return the system's number of an error that concerns the index."""
    if isinstance(error, OSError):
        is_elsewhere = error.filename is not None and not _is_below(error.filename, index)
        return None if is_elsewhere else error.errno
    if isinstance(error, sqlite3.Error):
        # Extended codes have the plain one in their low byte.
        return _OF_SQLITE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
    if found := _IN_WORDS.search(str(error)):
        return int(found[1])
    if _WORKER_DIED in str(error):
        return errno.ENOSPC if shutil.disk_usage(index).free < _NOTHING_LEFT else errno.EIO
    return None


def _is_below(path: object, index: Path) -> bool:
    try:
        return Path(str(path)).resolve().is_relative_to(index.resolve())
    except (OSError, ValueError):
        return False
