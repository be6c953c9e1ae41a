"""How cost grows with the corpus: ``make bench-size``, ``python -m tests.eval.size DATA``.

Indexes of 10^4, 10^5 and 10^6 chunks are made from the news articles in DATA through the real
rebuild. In a copy of an article a tenth of its characters are others, drawn as often as they occur
in the news; the terms of its chunks are those of the original changed alike, so they need not be
cut into words again, and their vectors are the original's with noise (cosine 0.95). What is
measured is measured in a process that opens the finished index. Results are written to
``tests/eval/results/size.md`` and ``size.svg``.
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

from embeddings import Index, load_index, tokens
from embeddings import index as index_module
from embeddings.chunks import chunk_article
from embeddings.corpus_writer import unpack_terms
from embeddings.dense import DenseIndex
from embeddings.encoder import EncoderIdentity, load_encoder
from embeddings.rebuild import index_articles, pipeline, rebuild, writing
from embeddings.rebuild.texts import encoded_text, text_key
from embeddings.sentences import sentence_spans
from embeddings.types import Article, Encoder, Progress, Vectors, no_progress
from embeddings.vectors import open_vectors
from qa.scores import percentile
from tests.eval.bench.__main__ import RESULTS, commit, machine

QUESTIONS = 200
NOISE = 0.33
"""Length of the noise added to a unit vector."""
CHANGED = 0.1
"""Share of an article's different characters that a copy has others for."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STAND_IN = "news with noise"


class StandIn:
    """Looks the vectors and terms of documents up, encodes questions really."""

    name = _STAND_IN
    fingerprint = _STAND_IN

    def __init__(self, base: Index, asked: Encoder) -> None:
        self.dimension = asked.dimension
        self._asked = asked
        self._base = base
        self._originals: dict[int, tuple[int, dict[int, int]]] = {}

    def expect(self, article: Article, first_row: int, changes: dict[int, int]) -> int:
        """Note that an article's chunks are those from ``first_row`` with some changes."""
        chunks = chunk_article(article)
        for row, chunk in enumerate(chunks, start=first_row):
            self._originals[text_key(encoded_text(article, chunk))] = row, changes
        return len(chunks)

    def terms(self, text: str) -> list[str]:
        """Return the terms of a document: the original's, changed as it is."""
        row, changes = self._originals[text_key(text)]
        return _unpacked(self._base, row).translate(changes).split(" ")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._asked.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        keys = [text_key(text) for text in texts]
        chance = np.random.default_rng([abs(key) for key in keys[:4]])
        noise = chance.standard_normal((len(texts), self.dimension), np.float32)
        rows = np.array([self._originals.pop(key)[0] for key in keys])
        vectors = self._base.dense.at(rows) + noise * (NOISE / self.dimension**0.5)
        progress("encode", len(texts), len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@functools.lru_cache(maxsize=20_000)
def _unpacked(base: Index, row: int) -> str:
    return unpack_terms(base.corpus.packed_terms(row))


class Copies:
    """Articles with nearly ``chunks`` chunks in all."""

    def __init__(self, base: Index, stand_in: StandIn, chunks: int) -> None:
        self._articles = list(base.articles())
        self._stand_in = stand_in
        self._chunks = chunks

    def __iter__(self) -> Iterator[Article]:
        everything = "".join(_HAN.findall("".join(article.text for article in self._articles)))
        own = [sorted({*_HAN.findall(article.text)}) for article in self._articles]
        made = 0
        for copy in itertools.count():
            chance, first = random.Random(copy), 0
            for article, characters in zip(self._articles, own, strict=True):
                some = chance.sample(characters, round(CHANGED * len(characters)))
                # A change turns one character into another everywhere in the article.
                changes = {ord(c): ord(chance.choice(everything)) for c in some}
                changed = replace(
                    article, id=f"{article.id}-{copy}", text=article.text.translate(changes)
                )
                count = self._stand_in.expect(changed, first, changes)
                first, made = first + count, made + count
                yield changed
                if made >= self._chunks:
                    return


def build(base: Path, folder: Path, chunks: int) -> dict[str, Any]:
    """Build an index of so many chunks; return what it cost."""
    opened = load_index(base)
    stand_in = StandIn(opened, opened.encoder)
    pipeline.load_encoder = lambda model=None: stand_in  # type: ignore[assignment]
    pipeline.encoder_identity = lambda *_: EncoderIdentity(_STAND_IN, _STAND_IN)  # type: ignore
    writing.terms = stand_in.terms  # type: ignore[assignment]
    began = time.perf_counter()
    rebuilt = index_articles(Copies(opened, stand_in, chunks), folder)  # type: ignore
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
    original = load_index(base)
    questions = questions_of(list(original.articles()))
    stand_in = StandIn(original, real)
    index_module.load_encoder = lambda *_: stand_in  # type: ignore[assignment]
    began = time.perf_counter()
    index = load_index(folder)
    opening = time.perf_counter() - began
    began = time.perf_counter()
    index.search(questions[0], 5)
    first = time.perf_counter() - began
    ms, cpu, stages = [], [], [[], [], []]
    for question in questions:
        began, used = time.perf_counter(), time.process_time()
        index.search(question, 5)
        ms.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - used))
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
        for stage, side in enumerate((index.sparse, index.sparse_articles), start=1):
            began = time.perf_counter()
            side.search(asked, 100)
            stages[stage].append(1000 * (time.perf_counter() - began))
    return {
        "opening_ms": round(1000 * opening, 1),
        "first_ms": round(1000 * first, 1),
        "search_ms": [round(percentile(ms, part), 1) for part in (0.5, 0.95)],
        "search_cpu_ms": [round(percentile(cpu, part), 1) for part in (0.5, 0.95)],
        "stages_ms": [[round(percentile(s, part), 1) for part in (0.5, 0.95)] for s in stages],
        "recall": round(found / (10 * len(questions)), 4),
        "memory": memory,
        "search": index.manifest.search.model_dump(),
    }


