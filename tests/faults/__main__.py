"""Brings an index to grief in every way there is and counts what came of it.

``python -m tests.faults`` runs all cases and writes ``tests/eval/results/faults.md``;
``--few`` runs a fixed small number of them and prints JSON.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults import crashes, damage
from tests.faults.supervise import can_supervise
from tests.faults.world import World, use_small_encoder

_CHECKOUT = Path(__file__).resolve().parents[2]
_RESULTS = _CHECKOUT / "tests" / "eval" / "results" / "faults.md"
_MEMORY = Path("/dev/shm")
_SEED = 9
KINDS = ("lost", "wrong", "crash", "unseen", "damaged", "leftover", "untold")
_WHAT_KINDS_MEAN = """
- lost: neither the old nor the new snapshot opens whole.
- wrong: an answer that is not in the article that has it, or a quote that is not verbatim.
- crash: a process ended by a signal other than our SIGKILL.
- unseen: damage that nothing tells of.
- damaged: the snapshot before, which is kept, is not as it was written.
- leftover: what the next rebuild did not remove.
- untold: an error without a remedy."""

Result = crashes.Tally | damage.DamageTally | None


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--few", action="store_true", help="a few cases, as JSON")
    few = parser.parse_args().few
    if not can_supervise():
        sys.exit("this needs Linux on x86-64 with seccomp's user notifications")
    use_small_encoder()
    folder = Path(tempfile.mkdtemp(prefix="wenbao-faults-", dir=_memory()))
    try:
        rows = [_row(name, work) for name, work in _work(folder, few).items()]
    finally:
        shutil.rmtree(folder)
    if few:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False))
        return
    report = _report(rows)
    sys.stdout.write(report)
    _RESULTS.write_text(report, encoding="utf-8")
    sys.exit(any(row["problems"] for row in rows))


def _work(folder: Path, few: bool) -> dict[str, Callable[[], Result]]:
    """Return what is done, in order; all of it is the same every time but for the clock."""
    chance = random.Random(_SEED)
    world = World(folder / "world")
    world.begin()
    some = 12 if few else None

    def boundary(fault: Callable[[int], crashes.Decide]) -> Callable[[], Result]:
        return lambda: crashes.every_boundary(world, fault, some, chance)

    def damaged(flips: int, is_seen: bool, most: int) -> Callable[[], Result]:
        cases = most if few else None
        return lambda: damage.damage_all(world, flips, chance, is_seen, cases)

    return {
        "rebuild killed at random moments": lambda: crashes.kill_at_random(
            world, 12 if few else 200, chance
        ),
        "rebuild killed at a write": boundary(crashes.kill_at),
        "a write of rebuild fails (EIO)": boundary(crashes.fail_at),
        "the disk is full from a write on (ENOSPC)": boundary(crashes.full_from),
        "the folder is read-only (EROFS)": lambda: crashes.every_boundary(
            world, crashes.read_only, 1, chance
        ),
        "what is live was flushed before": lambda: crashes.flushing(world),
        "rollback killed, failing, full at a write": lambda: crashes.rollbacks(
            world, 2 if few else None, chance
        ),
        "a tmpfs with too little space": lambda: crashes.full_disk(folder, 3 if few else 40),
        "a read-only mount": lambda: crashes.read_only_mount(world),
        "2 writers, 10 readers at once": lambda: crashes.race(world, 2 if few else 20),
        "files damaged, with a new time of change": damaged(2, True, 40),
        "files damaged, without one, all taken for large": damaged(20, False, 30),
        "files damaged under a running server": lambda: damage.damage_under_a_server(
            world, chance, 20 if few else None
        ),
    }


def _row(name: str, work: Callable[[], Result]) -> dict[str, Any]:
    began = time.perf_counter()
    result = work()
    row: dict[str, Any] = {"what": name, "seconds": round(time.perf_counter() - began, 1)}
    if result is None:
        return row | {"cases": 0, "came_of_it": "cannot be had here", "problems": []}
    row |= {"cases": result.cases, "came_of_it": result.came_of_it, "problems": result.problems}
    return row | {kind: result.of(kind) for kind in KINDS}


def _report(rows: list[dict[str, Any]]) -> str:
    head = " | ".join(["", "cases", *KINDS, "came of it", "s"])
    lines = [f"|{head} |", "|---" * (len(KINDS) + 4) + "|"]
    for row in rows:
        counts = " | ".join(str(row.get(kind, "")) for kind in KINDS)
        lines.append(
            f"| {row['what']} | {row['cases']} | {counts} | {row['came_of_it']} | "
            f"{row['seconds']} |"
        )
    totals = " | ".join(str(sum(row.get(kind, 0) for row in rows)) for kind in KINDS)
    seconds = sum(row["seconds"] for row in rows)
    lines.append(f"| **all** | {sum(row['cases'] for row in rows)} | {totals} | | {seconds:.0f} |")
    problems = "".join(
        f"- {' '.join(one.split())[-400:]}\n" for row in rows for one in row["problems"][:5]
    )
    return (
        f"# What an index survives\n\n`make test-faults`, commit {_commit()}, {os.cpu_count()} "
        f"cores, {platform.machine()}, Linux {platform.release()}, others at work beside it. A "
        "small newspaper and an encoder that costs nothing; writes are stopped in the kernel "
        "(seccomp), those of SQLite, tantivy and FAISS too.\n\n"
        + "\n".join(lines)
        + f"\n{_WHAT_KINDS_MEAN}\n"
        + (f"\n## Problems\n\n{problems}" if problems else "")
    )


def _commit() -> str:
    asked = ["git", "-C", str(_CHECKOUT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _memory() -> Path | None:
    """Return a folder in memory, where flushing takes no time."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else None


if __name__ == "__main__":
    main()
