"""Kills, failing disks, full disks, read-only folders and races, each followed by the same checks.

Every case prints the next version of the newspaper, lets a rebuild come to grief, and looks: the
old or the new snapshot opens whole and answers, what is on disk has its checksums, the error names
a remedy, the next rebuild cleans up.
"""

import ctypes
import errno
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embeddings.errors import LockError
from embeddings.opening import load_index, open_live
from embeddings.rollback import roll_back
from tests.faults.supervise import TAKES_SPACE, Decide, Ended, run
from tests.faults.world import World, version_of, wrong_answers

_NEW_NAMESPACE, _NEW_USER = 0x00020000, 0x10000000
_SHOWN = 5
_CANNOT_MOUNT = re.compile(r"mount namespaces are not to be had|'mount'.*non-zero exit status")


@dataclass
class Tally:
    """What became of the cases of one kind."""

    cases: int = 0
    finished: int = 0
    told: int = 0
    killed: int = 0
    problems: list[str] = field(default_factory=list)

    def count(self, ended: Ended, problems: list[str]) -> None:
        self.cases += 1
        self.finished += ended.error is None and not ended.signal
        self.told += ended.is_told
        self.killed += ended.signal == signal.SIGKILL
        if ended.signal not in (0, signal.SIGKILL):
            problems = [f"crash: signal {ended.signal}", *problems]
        if ended.error is not None and not ended.is_told:
            problems = [f"untold: {ended.error[-600:]}", *problems]
        self.problems += problems

    @property
    def came_of_it(self) -> str:
        return f"{self.finished} finished, {self.told} told why not, {self.killed} killed"

    def of(self, kind: str) -> int:
        """Count the problems of a kind: lost, wrong, leftover, untold, damaged, crash."""
        return sum(problem.startswith(f"{kind}:") for problem in self.problems)


def kill_at_random(world: World, cases: int, chance: random.Random) -> Tally:
    """Kill rebuilds after random times, up to what one takes, until so many were killed."""
    tally = Tally()
    world.change()
    began = time.perf_counter()
    run(world.rebuild)
    longest = time.perf_counter() - began
    world.possible = {world.version}
    case = 0
    while tally.killed < cases:
        world.change()
        world.possible |= {world.version}
        began = time.perf_counter()
        ended = run(world.rebuild, seconds=chance.uniform(0, longest))
        if not ended.signal:
            longest = min(longest, time.perf_counter() - began)
        tally.count(ended, _looked_at(world, case))
        case += 1
    return tally


def every_boundary(
    world: World, fault: Callable[[int], Decide], cases: int | None, chance: random.Random
) -> Tally:
    """Let rebuilds come to grief at each call that writes, or at so many of them.

    Args:
        world: The newspaper.
        fault: Makes what decides about calls, from the number of the call to hit.
        cases: How many at most; None: all.
        chance: Chooses them.
    """
    tally = Tally()
    world.change()
    world.possible |= {world.version}
    calls = run(world.rebuild, world.index).calls
    numbers = list(range(len(calls)))
    if cases is not None and cases < len(numbers):
        numbers = sorted(chance.sample(numbers, cases))
    for case, number in enumerate(numbers):
        world.change()
        world.possible |= {world.version}
        ended = run(world.rebuild, world.index, fault(number))
        tally.count(ended, _looked_at(world, case))
    return tally


def kill_at(number: int) -> Decide:
    """Kill before the call of a number."""
    return lambda call: signal.SIGKILL if call.number == number else None


def fail_at(number: int) -> Decide:
    """Let one call fail, as a failing disk may."""
    return lambda call: errno.EIO if call.number == number else None


def full_from(number: int) -> Decide:
    """Refuse space from a call on, as a full disk does."""
    return lambda call: errno.ENOSPC if call.number >= number and call.name in TAKES_SPACE else None


def read_only(_number: int) -> Decide:
    """Refuse every change, as a read-only file system does."""
    return lambda call: errno.EROFS


def rollbacks(world: World, cases: int | None, chance: random.Random) -> Tally:
    """Kill rollbacks at each call that writes: either of the two snapshots is live then."""
    tally = Tally()
    for _ in range(2):
        world.change()
        assert not world.rebuilt_cleanly()
    both = {world.version, world.version - 1}

    def work() -> str:
        return roll_back(world.index).snapshot

    def hit(decide: Decide) -> Ended:
        world.possible = set(both)
        ended = run(work, world.index, decide)
        tally.count(ended, world.problems())
        return ended

    world.possible = set(both)
    numbers = list(range(len(run(work, world.index).calls)))
    for number in numbers if cases is None else sorted(chance.sample(numbers, cases)):
        for fault in (kill_at, fail_at, full_from):
            hit(fault(number))
    world.possible = set(both)
    tally.problems += world.rebuilt_cleanly()
    return tally


