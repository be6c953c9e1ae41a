"""Whether the files of a snapshot are those that were written.

Reading all of a large snapshot takes seconds, opening it must not. So at opening the size of
every file is looked at, and the content

- of the smallest files, as many as are read in some milliseconds: a small snapshot wholly,
- of larger files when their time of change is not the one in the manifest: somebody wrote to
  them, or copied them without their times. If the content is intact, the time is set right
  again, so that this is done once.

What changes a large file without changing its time, a failing disk, is found by ``wenbao verify``
(``embeddings/checkup.py``), which reads everything; a rebuild and a rollback do so too before
they build on a snapshot. Until then, what is shown is checked as it is read: see
``embeddings/corpus.py``.
"""

import contextlib
import os
from pathlib import Path
from typing import Literal

from embeddings.errors import damaged, unreadable
from embeddings.fingerprint import sha256_of
from embeddings.manifest import FileRecord, Manifest, SnapshotPaths

READ = 8 << 20
"""Bytes that are read whenever a snapshot is opened."""

What = Literal["missing", "size", "content"]
"""How a file differs from what was written."""


def verify_opening(paths: SnapshotPaths, manifest: Manifest) -> None:
    """Check what can be checked in milliseconds.

    Raises:
        SnapshotError: A file is missing or differs; the message names it and the remedy.
    """
    left = READ
    for name, expected in sorted(manifest.files.items(), key=lambda item: item[1].size):
        left -= expected.size
        _raise(paths.folder / name, difference(paths, name, expected, is_read=left >= 0))


def verify_snapshot(paths: SnapshotPaths, manifest: Manifest) -> None:
    """Check every byte of every file.

    Raises:
        SnapshotError: A file is missing or differs; the message names it and the remedy.
    """
    for name, expected in manifest.files.items():
        _raise(paths.folder / name, difference(paths, name, expected))


def _raise(path: Path, found: What | OSError | None) -> None:
    if isinstance(found, OSError):
        raise unreadable(path, found) from found
    if found is not None:
        raise damaged(path)


def difference(
    paths: SnapshotPaths, name: str, expected: FileRecord, is_read: bool = True
) -> What | OSError | None:
    """Compare a file with what the manifest says of it.

    Args:
        paths: The snapshot.
        name: The file's, relative to the snapshot.
        expected: What the manifest says.
        is_read: Whether to read it even if size and time are as expected.

    Returns:
        How it differs, or the error that keeps it from being read, or None.
    """
    path = paths.folder / name
    try:
        stat = path.stat()
        if stat.st_size != expected.size:
            return "size"
        is_touched = stat.st_mtime_ns != expected.mtime_ns
        if not is_read and not is_touched:
            return None
        if sha256_of(path) != expected.sha256:
            return "content"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return error
    if is_touched:
        with contextlib.suppress(OSError):
            os.utime(path, ns=(stat.st_atime_ns, expected.mtime_ns))
    return None
