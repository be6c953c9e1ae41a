"""Whether the files of a snapshot are those that were written.

Reading all of a large snapshot takes seconds, opening it must not. So at opening the size of
every file is looked at, and the content

- of small files always,
- of large files when their time of change is not the one in the manifest: somebody wrote to
  them, or copied them without their times. If the content is intact, the time is set right
  again, so that this is done once.

What changes a large file without changing its time, a failing disk, is found by
``verify_snapshot``, which reads everything; a rebuild does so before it carries anything over.
"""

import contextlib
import os

from embeddings.fingerprint import sha256_of
from embeddings.manifest import FileRecord, Manifest, SnapshotPaths, damaged

_SMALL = 1 << 20
"""Bytes up to which a file is read whenever its snapshot is opened."""


def verify_opening(paths: SnapshotPaths, manifest: Manifest) -> None:
    """Check what can be checked in milliseconds.

    Raises:
        SnapshotError: A file is missing or differs; the message names it and the remedy.
    """
    _verify(paths, manifest, everything=False)


def verify_snapshot(paths: SnapshotPaths, manifest: Manifest) -> None:
    """Check every byte of every file.

    Raises:
        SnapshotError: A file is missing or differs; the message names it and the remedy.
    """
    _verify(paths, manifest, everything=True)


def _verify(paths: SnapshotPaths, manifest: Manifest, everything: bool) -> None:
    for name, expected in manifest.files.items():
        try:
            intact = _is_intact(paths, name, expected, everything)
        except OSError:
            intact = False
        if not intact:
            raise damaged(paths, name)


def _is_intact(paths: SnapshotPaths, name: str, expected: FileRecord, everything: bool) -> bool:
    path = paths.folder / name
    stat = path.stat()
    if stat.st_size != expected.size:
        return False
    is_touched = stat.st_mtime_ns != expected.mtime_ns
    if not everything and not is_touched and stat.st_size > _SMALL:
        return True
    if sha256_of(path) != expected.sha256:
        return False
    if is_touched and stat.st_size > _SMALL:
        with contextlib.suppress(OSError):
            os.utime(path, ns=(stat.st_atime_ns, expected.mtime_ns))
    return True
