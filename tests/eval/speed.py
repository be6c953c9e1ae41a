"""How fast the encoder, the reader and a whole question are, beside plain sentence-transformers.

``make bench-speed`` prints a table and writes it to ``tests/eval/results/speed.md``. What is
compared takes turns in the same process, so that whatever else the machine does slows both;
figures are medians over the turns.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import numpy as np
import typer
from sentence_transformers import SentenceTransformer

from embeddings import Index, bundled, load_index
from embeddings.chunks import chunk_article
from embeddings.encoder import load_encoder
from embeddings.readers import read_paths
from embeddings.rebuild import index_articles
from embeddings.settings import Settings
from embeddings.types import Vectors
from qa.question import understand
from qa.question_set import Labelled, read_questions
from qa.reader import read
from qa.scores import percentile
from qa.spans import SpanReader, load_span_reader

ROUND = 200
"""Texts that each takes at a turn."""
QUESTIONS = 100
PASSAGES = 5
COLD_RUNS = 5
CHECKOUT = Path(__file__).resolve().parents[2]

Result = TypeVar("Result")
Row = tuple[str, str, str, str]


def seconds(call: Callable[[], Result]) -> tuple[float, Result]:
    """Return how long a call takes, and what it returns."""
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def main(
    data: Annotated[Path, typer.Argument(help="Folder with cmrc2018_trial.json and news/.")],
    chunks: Annotated[int, typer.Option(help="News chunks to encode.")] = 3000,
) -> None:
    """Print the table and keep it."""
    model = SentenceTransformer(
        str(bundled.ensure_model_folder(Settings().cache)), device="cpu", local_files_only=True
    )
    articles, questions, _skipped = read_questions(data / "cmrc2018_trial.json")
    contexts = [(a.id, chunk.text) for a in articles for chunk in chunk_article(a)]
    rows = [
        *encoding(model, news_chunks(data / "news", chunks)),
        *queries(model, [item.question for item in questions[:QUESTIONS]]),
        mrr_row(model, contexts, questions),
    ]
    with tempfile.TemporaryDirectory(prefix="wenbao-speed-") as folder:
        command("rebuild", CHECKOUT / "seeds", "--index", folder)
        rows += cold(Path(folder))
        index_articles(articles, Path(folder) / "contexts")
        asked = [item.question for item in questions[:QUESTIONS]]
        rows += reading(load_index(Path(folder) / "contexts"), asked)
    table = as_table(rows)
    (CHECKOUT / "tests/eval/results/speed.md").write_text(table, encoding="utf-8")
    typer.echo(table)


def news_chunks(folder: Path, count: int) -> list[str]:
    """Return chunks spread evenly over all the news."""
    articles, _skipped = read_paths([folder])
    found = [chunk.text for article in articles for chunk in chunk_article(article)]
    return [found[i] for i in np.linspace(0, len(found) - 1, min(count, len(found))).astype(int)]


def encoding(model: SentenceTransformer, texts: Sequence[str]) -> list[Row]:
    """Encode the same texts with both, in turns."""
    encoder = load_encoder()
    encoder.encode_documents(texts[:20])
    model.encode_document(list(texts[:20]))
    ours, theirs, cosines = [], [], []
    for start in range(0, len(texts), ROUND):
        part = list(texts[start : start + ROUND])
        fast, vectors = seconds(lambda part=part: encoder.encode_documents(part))
        slow, exact = seconds(lambda part=part: model.encode_document(part))
        ours.append(fast / len(part))
        theirs.append(slow / len(part))
        cosines.append((vectors * exact).sum(axis=1))
    a, b = statistics.median(ours), statistics.median(theirs)
    length = statistics.mean(map(len, texts))
    cosine = np.concatenate(cosines)
    alone = np.vstack([encoder.encode_documents([text]) for text in texts[:50]])
    together = encoder.encode_documents(texts[:50])
    return [
        ("encoding, chunks/s", f"{1 / a:.1f}", f"{1 / b:.1f}", f"{b / a:.2f} x"),
        ("encoding, characters/s", f"{length / a:.0f}", f"{length / b:.0f}", f"{b / a:.2f} x"),
        ("cosine to fp32, mean (least)", f"{cosine.mean():.4f} ({cosine.min():.4f})", "1", ""),
        ("a text alone or among others, largest difference of a vector's places",
         f"{np.abs(alone - together).max():.1g}", "", ""),
    ]  # fmt: skip


def queries(model: SentenceTransformer, questions: Sequence[str]) -> list[Row]:
    """Encode questions one by one."""
    encoder = load_encoder()
    ours = [seconds(lambda q=q: encoder.encode_queries([q]))[0] for q in questions]
    theirs = [seconds(lambda q=q: model.encode_query(q))[0] for q in questions]
    a, b = 1000 * statistics.median(ours), 1000 * statistics.median(theirs)
    return [("encoding a question, ms", f"{a:.1f}", f"{b:.1f}", f"{b / a:.2f} x")]


def mrr_row(
    model: SentenceTransformer, contexts: Sequence[tuple[str, str]], questions: Sequence[Labelled]
) -> Row:
    """Compare MRR@10 over articles, by vectors alone."""
    texts, asked = [text for _id, text in contexts], [item.question for item in questions]
    encoder = load_encoder()
    owners = [owner for owner, _text in contexts]
    wanted = [item.article_id for item in questions]
    ours = mrr(encoder.encode_documents(texts), encoder.encode_queries(asked), owners, wanted)
    exact = mrr(model.encode_document(texts), model.encode_query(asked), owners, wanted)
    return ("MRR@10, vectors alone", f"{ours:.4f}", f"{exact:.4f}", f"{ours - exact:+.4f}")


def mrr(chunks: Vectors, asked: Vectors, owners: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the mean reciprocal rank of the wanted among the first ten distinct owners."""
    total = 0.0
    for scores, right in zip(asked @ chunks.T, wanted, strict=True):
        ranked = dict.fromkeys(owners[i] for i in np.argsort(-scores, kind="stable"))
        first = list(ranked)[:10]
        total += 1 / (first.index(right) + 1) if right in first else 0.0
    return total / len(wanted)


