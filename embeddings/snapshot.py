"""Snapshots on disk: immutable folders, one of them live.

::

    INDEX/
      current              names of the live snapshot and the one before, swapped in one step
      lock                 held while a rebuild writes
      snapshots/NAME/
        corpus.sqlite      files, articles and chunks
        vectors.faiss      one vector a chunk
        lists.faiss        for approximate search, where there are many vectors
        facets/            what articles are filtered and ordered by, as arrays
        postings/          terms of the chunks
        article-postings/  terms of the articles
        manifest.sha256    checksum of the manifest
        manifest.json      written last: its existence means complete
      encoded/             vectors that an interrupted rebuild encoded
"""

import contextlib
import dataclasses
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import filelock

from embeddings.errors import InputError, LockError, SnapshotError
from embeddings.fingerprint import sha256_of
from embeddings.manifest import FileRecord, Manifest, SnapshotPaths, checksum_line
from embeddings.pointer import NEW, Pointer, flush, read_pointer, write_pointer
from embeddings.storage import storage_error


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index folder for writing.

    Raises:
        LockError: Another process holds it.
        InputError: The folder cannot be written.
        StorageError: Writing to it failed for its disk.
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
    except Exception as error:
        told = storage_error(error, index)
        if told is None:
            raise
        raise told from error
    finally:
        lock.release()


def live_name(index: Path) -> str | None:
    """Return the name of the live snapshot, or None where there is no index."""
    pointer = read_pointer(index)
    return pointer.live if pointer else None


def live_paths(index: Path) -> SnapshotPaths:
    """Return where the live snapshot is.

    Raises:
        SnapshotError: There is no index in the folder.
    """
    name = live_name(index)
    if name is not None:
        return snapshot_paths(index, name)
    if _complete_names(index):
        raise SnapshotError(
            f"{index / 'current'} 缺失或损坏，不知道该用哪个快照。请运行 wenbao rollback 用回"
            "最近的快照，或运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
            f"{index / 'current'} is missing or damaged, so the live snapshot is not known. Return "
            "to the latest one with wenbao rollback, or rebuild the index with wenbao rebuild PATH "
            "(the path of your articles).",
        )
    raise SnapshotError(
        f"{index} 里没有索引。请先运行 wenbao rebuild PATH（PATH 是文章所在的路径，"
        "不写则用自带的示例），或用 --index 指定已有的索引。",
        f"There is no index in {index}. Run wenbao rebuild PATH first (the path of your articles; "
        "without it, the samples are read), or name an existing index with --index.",
    )


def earlier_names(index: Path) -> list[str]:
    """Return the names of the snapshots to return to when the live one will not do, best first.

    It is the one before; where it is not known which is live, every complete one.
    """
    pointer = read_pointer(index)
    if pointer is None:
        return _complete_names(index)
    return [pointer.previous] if pointer.previous else []


def _complete_names(index: Path) -> list[str]:
    """Return the names of all snapshots that were written to the end, newest first."""
    names = names_in(index)
    return sorted((n for n in names if snapshot_paths(index, n).manifest.exists()), reverse=True)


def snapshot_paths(index: Path, name: str) -> SnapshotPaths:
    """Return where the snapshot of a name is."""
    return SnapshotPaths(index / "snapshots" / name)


@contextmanager
def new_snapshot(index: Path) -> Iterator[SnapshotPaths]:
    """Make an empty folder for a snapshot to be written; remove it unless it became live."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S-%f")
    paths = snapshot_paths(index, f"{stamp}-{uuid.uuid4().hex[:4]}")
    paths.folder.mkdir()
    try:
        yield paths
    except BaseException:
        if live_name(index) != paths.name:
            shutil.rmtree(paths.folder, ignore_errors=True)
        raise


def complete(paths: SnapshotPaths, manifest: Manifest) -> None:
    """Finish a snapshot: flush all of it to disk and write its manifest.

    Args:
        paths: The snapshot, whole but for its manifest.
        manifest: What it is made of; its files are looked at here.
    """
    mode = stat.S_IMODE(paths.corpus.stat().st_mode)
    records = {}
    for path in sorted(paths.folder.rglob("*")):
        if path.is_file():
            path.chmod(mode)  # tantivy makes some for their owner alone
            records[path.relative_to(paths.folder).as_posix()] = _record_of(path)
        flush(path)
    manifest = manifest.model_copy(update={"files": records})
    written = manifest.model_dump_json(indent=1).encode()
    for path, content in (
        (paths.manifest_checksum, checksum_line(written)),
        (paths.manifest, written),
    ):
        path.write_bytes(content)
        flush(path)
    flush(paths.folder)
    flush(paths.folder.parent)


def publish(index: Path, paths: SnapshotPaths, previous: str | None) -> None:
    """Make a completed snapshot live in one step; then drop all but the one before.

    Since it was flushed, a crash leaves either the old or the new snapshot, whole.

    Args:
        index: The index folder.
        paths: The snapshot.
        previous: The name of the snapshot that a rollback returns to.
    """
    write_pointer(index, Pointer(paths.name, previous))
    drop_leftovers(index)


def drop_leftovers(index: Path) -> None:
    """Remove the snapshots that are not kept, and what an interrupted rebuild left behind.

    Where it is not known what is kept, complete snapshots stay. Call only while ``writing``.
    """
    pointer = read_pointer(index)
    kept = pointer.names if pointer else _complete_names(index)
    with contextlib.suppress(OSError):
        (index / NEW).unlink()
    for name in names_in(index):
        if name not in kept:
            shutil.rmtree(snapshot_paths(index, name).folder, ignore_errors=True)


def settle(index: Path) -> None:
    """Note that the live snapshot is what a rebuild makes now, if a rollback made it live.

    Call only while ``writing``.
    """
    pointer = read_pointer(index)
    if pointer is not None and pointer.is_rolled_back:
        write_pointer(index, dataclasses.replace(pointer, is_rolled_back=False))


def _record_of(path: Path) -> FileRecord:
    found = path.stat()
    return FileRecord(size=found.st_size, sha256=sha256_of(path), mtime_ns=found.st_mtime_ns)


def names_in(index: Path) -> list[str]:
    """Return the names of all snapshots that are there, complete or not."""
    try:
        return [path.name for path in (index / "snapshots").iterdir()]
    except OSError:
        return []
