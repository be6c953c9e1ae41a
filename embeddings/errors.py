"""What can go wrong on the user's side, each with a remedy.

Every message is one line in Chinese and one in English, so that neither reader is an
afterthought. The command line turns these errors into exit code 2; anything else is our bug.
"""

from pathlib import Path


class WenbaoError(Exception):
    """Something the user can put right. Messages name the culprit and the remedy."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.chinese = chinese
        self.english = english


class InputError(WenbaoError):
    """A path, question or file that cannot be used."""


class EncoderError(WenbaoError):
    """A sentence-transformers model that cannot be loaded."""


class SnapshotError(WenbaoError):
    """A snapshot that is missing, incomplete, damaged or of another version."""


class LockError(WenbaoError):
    """Another process is rebuilding the same index."""


class ServerError(WenbaoError):
    """A server that cannot be reached, or that refuses what is asked of it."""


class StorageError(WenbaoError):
    """The index folder cannot be written: the disk is full, failing or read-only."""


def damaged(path: Path) -> SnapshotError:
    """Return the error for a damaged part of a snapshot, or for all of one."""
    return SnapshotError(
        f"索引已损坏：{path} 缺失、不完整或内容有变。请运行 wenbao rollback 回到"
        "上一个快照，或运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
        f"The index is damaged: {path} is missing, incomplete or not as it was written. Return "
        "to the previous snapshot with wenbao rollback, or rebuild the index with wenbao rebuild "
        "PATH (the path of your articles).",
    )


def unreadable(path: Path, error: OSError) -> SnapshotError:
    """Return the error for a part of a snapshot that is there and cannot be read."""
    return SnapshotError(
        f"读不了索引文件 {path}（{error.strerror}）。请检查权限和磁盘。",
        f"Cannot read {path}, a file of the index ({error.strerror}). Check permissions and the "
        "disk.",
    )