def reading(index: Index, questions: Sequence[str]) -> list[Row]:
    """Search a warm index for each question and read the best passages, all and as needed."""
    encoder = index.encoder
    encoder.encode_queries(questions[:1])
    before = resident_megabytes()
    reader = load_span_reader()
    if not isinstance(reader, SpanReader):
        raise typer.Exit(1)
    reads, needed, searches = [], [], []
    for question in (questions[0], *questions):
        search, passages = seconds(lambda q=question: index.search(q, PASSAGES))
        searches.append(1000 * search)
        reads.append(1000 * seconds(lambda q=question, p=passages: reader.read(q, p))[0])
        meant = understand(question)
        needed.append(1000 * seconds(lambda q=meant, p=passages: read(q, p, reader))[0])
    memory = resident_megabytes() - before
    return [
        ("searching the contexts, warm, ms p50 / p95", spread(searches[1:]), "", ""),
        ("reading all of five passages, ms p50 / p95", spread(reads[1:]), "", ""),
        ("reading and weighing five until sure, ms p50 / p95", spread(needed[1:]), "", ""),
        ("memory that the reader adds, MB", f"{memory:.0f}", "", ""),
    ]


def cold(index: Path) -> list[Row]:
    """Ask in new processes."""
    question = "示范区纪委检查了多少家企业？"
    runs = [
        seconds(lambda: command("ask", question, "--index", index))[0] for _ in range(COLD_RUNS)
    ]
    return [
        ("wenbao ask, from the start of the process, s", f"{statistics.median(runs):.2f}", "", "")
    ]


def command(*arguments: object) -> None:
    """Run ``wenbao`` in a process of its own."""
    words = [sys.executable, "-m", "qa", *map(str, arguments), "--json"]
    subprocess.run(words, cwd=CHECKOUT, check=True, capture_output=True)


def resident_megabytes() -> float:
    """Return the process's memory now, or at its peak where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def spread(values: Sequence[float]) -> str:
    """Return median and 95th percentile."""
    return f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f}"


def as_table(rows: Sequence[Row]) -> str:
    """Return the rows as Markdown, with what they were measured on."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True
    )
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [
        "# Speed beside plain sentence-transformers (`make bench-speed`)",
        "",
        f"Commit {head.stdout.strip() or 'unknown'}, {os.cpu_count()} cores, {platform.machine()}, "
        f"{processor()}. Load of the machine over 1/5/15 minutes at the end: {load}.",
        "",
        "| | Wenbao | sentence-transformers, torch fp32 | ratio or difference |",
        "|---|---|---|---|",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def processor() -> str:
    """Return the processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    names = (
        [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        if cpuinfo.exists()
        else []
    )
    return names[0].partition(":")[2].strip() if names else platform.processor()


if __name__ == "__main__":
    typer.run(main)
