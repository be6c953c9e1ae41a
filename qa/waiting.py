"""Where files wait until readers have decided on them, for each server on an index apart.

::

    FOLDER/ROOM.lock    held by a server as long as it runs
    FOLDER/ROOM/KEY/    the files of one of its batches
"""

import contextlib
import shutil
import uuid
from pathlib import Path

import filelock


class WaitingRoom:
    """The room of one server. What those left behind that run no more is dropped."""

    def __init__(self, folder: Path) -> None:
        self._room = folder / uuid.uuid4().hex
        self._lock = filelock.FileLock(_lock_of(self._room), thread_local=False)
        _drop_abandoned(folder)

    def folder(self, key: str) -> Path:
        """Return where the files of a batch wait, which need not be there."""
        return self._room / key

    def make_folder(self, key: str) -> Path:
        """Make the folder for the files of a batch, and return it."""
        self._room.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.is_locked:  # held before the room is there: without, it is abandoned
            self._lock.acquire()
        folder = self.folder(key)
        folder.mkdir(parents=True)
        return folder

    def drop(self, key: str) -> None:
        """Remove the files of a batch, if there are any."""
        shutil.rmtree(self.folder(key), ignore_errors=True)


def _drop_abandoned(folder: Path) -> None:
    rooms = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    for room in rooms:
        with (
            contextlib.suppress(filelock.Timeout, OSError),
            filelock.FileLock(_lock_of(room), timeout=0),
        ):
            shutil.rmtree(room, ignore_errors=True)
            _lock_of(room).unlink()


def _lock_of(room: Path) -> Path:
    return room.with_name(f"{room.name}.lock")
