"""The files of an opened snapshot, held so that a change of them is seen.

Files are mapped into memory, by native code too. A mapping outlives the removal of its file, and
the file's replacement by another; but where somebody writes into the file itself, the mapping
changes with it, and reading behind the end of a file that was cut off ends the process. So before
anything is read, whoever holds the files asks whether they are as they were: some microseconds.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from embeddings.errors import damaged, unreadable


class HeldFiles:
    """Open files with the size and time of change they had when they were opened."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        """Hold files of a folder.

        Raises:
            SnapshotError: One of them is missing or cannot be read.
        """
        self._folder = folder
        self._seen: dict[int, tuple[str, int, int]] = {}
        for name in names:
            try:
                descriptor = os.open(folder / name, os.O_RDONLY)
            except FileNotFoundError as error:
                raise damaged(folder / name) from error
            except OSError as error:
                raise unreadable(folder / name, error) from error
            self._seen[descriptor] = (name, *_state(descriptor))

    def __del__(self) -> None:
        for descriptor in self._seen:
            os.close(descriptor)

    def check(self) -> None:
        """Check that nobody wrote into the files.

        Raises:
            SnapshotError: Somebody did; the message names the file and the remedy.
        """
        for descriptor, (name, *seen) in self._seen.items():
            if _state(descriptor) != tuple(seen):
                raise damaged(self._folder / name)

    def are_in_place(self) -> bool:
        """Tell whether the files are still those that have their names."""
        folder = str(self._folder)
        try:
            return all(
                os.path.samestat(os.stat(f"{folder}/{name}"), os.fstat(descriptor))
                for descriptor, (name, *_) in self._seen.items()
            )
        except OSError:
            return False


def _state(descriptor: int) -> tuple[int, int]:
    stat = os.fstat(descriptor)
    return stat.st_size, stat.st_mtime_ns
