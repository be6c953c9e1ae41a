"""Many people at once: ``make test-load`` runs locust against a server on this machine.

First as many users as should all be answered, then so many that some must be told to come back
later, each while the index is rebuilt again and again with an article that changes. The table is
printed and written to ``tests/eval/results/load.md``.
"""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import psutil
import typer

from embeddings import load_index, rebuild
from tests.browser.conftest import free_port, reachable
from tests.eval.load.names import ANSWERED, LATER, QUESTIONS, SECONDS_BETWEEN

CHECKOUT = Path(__file__).resolve().parents[3]
RESULTS = CHECKOUT / "tests/eval/results/load.md"
BOUNDS = {50: (1.5, True), 400: (3.0, False)}
"""By users: what the 95th percentile may be, and whether all must be answered."""
MOST_GROWTH = 0.05
"""Of memory, between the end of the first minute and the end."""
HEADLINES = 500
"""Articles that are asked about besides, so that no two minutes ask the same."""


@dataclass
class Measured:
    """What became of one load.

    Attributes:
        megabytes: The server's memory, one figure a second.
        rebuilds: How many were finished meanwhile.
    """

    users: int
    seconds: int
    rows: dict[str, dict[str, str]]
    megabytes: list[float] = field(default_factory=list)
    rebuilds: int = 0

    def figure(self, name: str, column: str) -> float:
        """Return a figure of locust's table, 0 where nothing of the kind happened."""
        return float(self.rows.get(name, {}).get(column) or 0)

    @property
    def growth(self) -> float:
        """How much more memory the server has at the end than after a minute, as a share.

        Of a shorter run, after a fifth of it. Medians of ten seconds each.
        """
        first = min(60, self.seconds // 5)
        early = sorted(self.megabytes[max(0, first - 5) : first + 5])
        late = sorted(self.megabytes[-10:])
        return late[len(late) // 2] / early[len(early) // 2] - 1

    @property
    def errors(self) -> int:
        """Requests that were neither answered nor told to come back later."""
        return int(self.figure("Aggregated", "Failure Count"))

    @property
    def answered(self) -> int:
        """Questions that were answered."""
        return int(self.figure(ANSWERED, "Request Count"))

    @property
    def later(self) -> int:
        """Questions whose asker was told to come back later."""
        return int(self.figure(LATER, "Request Count"))

    @property
    def holds(self) -> bool:
        """Whether it is as it should be."""
        most, all_are_answered = BOUNDS.get(self.users, (3.0, self.users <= 50))
        in_time = self.figure(ANSWERED, "95%") <= 1000 * most
        # Users that fail before they ask are counted nowhere.
        asked = self.answered + self.later >= 0.8 * self.users * self.seconds / SECONDS_BETWEEN
        enough = asked and self.answered > 0 and not (all_are_answered and self.later)
        return self.errors == 0 and in_time and enough and self.growth <= MOST_GROWTH


def main(
    data: Annotated[Path, typer.Argument(help="Folder with news/.")],
    index: Annotated[
        Path | None, typer.Option(help="An index of the news that exists; it is copied.")
    ] = None,
    seconds: Annotated[int, typer.Option(help="Of each load.")] = 300,
    users: Annotated[list[int] | None, typer.Option(help="Loads; default 50 and 400.")] = None,
    rebuilds: Annotated[bool, typer.Option(help="Rebuild meanwhile.")] = True,
) -> None:
    """Load the server, print the table and keep it."""
    with tempfile.TemporaryDirectory(prefix="wenbao-load-") as name:
        folder = Path(name)
        (folder / "extra").mkdir()
        roots = [data / "news", folder / "extra"]
        _write_extra(folder / "extra", 0)
        if index is not None:
            shutil.copytree(index, folder / "index")
        rebuild(roots, folder / "index")
        questions = _write_questions(folder)
        found = [
            _measured(folder, roots if rebuilds else [], count, seconds, questions)
            for count in users or [50, 400]
        ]
    table = _table(found, rebuilds)
    typer.echo(table)
    RESULTS.write_text(table, encoding="utf-8")
    if not all(one.holds for one in found):
        raise typer.Exit(1)


def _measured(
    folder: Path, roots: list[Path], users: int, seconds: int, questions: Path
) -> Measured:
    with _server(folder / "index") as (url, server):
        stop = threading.Event()
        megabytes: list[float] = []
        rebuilt: list[float] = []
        helpers = [threading.Thread(target=_watch, args=(server, megabytes, stop))]
        if roots:
            work = (roots, folder / "index", rebuilt, stop)
            helpers.append(threading.Thread(target=_rebuild_again, args=work))
        for helper in helpers:
            helper.start()
        try:
            rows = _locust(url, users, seconds, folder / "locust", questions)
        finally:
            stop.set()
            for helper in helpers:
                helper.join()
    return Measured(users, seconds, rows, megabytes[:seconds], len(rebuilt))


def _locust(
    url: str, users: int, seconds: int, prefix: Path, questions: Path
) -> dict[str, dict[str, str]]:
    """Run locust for a while; return its table, a row for each kind of request."""
    # All users come within the time between two questions, as they would in the long run.
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("users.py")),
        "--headless", "--only-summary", "--users", str(users),
        "--spawn-rate", str(max(1, users // SECONDS_BETWEEN)), "--run-time", f"{seconds}s",
        "--stop-timeout", "30", "--host", url, "--csv", str(prefix), "--exit-code-on-error", "0",
    ]  # fmt: skip
    settings = {QUESTIONS: str(questions), "PYTHONPATH": str(CHECKOUT)}
    subprocess.run(command, check=True, env=os.environ | settings)
    with prefix.with_name(f"{prefix.name}_stats.csv").open(encoding="utf-8") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


@contextmanager
def _server(index: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    command = [sys.executable, "-m", "qa", "serve", "--port", str(port), "--index", str(index)]
    with index.with_name("server.log").open("ab") as log:
        server = subprocess.Popen(command, stderr=log, cwd=CHECKOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            reachable(f"{url}/healthz", server)
            reachable(f"{url}/readyz", server)
            yield url, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=60)


def _watch(server: psutil.Process, megabytes: list[float], stop: threading.Event) -> None:
    while not stop.wait(1.0):
        megabytes.append(server.memory_info().rss / 2**20)


def _rebuild_again(
    roots: list[Path], index: Path, rebuilt: list[float], stop: threading.Event
) -> None:
    """Rebuild every half minute, as the command does, at the priority of a nightly job."""
    command = [sys.executable, "-m", "embeddings.rebuild", *map(str, roots), "--index", str(index)]
    number = 0
    while not stop.wait(5.0 if not number else 30.0):
        number += 1
        _write_extra(roots[-1], number)
        began = time.monotonic()
        subprocess.run(["nice", *command], check=True, cwd=CHECKOUT, capture_output=True)
        rebuilt.append(time.monotonic() - began)


def _write_extra(folder: Path, number: int) -> None:
    article = {"title": f"城东大桥{number}", "text": f"城东大桥全长{1000 + number}米，昨日通车。"}
    (folder / "extra.jsonl").write_text(json.dumps(article), encoding="utf-8")


def _write_questions(folder: Path) -> Path:
    """Write what is asked: the questions that people typed, and headlines as questions."""
    lines = (CHECKOUT / "tests/eval/news_questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    articles = list(load_index(folder / "index").articles())
    step = max(1, len(articles) // HEADLINES)
    asked += [f"{a.headline}，是怎么回事？" for a in articles[::step] if a.headline]
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(question) for question in asked), encoding="utf-8")
    return path


def _table(found: list[Measured], rebuilds: bool) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True
    ).stdout.strip()
    lines = [
        f"# 负载 · Load\n\n{_machine()}, commit {commit}. A question every {SECONDS_BETWEEN} s by "
        "each user, over REST on the loopback, from the same machine. Memory is that of the "
        f"server's process. Rebuilds meanwhile: {'yes' if rebuilds else 'no'}.\n",
        "| users | seconds | answered | p50 s | p95 s | max s | told to come back (429) | errors "
        "| MB at first | growth | rebuilds | holds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        p50, p95, most = (one.figure(ANSWERED, c) / 1000 for c in ("50%", "95%", "100%"))
        first = one.megabytes[min(60, one.seconds // 5)]
        lines.append(
            f"| {one.users} | {one.seconds} | {one.answered} | {p50:.2f} | {p95:.2f} | {most:.2f} "
            f"| {one.later} | {one.errors} | {first:.0f} | {one.growth:+.1%} | {one.rebuilds} "
            f"| {'yes' if one.holds else 'no'} |"
        )
    return "\n".join(lines) + "\n"


def _machine() -> str:
    return f"{os.cpu_count()} cores of {_cpu()}, {psutil.virtual_memory().total >> 30} GB"


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    typer.run(main)
