"""A few cases of every kind of grief; ``make test-faults`` has them all."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import CHECKOUT
from tests.faults.__main__ import KINDS
from tests.faults.supervise import can_supervise


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    """What came of the cases, by what was done; in a process without threads, which may fork."""
    if not can_supervise():
        pytest.skip("holding system calls needs Linux on x86-64 with seccomp's user notifications")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--few"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return {row["what"]: row for row in json.loads(done.stdout)}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_and_no_answer_is_wrong(rows: dict[str, dict[str, Any]], kind: str) -> None:
    assert [row["problems"] for row in rows.values() if row.get(kind)] == []


def test_the_cases_were_brought_about(rows: dict[str, dict[str, Any]]) -> None:
    killed = rows["rebuild killed at a write"]["came_of_it"].split()[-2]
    assert int(killed) >= 10  # threads may make a call or two fewer than the time before
    assert ", 0 told" not in rows["a write of rebuild fails (EIO)"]["came_of_it"]
    assert rows["2 writers, 10 readers at once"]["cases"] > 10
    assert sum(row["cases"] for row in rows.values()) > 100
    assert sum(len(row["problems"]) for row in rows.values()) == 0
