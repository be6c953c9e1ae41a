"""Which snapshot of an index is live, and which one was before it: the file ``current``.

::

    20221120T101500-042311-4cbf     the live snapshot
    20221119T101500-815007-7c5b     the one before, where one is kept
    rolled back                     where a rollback made it live

It is replaced in one step, so a reader finds the old state or the new one.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

NEW = "current.new"
"""The file that becomes ``current``; where it stays, somebody was interrupted."""
_CURRENT = "current"
_ROLLED_BACK = "rolled back"
_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Names of snapshots.

    Attributes:
        live: The one that answers.
        previous: The one that a rollback makes live.
        is_rolled_back: Whether a rollback made ``live`` live, and no rebuild came after it.
    """

    live: str
    previous: str | None = None
    is_rolled_back: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the snapshots that are kept, the live one first."""
        return (self.live, self.previous) if self.previous else (self.live,)


def read_pointer(index: Path) -> Pointer | None:
    """Return what is live in an index folder, or None where that is nowhere written."""
    try:
        lines = (index / _CURRENT).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    is_rolled_back = lines[-1:] == [_ROLLED_BACK]
    names = lines[:-1] if is_rolled_back else lines
    if not 0 < len(names) <= 2 or not all(_NAME.fullmatch(name) for name in names):
        return None
    return Pointer(names[0], names[1] if len(names) == 2 else None, is_rolled_back)


def write_pointer(index: Path, pointer: Pointer) -> None:
    """Replace the pointer in one step; only then can what it names no longer be lost."""
    lines = [*pointer.names, *([_ROLLED_BACK] if pointer.is_rolled_back else [])]
    new = index / NEW
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    flush(new)
    os.replace(new, index / _CURRENT)
    flush(index)


def flush(path: Path) -> None:
    """Force a file or folder to disk; folders cannot be flushed everywhere."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
