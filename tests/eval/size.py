"""How cost grows with the corpus: ``make bench-size``, ``python -m tests.eval.size DATA``.

Indexes of 10^4, 10^5 and 10^6 chunks are made from the news articles in DATA through the real
rebuild. Copies of an article get other characters in a tenth of the runs between marks, so
their terms are real ones and their chunks are cut alike; the vector of a chunk of a copy is that
of the original with noise (cosine 0.95). What is measured is measured in a process that opens
the finished index. Results are written to ``tests/eval/results/size.md`` and ``size.svg``.
"""

import functools
import itertools
import json
import math
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from embeddings import index as index_module
from embeddings import load_index, tokens
from embeddings.chunks import chunk_article
from embeddings.dense import DenseIndex
from embeddings.encoder import EncoderIdentity, load_encoder
from embeddings.rebuild import index_articles, pipeline, rebuild
from embeddings.rebuild.writing import encoded_text, text_key
from embeddings.sentences import sentence_spans
from embeddings.types import Article, Encoder, Progress, Vectors, no_progress
from embeddings.vectors import open_vectors
from qa.scores import percentile
from tests.eval.bench.__main__ import RESULTS, commit, machine

QUESTIONS = 200
NOISE = 0.33
"""Length of the noise added to a unit vector."""
CHANGED_RUNS = 0.1
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_STAND_IN = "news with noise"


class StandIn:
    """Looks the vectors of documents up, encodes questions really."""

    name = _STAND_IN
    fingerprint = _STAND_IN

    def __init__(self, vectors: Vectors | None, asked: Encoder) -> None:
        self.dimension = asked.dimension
        self._asked = asked
        self._vectors = vectors
        self._rows: dict[int, int] = {}

    def expect(self, article: Article, first_row: int) -> None:
        """Note that an article's chunks resemble the rows from ``first_row``."""
        for row, chunk in enumerate(chunk_article(article), start=first_row):
            self._rows[text_key(encoded_text(article, chunk))] = row

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._asked.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        assert self._vectors is not None
        keys = [text_key(text) for text in texts]
        chance = np.random.default_rng([abs(key) for key in keys[:4]])
        noise = chance.normal(size=(len(texts), self.dimension)) * NOISE / self.dimension**0.5
        vectors = self._vectors[[self._rows.pop(key) for key in keys]] + noise
        progress("encode", len(texts), len(texts))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


class Copies:
    """Articles with ``chunks`` chunks in all, anew each time they are gone through."""

    def __init__(self, articles: Sequence[Article], stand_in: StandIn, chunks: int) -> None:
        self._articles = articles
        self._stand_in = stand_in
        self._chunks = chunks

    def __iter__(self) -> Iterator[Article]:
        everything = "".join(itertools.chain(*(_RUN.findall(a.text) for a in self._articles)))
        made = 0
        for copy in itertools.count():
            chance, first = random.Random(copy), 0
            for article in self._articles:
                altered = functools.partial(_altered, everything=everything, chance=chance)
                text = _RUN.sub(altered, article.text)
                changed = replace(article, id=f"{article.id}-{copy}", text=text)
                count = len(chunk_article(changed))
                if made + count > self._chunks:
                    return
                self._stand_in.expect(changed, first)
                first, made = first + count, made + count
                yield changed


def _altered(found: re.Match[str], everything: str, chance: random.Random) -> str:
    """Return a run with one character of another, as common ones are commonest, or as it is."""
    run = found.group()
    if chance.random() > CHANGED_RUNS:
        return run
    at = chance.randrange(len(run))
    return run[:at] + everything[chance.randrange(len(everything))] + run[at + 1 :]