def flushing(world: World) -> Tally:
    """See that all of a snapshot was flushed after its last write, and only then became live."""
    world.change()
    world.possible |= {world.version}
    ended = run(world.rebuild, world.index)
    tally = Tally()
    tally.count(ended, world.problems())
    pending: set[str] = set()
    for call in ended.calls:
        inside = call.path.startswith(f"snapshots/{ended.value}") or call.path == "current.new"
        if call.name == "rename" and call.path == "current.new":
            tally.problems += [f"lost: {path} was not flushed" for path in sorted(pending)]
            return tally
        if call.name in ("fsync", "fdatasync"):
            pending.discard(call.path)
        elif inside and call.name in TAKES_SPACE | {"rename", "renameat", "unlink", "unlinkat"}:
            if call.name in ("write", "pwrite64", "ftruncate"):
                pending.add(call.path)
            # a new name is in the folder that has it
            elif call.path != "current.new" and not call.path.endswith(".lock"):
                pending.add(str(Path(call.path).parent))
    tally.problems.append("lost: nothing became live")
    return tally


def read_only_mount(world: World) -> Tally | None:
    """Mount the index read-only: it answers, and a rebuild tells why it cannot be."""
    ended = run(lambda: _on_read_only_mount(world))
    if _CANNOT_MOUNT.search(str(ended.error)):
        return None
    assert ended.value is not None, ended
    return Tally(**ended.value)


def full_disk(folder: Path, cases: int) -> Tally | None:
    """Rebuild on real file systems with less and less space left; None where none can be made."""
    ended = run(lambda: _on_small_disks(folder, cases))
    if _CANNOT_MOUNT.search(str(ended.error)):
        return None
    assert ended.value is not None, ended
    return Tally(**ended.value)


def race(world: World, seconds: float) -> Tally:
    """Let two writers and ten readers work at once; the writers rebuild and roll back."""
    tally = Tally()
    until = time.monotonic() + seconds
    children: list[tuple[int, int]] = []
    for number in range(12):
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            os.close(ours)
            work = _write_on if number < 2 else _read_on
            ended = run(lambda work=work: work(world, until))  # type: ignore[misc]
            text = ended.error or "\n".join(ended.value or [f"crash: signal {ended.signal}"])
            os.write(theirs, text.encode()[-4000:])
            os._exit(0)
        os.close(theirs)
        children.append((child, ours))
    for child, ours in children:
        with open(ours, "rb") as file:
            first, *problems = file.read().decode("utf-8", "replace").splitlines()
        os.waitpid(child, 0)
        if first.isdigit():
            tally.cases += int(first)
            tally.problems += problems
        else:
            tally.problems.append("\n".join([f"untold: {first}", *problems]))
    world.possible = set(range(world.version + 1_000_000))
    tally.problems += world.problems()
    return tally


def _write_on(world: World, until: float) -> list[str]:
    done = 0
    while time.monotonic() < until:
        try:
            world.version = (int(time.monotonic() * 1000) % 900_000) + 1
            world.change()
            world.rebuild()
            if done % 5 == 4:
                roll_back(world.index)
            done += 1
        except LockError:
            time.sleep(0.005)
    return [str(done)]


def _read_on(world: World, until: float) -> list[str]:
    done, problems = 0, list[str]()
    while time.monotonic() < until:
        index = load_index(world.index) if done % 2 else open_live(world.index)
        version = version_of(index)
        if not version:
            problems.append("lost: a mixture")
        problems += wrong_answers(index, version)
        done += 1
    return [str(done), *problems[:_SHOWN]]


def _looked_at(world: World, case: int) -> list[str]:
    """Check the index; after every other case see what the next rebuild makes of it."""
    problems = world.problems()
    if case % 2:
        world.change()
        problems += world.rebuilt_cleanly()
    return problems


def _on_small_disks(folder: Path, cases: int) -> dict[str, Any]:
    tally = Tally()
    _enter_namespace()
    disk = folder / "disk"
    disk.mkdir()
    _mount(disk, "size=64m")
    world = World(disk)
    world.begin()
    used = _used(disk)
    world.change()
    assert not world.rebuilt_cleanly()
    needed = max(_used(disk), used) - used // 2
    for case in range(cases):
        world.change()
        world.possible |= {world.version}
        left = (case * needed // cases) & ~4095
        _mount(disk, f"remount,size={_used(disk) + left}")
        ended = run(world.rebuild)
        problems = world.problems()
        _mount(disk, "remount,size=64m")
        world.change()
        tally.count(ended, problems + world.rebuilt_cleanly())
    return vars(tally)


def _on_read_only_mount(world: World) -> dict[str, Any]:
    tally = Tally()
    _enter_namespace()
    index = str(world.index)
    subprocess.run(["mount", "--bind", index, index], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", index], check=True)
    world.change()
    for work in (world.rebuild, lambda: roll_back(world.index).snapshot):
        ended = run(work)
        problems = world.problems()
        if not ended.is_told:
            problems.append(f"untold: {ended}")
        tally.count(ended, problems)
    return vars(tally)


def _used(disk: Path) -> int:
    stat = os.statvfs(disk)
    return (stat.f_blocks - stat.f_bfree) * stat.f_frsize


def _enter_namespace() -> None:
    """Enter a mount namespace of our own, so that what is mounted goes with this process."""
    flags = _NEW_NAMESPACE | (_NEW_USER if os.geteuid() else 0)
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(flags):
        raise OSError(ctypes.get_errno(), "mount namespaces are not to be had")
    if user:
        Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="utf-8")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="utf-8")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


def _mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
