"""Snapshots on disk: immutable folders, one of them live.

::

    INDEX/
      current              name of the live snapshot, swapped in one step
      lock                 held while a rebuild writes
      snapshots/NAME/
        corpus.sqlite      files, articles and chunks
        vectors.faiss      one vector a chunk
        lists.faiss        for approximate search, where there are many vectors
        facets/            what articles are filtered and ordered by, as arrays
        postings/          terms of the chunks
        article-postings/  terms of the articles
        manifest.json      written last: its existence means complete
      encoded/             vectors that an interrupted rebuild encoded
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import filelock

from embeddings.errors import InputError, LockError, SnapshotError
from embeddings.fingerprint import sha256_of
from embeddings.manifest import FileRecord, Manifest, SnapshotPaths

KEPT = 2
"""Snapshots kept: the live one and the one before."""


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index folder for writing.

    Raises:
        LockError: Another process holds it.
        InputError: The folder cannot be written.
    """
    try:
        (index / "snapshots").mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(index / "lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise LockError(
            f"另一个进程正在重建索引 {index}。请等它结束后再试；现有索引可继续查询。",
            f"Another process is rebuilding the index {index}. Try again when it is done; the "
            "present index still answers.",
        ) from error
    except OSError as error:
        raise InputError(
            f"无法写入索引文件夹 {index}（{error}）。请检查权限，或用 --index 指定别的文件夹。",
            f"Cannot write to the index folder {index} ({error}). Check permissions, or name "
            "another folder with --index.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def live_name(index: Path) -> str | None:
    """Return the name of the live snapshot, or None where there is no index."""
    try:
        return (index / "current").read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def live_paths(index: Path) -> SnapshotPaths:
    """Return where the live snapshot is.

    Raises:
        SnapshotError: There is no index in the folder.
    """
    name = live_name(index)
    if name is None:
        raise SnapshotError(
            f"{index} 里没有索引。请先运行 wenbao rebuild，或用 --index 指定已有的索引。",
            f"There is no index in {index}. Run wenbao rebuild first, or name an existing index "
            "with --index.",
        )
    return SnapshotPaths(index / "snapshots" / Path(name).name)


def new_paths(index: Path) -> SnapshotPaths:
    """Make an empty folder for a snapshot to be written."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    folder = index / "snapshots" / f"{stamp}-{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    return SnapshotPaths(folder)


def publish(index: Path, paths: SnapshotPaths, manifest: Manifest) -> Manifest:
    """Finish a snapshot and make it live in one step; then drop the oldest ones.

    Everything is flushed to disk before the pointer moves, so that a crash leaves either the
    old or the new snapshot, whole.
    """
    files = sorted(p for p in paths.folder.rglob("*") if p.is_file())
    records = {}
    for path in files:
        _flush(path)
        name = path.relative_to(paths.folder).as_posix()
        stat = path.stat()
        records[name] = FileRecord(
            size=stat.st_size, sha256=sha256_of(path), mtime_ns=stat.st_mtime_ns
        )
    manifest = manifest.model_copy(update={"files": records})
    _write_flushed(paths.manifest, manifest.model_dump_json(indent=1))
    _flush(paths.folder)
    pointer = index / "current.new"
    _write_flushed(pointer, paths.name + "\n")
    os.replace(pointer, index / "current")
    _flush(index)
    _drop_old(index, paths.name)
    return manifest


def drop_unfinished(index: Path) -> None:
    """Remove what an interrupted rebuild left behind. Call only while ``writing``."""
    live = live_name(index)
    for folder in (index / "snapshots").iterdir():
        if folder.name != live and not SnapshotPaths(folder).manifest.exists():
            shutil.rmtree(folder, ignore_errors=True)


def _drop_old(index: Path, live: str) -> None:
    names = sorted(p.name for p in (index / "snapshots").iterdir() if p.name != live)
    for name in names[: max(0, len(names) - (KEPT - 1))]:
        shutil.rmtree(index / "snapshots" / name, ignore_errors=True)


def _write_flushed(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    _flush(path)


def _flush(path: Path) -> None:
    """Force a file or folder to disk; folders cannot be flushed everywhere."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