def build(base: Path, folder: Path, chunks: int) -> dict[str, Any]:
    """Build an index of so many chunks; return what it cost."""
    opened = load_index(base)
    stand_in = StandIn(opened.dense.at(np.arange(opened.manifest.chunks)), opened.encoder)
    pipeline.load_encoder = lambda model=None: stand_in  # type: ignore[assignment]
    pipeline.encoder_identity = lambda *_: EncoderIdentity(_STAND_IN, _STAND_IN)  # type: ignore
    # Copies repeat most runs; cutting those again would only take time.
    tokens.words = functools.lru_cache(maxsize=2_000_000)(tokens.words)
    began = time.perf_counter()
    rebuilt = index_articles(Copies(list(opened.articles()), stand_in, chunks), folder)  # type: ignore
    seconds = time.perf_counter() - began
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        "chunks": rebuilt.chunks,
        "articles": rebuilt.articles,
        "build_seconds": round(seconds, 1),
        "build_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "disk_mb": sum(path.stat().st_size for path in files) >> 20,
    }


def measure(base: Path, folder: Path) -> dict[str, Any]:
    """Open an index and search in it."""
    real = load_encoder()
    questions = _questions(list(load_index(base).articles()))
    stand_in = StandIn(None, real)
    index_module.load_encoder = lambda *_: stand_in  # type: ignore[assignment]
    began = time.perf_counter()
    index = load_index(folder)
    opening = time.perf_counter() - began
    began = time.perf_counter()
    index.search(questions[0], 5)
    first = time.perf_counter() - began
    ms, stages = [], [[], [], []]
    for question in questions:
        began = time.perf_counter()
        index.search(question, 5)
        ms.append(1000 * (time.perf_counter() - began))
    memory = _memory()
    vectors = real.encode_queries(questions)
    exact = DenseIndex(open_vectors(index.paths.vectors))
    found = 0
    for vector, question in zip(vectors, questions, strict=True):
        began = time.perf_counter()
        rows, _ = index.dense.search(vector, 100)
        stages[0].append(1000 * (time.perf_counter() - began))
        found += len({*rows[:10].tolist()} & {*exact.search(vector, 10)[0].tolist()})
        asked = tokens.query_terms(question)
        for stage, side in enumerate((index._sparse, index._sparse_articles), start=1):
            began = time.perf_counter()
            side.search(asked, 100)
            stages[stage].append(1000 * (time.perf_counter() - began))
    return {
        "opening_ms": round(1000 * opening, 1),
        "first_ms": round(1000 * first, 1),
        "search_ms": [round(percentile(ms, part), 1) for part in (0.5, 0.95)],
        "stages_ms": [[round(percentile(s, part), 1) for part in (0.5, 0.95)] for s in stages],
        "recall": round(found / (10 * len(questions)), 4),
        "memory": memory,
        "search": index.manifest.search.model_dump(),
    }


def _questions(articles: Sequence[Article]) -> list[str]:
    """Return sentences of the news, cut to the length of questions."""
    chance = random.Random(0)
    asked = []
    while len(asked) < QUESTIONS:
        article = chance.choice(articles)
        start, end = chance.choice(sentence_spans(article.text))
        if end - start >= 12:
            asked.append(article.text[start : min(end, start + chance.randint(12, 30))])
    return asked


def _memory() -> dict[str, int]:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    names = ("VmRSS", "RssAnon", "RssFile", "VmHWM")
    return {n: int(re.findall(rf"{n}:\s+(\d+)", status)[0]) >> 10 for n in names}


def main(
    data: Annotated[Path, typer.Argument(help="The folder that has news/")],
    sizes: Annotated[str, typer.Option(help="Chunks of each index")] = "10000,100000,1000000",
    folder: Annotated[Path | None, typer.Option(help="Keeps the indexes here")] = None,
) -> None:
    """Build, measure and report."""
    with tempfile.TemporaryDirectory(prefix="wenbao-size-") as temporary:
        where = folder or Path(temporary)
        base = where / "news"
        rebuild([data / "news"], base)
        rows = []
        for size in map(int, sizes.split(",")):
            built = _in_a_process("build", base, where / str(size), size)
            rows.append(built | _in_a_process("measure", base, where / str(size)))
            typer.echo(json.dumps(rows[-1]), err=True)
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "size.md").write_text(report(rows), encoding="utf-8")
        (RESULTS / "size.svg").write_text(plot(rows), encoding="utf-8")
        typer.echo(report(rows))


