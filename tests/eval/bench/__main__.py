"""Measures Wenbao and what one would use instead: ``make bench``.

One machine, one run, the same model, articles and questions; each system in a process of its
own, one after the other. Prints a table and writes it, with commit and machine, to
``tests/eval/results/``.
"""

import dataclasses
import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from embeddings.bundled import ensure_model_folder
from embeddings.chunks import chunk_article
from embeddings.sentences import Span
from embeddings.settings import Settings
from embeddings.windows import widen
from qa.question_set import read_questions
from tests.eval.bench.job import Found, Job, Outcome, Text, read_outcome, write_job
from tests.eval.bench.process import SYSTEMS, is_peer
from tests.eval.bench.table import SHOWN, Gold, headings, row

CHECKOUT = Path(__file__).resolve().parents[3]
RESULTS = CHECKOUT / "tests" / "eval" / "results"
DEPTH = 50
"""Passages taken for a question: they hold ten distinct articles."""
_QUIET_AND_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TQDM_DISABLE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def main(
    questions: Annotated[Path, typer.Argument(help="In SQuAD layout")],
    peers: Annotated[Path, typer.Option(help="The Python that has the peers")],
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many")] = None,
) -> None:
    """Run all systems; a result is written only for a whole set."""
    articles, labelled, skipped = read_questions(questions)
    labelled = labelled[:limit]
    job = Job(
        articles=tuple(Text(article.id, article.text) for article in articles),
        chunks=tuple(Text(a.id, c.text) for a in articles for c in chunk_article(a)),
        questions=tuple(item.question for item in labelled),
        model=str(ensure_model_folder(Settings().cache)),
        depth=DEPTH,
    )
    golds = [Gold(item.article_id, item.golds) for item in labelled]
    title = (
        f"{questions.name}: {len(articles)} articles, {len(labelled)} questions "
        f"({skipped} empty ones left out), depth {DEPTH}"
    )
    shown = {
        Found((a.id,), c.text): Found((a.id,), _window(a.text, Span(c.start, c.end)))
        for a in articles
        for c in chunk_article(a)
    }
    outcomes = {name: _showing(run(name, job, peers), shown) for name in SYSTEMS}
    text = _report(title, outcomes, golds)
    typer.echo(text)
    if limit is None:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"bench_{questions.stem}.md"
        path.write_text(text, encoding="utf-8")
        typer.echo(f"→ {path.relative_to(CHECKOUT)}", err=True)
    if not all(outcomes.values()):
        sys.exit(1)


def run(name: str, job: Job, peers: Path) -> Outcome | None:
    """Run a system in its process; None if it fails, which does not stop the others."""
    typer.echo(f"{name} …", err=True)
    # absolute, but not resolved: an environment's Python is a link to another one
    python = str(peers.absolute()) if is_peer(name) else sys.executable
    with tempfile.TemporaryDirectory(prefix="wenbao-bench-") as temporary:
        job_path, outcome_path = Path(temporary) / "job.json", Path(temporary) / "outcome.json"
        write_job(job_path, job)
        done = subprocess.run(
            [python, "-m", "tests.eval.bench.process", name, job_path, outcome_path],
            cwd=CHECKOUT,
            env={**os.environ, **_QUIET_AND_OFFLINE},
            stdout=sys.stderr,
            check=False,
        )
        return read_outcome(outcome_path) if done.returncode == 0 else None


def _window(text: str, chunk: Span) -> str:
    window = widen(text, chunk)
    return text[window.start : window.end]


def _showing(outcome: Outcome | None, shown: Mapping[Found, Found]) -> Outcome | None:
    """Let chunks be shown with the text around them as Wenbao's are: all show equally much."""
    if outcome is None:
        return None
    found = tuple(tuple(shown.get(one, one) for one in passages) for passages in outcome.found)
    return dataclasses.replace(outcome, found=found)


def _report(title: str, outcomes: dict[str, Outcome | None], golds: Sequence[Gold]) -> str:
    search = outcomes["Wenbao search"]
    lines = [f"# {title}", "", *headings()]
    for name, outcome in outcomes.items():
        # What an answer does not show is ranked below it, as search ranks it.
        below = search if name == "Wenbao ask" else None
        lines.append(row(name, outcome, below, golds))
    made_of = sorted({v for o in outcomes.values() if o for v in o.versions})
    lines += [
        "",
        f"- {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC, commit {commit()}",
        f"- {machine()}",
        f"- {', '.join(made_of)}",
        "- The model is multilingual-e5-small as bundled, with its prompts, in all but BM25.",
        "- BM25, dense and txtai are given Wenbao's chunks, and show what Wenbao shows around a "
        "chunk; LangChain and LlamaIndex cut by themselves. An answer counts in the first "
        f"{SHOWN} characters of a passage; “uncut”: anywhere in it.",
        "- Indexing and queries with the model loaded; memory is the process's peak.",
        "",
    ]
    return "\n".join(lines)


def commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return f"{git('rev-parse', '--short', 'HEAD')}{' with changes' if changed else ''}"


def machine() -> str:
    cpu, info = "unknown CPU", Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.partition(":")[2] for line in info.read_text().splitlines() if "name" in line]
        cpu = names[0].strip() if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    load = os.getloadavg()[2]
    python = ".".join(map(str, sys.version_info[:3]))
    # onnxruntime does not heed it, torch does: with it, times cannot be compared.
    threads = os.environ.get("OMP_NUM_THREADS")
    return (
        f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB, Python {python}, "
        f"load {load:.1f} over the last 15 minutes"
        + (f", OMP_NUM_THREADS={threads}" if threads else "")
    )


if __name__ == "__main__":
    typer.run(main)
