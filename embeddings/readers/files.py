"""Finds the files to read, in folders recursively, and what sources call them."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from embeddings.errors import InputError
from embeddings.readers.dates import date_in_path


def find_files(roots: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return each file with the label that sources show: its path below the root's parent.

    Raises:
        InputError: A root does not exist or a folder cannot be listed.
    """
    found: dict[Path, str] = {}
    for root in roots:
        if not root.exists():
            raise InputError(f"找不到 {root}。请检查路径。", f"There is no {root}. Check the path.")
        base = root.resolve().parent
        for path in _walk(root):
            found.setdefault(path.resolve(), _label(path.resolve(), base))
    return list(found.items())


def day_above(path: Path, label: str) -> datetime.date | None:
    """Return the day that the folders above a label tell, or that ends in the label, or None.

    So ``2022-07/18/01.txt`` is of the same day whichever part of it is the root. Of the folders
    above, the day has to end in the nearest: further up it may be that of a backup.

    Args:
        path: An absolute path.
        label: What sources call it, its last part or parts.
    """
    far_above = Path(*path.parts[: -len(PurePosixPath(label).parts) - 1])
    day = date_in_path(path.as_posix())
    return None if day == date_in_path(far_above.as_posix()) else day


def _walk(root: Path) -> Iterator[Path]:
    """Go through a folder depth first, in order; folders behind links are not entered."""
    waiting = [root]
    while waiting:
        path = waiting.pop()
        if path.is_file():
            yield path
        elif path.is_dir() and (path == root or not path.is_symlink()):
            entries = [entry for entry in _entries(path) if not entry.name.startswith(".")]
            waiting.extend(reversed(entries))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise InputError(
            f"无法读取文件夹 {folder}（{error}）。请检查权限。",
            f"Cannot read folder {folder} ({error}). Check its permissions.",
        ) from error


def _label(path: Path, base: Path) -> str:
    label = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
    # A name need not be text on all systems, but what is shown and stored must be.
    return label.encode("utf-8", "replace").decode()
