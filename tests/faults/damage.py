"""Damage to every file of an index, looked at by a child: what opening, asking and verifying say.

Files are damaged two ways: as a person or a program does, which leaves a new time of change, and
as a failing disk does, which leaves none. For the second, opening is made to take every file for a
large one, of which it reads nothing.
"""

import functools
import logging
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embeddings import verify
from embeddings.checkup import check_up
from embeddings.errors import SnapshotError
from embeddings.opening import load_index, open_live
from embeddings.pointer import read_pointer
from embeddings.snapshot import snapshot_paths
from tests.faults.supervise import Ended, run
from tests.faults.world import World, version_of, wrong_answers

KINDS = ("truncated", "emptied", "flipped", "removed", "swapped")
_REMEDY = "wenbao rebuild"
_PATIENCE = 30.0
"""Seconds after which a process hangs."""


@dataclass
class DamageTally:
    """Where damage was seen first, and what went wrong."""

    cases: int = 0
    opening: int = 0
    asking: int = 0
    verifying: int = 0
    problems: list[str] = field(default_factory=list)

    def count(self, case: str, ended: Ended) -> None:
        self.cases += 1
        if ended.value is None:
            how = f"crash: {ended.signal}" if ended.signal else f"untold: {ended.error}"
            self.problems.append(f"{how} ({case})")
            return
        said = ended.value
        self.opening += said["seen"] == "opening"
        self.asking += said["seen"] == "asking"
        self.verifying += said["seen"] == "verifying"
        if said["seen"] is None:
            self.problems.append(f"unseen: {case}")
        self.problems += [f"{problem} ({case})" for problem in said["problems"]]

    @property
    def came_of_it(self) -> str:
        return (
            f"told at opening {self.opening}, by asking or a log line {self.asking}, "
            f"by verify {self.verifying}"
        )

    def of(self, kind: str) -> int:
        """Count the problems of a kind: unseen, wrong, crash, untold."""
        return sum(problem.startswith(f"{kind}:") for problem in self.problems)


def files_of(world: World) -> list[str]:
    """Return all files of an index that answering rests on, relative to its folder."""
    pointer = read_pointer(world.index)
    assert pointer is not None
    folder = snapshot_paths(world.index, pointer.live).folder
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return ["current", *(str(path.relative_to(world.index)) for path in files)]


def damage_all(
    world: World, flips: int, chance: random.Random, is_seen: bool, most: int | None = None
) -> DamageTally:
    """Damage each file in each way, one at a time, and see what is said.

    Args:
        world: The newspaper; its index is as before afterwards.
        flips: Bits flipped of each file, one case each.
        chance: Chooses them.
        is_seen: Whether the time of change tells it.
        most: Cases at most, drawn from all.
    """
    tally = DamageTally()
    (version,) = world.possible
    for name, kind in _drawn(list(_cases(world, flips)), most, chance):
        path = world.index / name
        if kind in ("flipped", "truncated", "emptied") and not path.stat().st_size:
            continue  # there is nothing to take from an empty file
        if kind == "swapped" and (not is_seen or _is_alike(world, path)):
            continue  # disks don't swap files, and equal ones may be
        with _Kept(path):
            _damage(world, path, kind, chance, is_seen)
            ended = run(lambda: _looked_at(world, version, is_seen), seconds=_PATIENCE)
        tally.count(f"{name} {kind}", ended)
    return tally


def damage_under_a_server(
    world: World, chance: random.Random, most: int | None = None
) -> DamageTally:
    """Damage each file while a process has the index open and goes on asking.

    It either answers as before, which it logs where the snapshot cannot be opened any more, or
    tells what to do.
    """
    tally = DamageTally()
    (version,) = world.possible
    for name, kind in _drawn(list(_cases(world, 1)), most, chance):
        path = world.index / name
        for is_replaced in (False, True):
            if kind in ("flipped", "truncated", "emptied") and not path.stat().st_size:
                continue
            if kind == "swapped" and _is_alike(world, path):
                continue
            serve = functools.partial(_served, world, version, path, kind, chance, is_replaced)
            with _Kept(path):
                ended = run(serve, seconds=_PATIENCE)
            how = "by another file" if is_replaced else "in place"
            tally.count(f"{name} {kind} {how}", ended)
    return tally