def _in_a_process(what: str, *arguments: object) -> dict[str, Any]:
    """Return what a step prints; a finished step is not done again."""
    done = Path(f"{arguments[1]}.{what}.json")
    if not done.exists():
        command = [sys.executable, "-m", "tests.eval.size", what, *map(str, arguments)]
        done.write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    result: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return result


def report(rows: Sequence[dict[str, Any]]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# How cost grows with the corpus",
        "",
        "| chunks | articles | build s | peak MB | disk MB | opening ms | first search ms "
        "| search ms p50 | p95 | vectors p50 | chunk terms p50 | article terms p50 | recall@10 "
        "| resident MB | of it anonymous |",
        f"|{'---|' * 15}",
    ]
    for row in rows:
        stages = [stage[0] for stage in row["stages_ms"]]
        cells = (
            row["chunks"], row["articles"], row["build_seconds"], row["build_peak_mb"],
            row["disk_mb"], row["opening_ms"], row["first_ms"], *row["search_ms"], *stages,
            row["recall"], row["memory"]["VmRSS"], row["memory"]["RssAnon"],
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "![Time and memory by number of chunks](size.svg)", ""]
    lines += [f"- {row['chunks']}: {json.dumps(row['search'])}" for row in rows]
    lines += [
        f"- {QUESTIONS} questions: sentences of the news, cut to 12-30 characters; five passages.",
        "- recall@10: of the ten nearest vectors of a scan, those that the index finds.",
        "- Built with vectors looked up; runs of text that copies share are cut into words once.",
        f"- commit {commit()}; {machine()}",
        "",
    ]
    return "\n".join(lines)


def plot(rows: Sequence[dict[str, Any]]) -> str:
    """Return search time, opening time and memory by chunks, both axes logarithmic, as SVG."""
    width, height, edge = 640, 360, 60
    series = {
        "search p95 ms": ("#b3261e", [row["search_ms"][1] for row in rows]),
        "opening ms": ("#1e6fb3", [row["opening_ms"] for row in rows]),
        "resident MB": ("#2e7d32", [row["memory"]["VmRSS"] for row in rows]),
        "build s": ("#6d4c9f", [row["build_seconds"] for row in rows]),
    }
    most = math.ceil(math.log10(max(max(values) for _, values in series.values())))
    low, high = math.log10(rows[0]["chunks"]), math.log10(rows[-1]["chunks"])

    def x(chunks: float) -> float:
        return edge + (width - 3 * edge) * (math.log10(chunks) - low) / max(high - low, 1e-9)

    def y(value: float) -> float:
        return height - edge - (height - 2 * edge) * math.log10(max(value, 1)) / most

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for power in range(most + 1):
        at = y(10**power)
        parts.append(
            f'<line x1="{edge}" x2="{width - 2 * edge}" y1="{at}" y2="{at}" stroke="#ddd"/>'
            f'<text x="{edge - 8}" y="{at + 4}" text-anchor="end">{10**power}</text>'
        )
    for row in rows:
        at = x(row["chunks"])
        parts.append(
            f'<text x="{at}" y="{height - edge + 20}" text-anchor="middle">{row["chunks"]}</text>'
        )
    for name, (colour, values) in series.items():
        points = [(x(row["chunks"]), y(v)) for row, v in zip(rows, values, strict=True)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{points[-1][0] + 6:.1f}" y="{points[-1][1] + 4:.1f}" '
            f'fill="{colour}">{name}</text>'
        )
    parts += [
        f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">chunks</text>',
        "</svg>",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["build"]:
        cost = build(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
        sys.stdout.write(json.dumps(cost))
    elif sys.argv[1:2] == ["measure"]:
        sys.stdout.write(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        typer.run(main)
