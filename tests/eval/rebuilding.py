"""What rebuilding costs, beside LangChain: ``make bench-rebuild``.

The news articles are read from JSONL, cut, encoded and indexed by Wenbao and by LangChain's FAISS
pipeline with the same model, in one run. Then Wenbao's index is brought up to date: nothing
changed, one article changed, a hundred added; each in a process of its own, imports included.
Results are written to ``tests/eval/results/rebuilding.md``.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from embeddings.bundled import ensure_model_folder
from embeddings.settings import Settings
from tests.eval.bench.__main__ import CHECKOUT, RESULTS, commit, machine, run
from tests.eval.bench.job import Job, Text

PEER = "LangChain + FAISS"
ADDED = 100
_TIMED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write(f"{used.ru_maxrss} {used.ru_utime + used.ru_stime}\\n")
sys.stdout.buffer.write(done.stdout)
sys.exit(done.returncode)
"""


class Cost(NamedTuple):
    """What a process took, from its start to its end."""

    what: str
    encoded: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def main(
    data: Annotated[Path, typer.Argument(help="The folder that has news/")],
    peers: Annotated[Path, typer.Option(help="The Python that has the peers")],
    limit: Annotated[int | None, typer.Option(min=200, help="Only so many articles")] = None,
) -> None:
    """Measure both and write the result."""
    lines = [
        line
        for path in sorted((data / "news").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ][:limit]
    kept, added = lines[:-ADDED], lines[-ADDED:]
    with tempfile.TemporaryDirectory(prefix="wenbao-rebuild-") as temporary:
        folder, index = Path(temporary) / "news", Path(temporary) / "index"
        folder.mkdir()
        articles = folder / "articles.jsonl"
        articles.write_text("\n".join(kept), encoding="utf-8")
        costs = [_rebuild("whole", folder, index), _rebuild("nothing changed", folder, index)]
        changed = json.loads(kept[len(kept) // 2])
        changed["text"] = f"{changed['text'][:40]}又及，{changed['text'][40:]}"
        other = [*kept[: len(kept) // 2], json.dumps(changed), *kept[len(kept) // 2 + 1 :]]
        articles.write_text("\n".join(other), encoding="utf-8")
        costs.append(_rebuild("one article changed", folder, index))
        (folder / "more.jsonl").write_text("\n".join(added), encoding="utf-8")
        costs.append(_rebuild(f"{ADDED} articles added", folder, index))
        alone = Path(temporary) / "alone"
        costs.append(_rebuild(f"those {ADDED} articles alone", folder / "more.jsonl", alone))
    texts = [json.loads(line)["text"] for line in kept]
    text = report(costs, sum(map(len, texts)), len(texts), _langchain(texts, peers))
    typer.echo(text)
    if limit is None:
        (RESULTS / "rebuilding.md").write_text(text, encoding="utf-8")


def _rebuild(what: str, path: Path, index: Path) -> Cost:
    command = [sys.executable, "-m", "embeddings.rebuild", path, "--index", index, "--json"]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, *map(str, command)],
        capture_output=True,
        cwd=CHECKOUT,
        check=True,
    )
    seconds = time.perf_counter() - began
    peak, cpu = done.stderr.split()[-2:]
    cost = Cost(what, json.loads(done.stdout)["encoded"], seconds, float(cpu), int(peak) / 1024)
    typer.echo(cost, err=True)
    return cost


def _langchain(texts: Sequence[str], peers: Path) -> tuple[float, float] | None:
    """Return the seconds that LangChain takes, its model loaded, and its peak in megabytes."""
    articles = tuple(Text(str(n), text) for n, text in enumerate(texts))
    model = str(ensure_model_folder(Settings().cache))
    outcome = run(PEER, Job(articles, (), (), model, 10), peers)
    return (outcome.index_seconds, outcome.peak_mb) if outcome else None


def report(
    costs: Sequence[Cost], characters: int, articles: int, peer: tuple[float, float] | None
) -> str:
    """Return the results as Markdown."""
    lines = [
        f"# Rebuilding: {articles} news articles, {characters} characters",
        "",
        "| | chunks encoded | s | CPU s | peak MB |",
        "|---|---|---|---|---|",
    ]
    for cost in costs:
        numbers = (f"{cost.seconds:.1f}", f"{cost.cpu_seconds:.1f}", f"{cost.peak_mb:.0f}")
        lines.append(f"| {cost.what} | {cost.encoded} | {' | '.join(numbers)} |")
    ours = characters / costs[0].seconds
    lines += ["", f"- Wenbao, whole: {ours:.0f} characters a second, start of Python included."]
    if peer is not None:
        theirs = characters / peer[0]
        lines.append(
            f"- {PEER}: {theirs:.0f} characters a second, model loaded before; peak "
            f"{peer[1]:.0f} MB. Wenbao is {ours / theirs:.1f} times as fast."
        )
    lines += [f"- commit {commit()}; {machine()}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(main)