def _cases(world: World, flips: int) -> Iterator[tuple[str, str]]:
    for name in files_of(world):
        for kind in KINDS:
            for _ in range(flips if kind == "flipped" else 1):
                yield name, kind


def _drawn(
    cases: list[tuple[str, str]], most: int | None, chance: random.Random
) -> list[tuple[str, str]]:
    return cases if most is None or most >= len(cases) else chance.sample(cases, most)


class _Kept:
    """Puts a file back as it was, with its time."""

    def __init__(self, path: Path) -> None:
        self._path, self._copy = path, path.parent.parent / "kept-for-later"

    def __enter__(self) -> None:
        shutil.copy2(self._path, self._copy)

    def __exit__(self, *_: object) -> None:
        os.replace(self._copy, self._path)


def _damage(
    world: World,
    path: Path,
    kind: str,
    chance: random.Random,
    is_seen: bool,
    new: Path | None = None,
) -> None:
    """Damage a file in place, or write what becomes of it to a new one."""
    stat, data, is_pointer = path.stat(), path.read_bytes(), path.name == "current"
    target = new or path
    if kind == "removed":
        path.unlink()
        return
    if kind == "truncated":
        # a pointer without its second line still says what is live
        data = data[: chance.randrange(len(data.splitlines()[0] if is_pointer else data))]
    elif kind == "emptied":
        data = b""
    elif kind == "flipped":
        at = chance.randrange(len(data))
        data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    else:
        data = _other(world, path).read_bytes()
    with target.open("r+b" if target.exists() else "wb") as file:
        file.write(data)
        file.truncate()
    if not is_seen:
        os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _other(world: World, path: Path) -> Path:
    """Return the file of the snapshot before that a file is swapped with."""
    pointer = read_pointer(world.index)
    assert pointer is not None and pointer.previous is not None
    if path.name == "current":
        return path.parent / "lock"
    before = snapshot_paths(world.index, pointer.previous).folder
    name = path.relative_to(snapshot_paths(world.index, pointer.live).folder)
    # tantivy's files have names of their own in every snapshot, alike but for the ending
    (other,) = [one for one in (before / name.parent).glob(f"*{path.suffix}") if _alike(one, path)]
    return other


def _is_alike(world: World, path: Path) -> bool:
    return _other(world, path).read_bytes() == path.read_bytes()


def _alike(one: Path, other: Path) -> bool:
    return one.name == other.name or len(one.stem) == len(other.stem) == 32


def _looked_at(world: World, version: int, is_seen: bool) -> dict[str, Any]:
    """Be a process that comes upon damage."""
    if not is_seen:
        verify.READ = 0
    problems: list[str] = []
    seen = None
    try:
        index = open_live(world.index)
        seen = "asking"
        found = version_of(index)
        if found != version:
            problems.append(f"wrong: version {found}")
        problems += wrong_answers(index, version)
        seen = None
    except SnapshotError as error:
        seen = seen or "opening"
        problems += [] if _REMEDY in error.english else [f"untold: {error}"]
    try:
        whole = check_up(world.index).intact
    except SnapshotError:
        whole = False
    if whole and seen is None:
        return {"seen": None, "problems": problems}
    if whole:
        problems.append("unseen: verify says that all is well")
    return {"seen": seen or "verifying", "problems": problems}


def _served(
    world: World, version: int, path: Path, kind: str, chance: random.Random, is_replaced: bool
) -> dict[str, Any]:
    """Be a server that comes upon damage."""
    lines: list[str] = []
    logging.getLogger("embeddings.opening").addHandler(_Lines(lines))
    problems = wrong_answers(load_index(world.index), version)
    if is_replaced and kind != "removed":
        new = path.with_name("new")
        _damage(world, path, kind, chance, True, new)
        os.replace(new, path)
    else:
        _damage(world, path, kind, chance, True)
    try:
        problems += wrong_answers(load_index(world.index), version)
        seen = "asking" if lines else None
    except SnapshotError as error:
        problems += [] if _REMEDY in error.english else [f"untold: {error}"]
        seen = "opening"
    return {"seen": seen, "problems": problems}


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