def questions_of(articles: Sequence[Article]) -> list[str]:
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
    base: Annotated[Path | None, typer.Option(help="An index of the news, made before")] = None,
) -> None:
    """Build, measure and report."""
    with tempfile.TemporaryDirectory(prefix="wenbao-size-") as temporary:
        where = folder or Path(temporary)
        if base is None:
            base = where / "news"
            rebuild([data / "news"], base)
        rows = []
        for size in map(int, sizes.split(",")):
            built = _in_a_process("build", base, where / str(size), size)
            rows.append(built | _in_a_process("measure", base, where / str(size)))
            typer.echo(json.dumps(rows[-1]), err=True)
        RESULTS.mkdir(exist_ok=True)
        text = report(rows, load_index(base).manifest.articles)
        (RESULTS / "size.md").write_text(text, encoding="utf-8")
        (RESULTS / "size.svg").write_text(plot(rows), encoding="utf-8")
        typer.echo(text)


def _in_a_process(what: str, *arguments: object) -> dict[str, Any]:
    """Return what a step prints; a finished step is not done again."""
    done = Path(f"{arguments[1]}.{what}.json")
    if not done.exists():
        command = [sys.executable, "-m", "tests.eval.size", what, *map(str, arguments)]
        done.write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    result: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return result


def report(rows: Sequence[dict[str, Any]], originals: int) -> str:
    """Return the results as Markdown."""
    lines = [
        "# How cost grows with the corpus",
        "",
        "| chunks | articles | build s | peak MB | disk MB | opening ms | first search ms "
        "| search ms p50 | p95 | CPU ms p50 | p95 | vectors p50 | chunk terms p50 "
        "| article terms p50 | recall@10 | resident MB | of it anonymous |",
        f"|{'---|' * 17}",
    ]
    for row in rows:
        stages = [stage[0] for stage in row["stages_ms"]]
        cells = (
            row["chunks"], row["articles"], row["build_seconds"], row["build_peak_mb"],
            row["disk_mb"], row["opening_ms"], row["first_ms"], *row["search_ms"],
            *row["search_cpu_ms"], *stages, row["recall"], row["memory"]["VmRSS"],
            row["memory"]["RssAnon"],
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "![Time and memory by number of chunks](size.svg)", ""]
    lines += [f"- {row['chunks']}: {json.dumps(row['search'])}" for row in rows]
    lines += [
        f"- Copies of {originals} articles.",
        f"- {QUESTIONS} questions: sentences of the news, cut to 12-30 characters; five passages.",
        "- recall@10: of the ten nearest vectors of a scan, those that the index finds.",
        "- Built without encoding and cutting into words, which take 10 ms and 1 ms a chunk more.",
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
