"""What archives of 10^7 to 10^9 chunks need: ``python -m tests.eval.sizing INDEX``.

INDEX is an index of news on this machine. What a chunk takes is measured in it, what the machine
does in a second is in ``rebuilding.md`` and ``speed.md``; the rest is arithmetic, with figures
that Milvus publishes, and a simulation of what many nodes do to the slowest answer. Results are
written to ``tests/eval/results/sizing.md``.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from embeddings.index import LocalIndex
from embeddings.milvus.rows import article_rows, chunk_rows
from embeddings.opening import load_local
from tests.eval.bench.__main__ import RESULTS, commit, machine
from tests.eval.size import questions_of

SIZES = (10**7, 10**8, 10**9)
ENCODED_A_SECOND = 124.0
"""Chunks on two cores: speed.md."""
WRITTEN_A_SECOND = 12638 / 7.1
"""Chunks that one process writes whose vectors and terms are there: rebuilding.md, one changed."""
NEIGHBOURS = 18
"""M of AUTOINDEX, which is HNSW: milvus, pkg/util/paramtable/autoindex_param.go."""
LOADED = 0.9
"""Share of the query nodes' memory that may be loaded: Milvus Limits."""
SEARCH_MS = (6.69, 9.17)
"""p50 and p95 of a whole search in the news on this machine: milvus.md."""
NODE_GB = 256
DEPTH = 100
DRAWN = 200_000


@dataclass(frozen=True, slots=True)
class PerChunk:
    """Bytes of a chunk in Milvus, its share of its article included."""

    vector: float
    terms: float
    text: float
    rest: float

    @property
    def all(self) -> float:
        """All of it."""
        return self.vector + self.terms + self.text + self.rest


def per_chunk(index: LocalIndex) -> tuple[PerChunk, float]:
    """Return what a chunk takes, and how many rows a second the client makes."""
    began = time.perf_counter()
    chunks, articles = list(chunk_rows(index)), list(article_rows(index))
    rate = (len(chunks) + len(articles)) / (time.perf_counter() - began)
    count = len(chunks)
    rows = [*chunks, *articles]
    # A number of a term and its weight take four bytes each.
    terms = sum(8 * len(row["terms"]) for row in rows) / count
    text = sum(len(row["text"].encode()) for row in chunks) / count
    names = ("article_id", "kind", "section", "path", "span", "shown", "heading")
    rest = sum(len(str(row.get(name, "")).encode()) for row in rows for name in names)
    rest += sum(len(name.encode()) for row in rows for name in row["authors"])
    numbers = 8 * (6 * count + 3 * len(articles))
    vector = float(chunks[0]["vector"].nbytes)
    return PerChunk(vector, terms, text, (rest + numbers) / count), rate


def kept_by_shards(index: LocalIndex, questions: Sequence[str], shards: int, depth: int) -> float:
    """Return the share of the ``DEPTH`` nearest that shards keep which return ``depth`` each."""
    chance = np.random.default_rng(0)
    vectors = index.dense.at(np.arange(index.manifest.chunks))
    shard_of = chance.integers(shards, size=len(vectors))
    kept = 0
    for asked in index.encoder.encode_queries(questions):
        scores = vectors @ asked
        best = np.argsort(-scores, kind="stable")
        found: set[int] = set()
        for shard in range(shards):
            found |= {*best[shard_of[best] == shard][:depth].tolist()}
        kept += len(found & {*best[:DEPTH].tolist()})
    return kept / (DEPTH * len(questions))


def merge_microseconds(shards: int) -> float:
    """Return how long it takes to merge the hits of shards."""
    chance = np.random.default_rng(0)
    scores, rows = chance.random(shards * DEPTH), np.arange(shards * DEPTH)
    began = time.perf_counter()
    for _ in range(200):
        best = np.argpartition(-scores, DEPTH - 1)[:DEPTH]
        rows[best[np.argsort(-scores[best], kind="stable")]].tolist()
    return 1e6 * (time.perf_counter() - began) / 200


def slowest(nodes: int) -> list[float]:
    """Return p50, p95 and p99 in ms of the slowest of nodes that are each as fast as measured.

    Drawn from the log-normal distribution that has p50 and p95 of what was measured: few times
    say little of their tail.
    """
    chance = np.random.default_rng(0)
    half, most = SEARCH_MS
    sigma = np.log(most / half) / 1.645
    drawn = chance.lognormal(np.log(half), sigma, (DRAWN // nodes, nodes)).max(axis=1)
    return [float(np.quantile(drawn, part)) for part in (0.5, 0.95, 0.99)]


def needs(chunk: PerChunk) -> list[str]:
    """Return the table of memory, disks and nodes."""
    lines = [
        "| chunks | index | vectors in memory, GB | terms in memory, GB | text and the rest, GB "
        f"| loaded, GB | query nodes of {NODE_GB} GB | the same while a rebuild swaps |",
        f"|{'---|' * 8}",
    ]
    graph = 2 * NEIGHBOURS * 4
    for size in SIZES:
        for name, bytes_a_vector, mapped in (
            ("HNSW (AUTOINDEX)", chunk.vector + graph, False),
            ("IVF_SQ8", chunk.vector * 0.275, False),
            ("IVF_SQ8, text and the rest by mmap", chunk.vector * 0.275, True),
        ):
            vectors, terms = size * bytes_a_vector / 1e9, size * chunk.terms / 1e9
            rest = size * (chunk.text + chunk.rest) / 1e9
            loaded = vectors + terms + (rest / 4 if mapped else rest)
            nodes = [-(-times * loaded // (LOADED * NODE_GB)) for times in (1, 2)]
            lines.append(
                f"| {size:.0e} | {name} | {vectors:,.0f} | {terms:,.0f} | {rest:,.0f} "
                f"| {loaded:,.0f} | {nodes[0]:.0f} | {nodes[1]:.0f} |"
            )
    return lines


def hours(chunk: PerChunk, sent_a_second: float) -> list[str]:
    """Return the table of workers and hours."""
    workers = (4, 32, 256)
    lines = [
        "| chunks | encoding, hours with "
        + " | ".join(f"{count} machines" for count in workers)
        + " | writing, hours | making rows to send, hours | working copy, GB "
        "| in Milvus' object store, GB |",
        f"|{'---|' * (len(workers) + 5)}",
    ]
    for size in (10**6, *SIZES):
        encoding = [size / (ENCODED_A_SECOND * count) / 3600 for count in workers]
        lines.append(
            f"| {size:.0e} | "
            + " | ".join(f"{value:,.1f}" for value in encoding)
            + f" | {size / WRITTEN_A_SECOND / 3600:,.1f} | {size / sent_a_second / 3600:,.1f} "
            f"| {size * 4.24e-6:,.0f} | {size * chunk.all / 1e9:,.0f} |"
        )
    return lines


def main(index: Annotated[Path, typer.Argument(help="An index of news, a folder")]) -> None:
    """Measure, simulate and report."""
    opened = load_local(index)
    chunk, rate = per_chunk(opened)
    questions = questions_of(list(opened.articles()))
    few = questions[:60]
    lines = [
        "# What archives of ten million to a thousand million chunks need",
        "",
        "An article is cut into 3.2 chunks on average; a hundred million articles are 3.2e8.",
        "What was measured on this machine up to a million chunks is in [size.md](size.md), "
        "[rebuilding.md](rebuilding.md) and [speed.md](speed.md).",
        "",
        "## Measured: a chunk in Milvus",
        "",
        f"Of {opened.manifest.chunks} chunks of {opened.manifest.articles} news articles, bytes a "
        "chunk, its share of its article included:",
        "",
        "| vector, float32 | terms, sparse | text | names and numbers | all |",
        "|---|---|---|---|---|",
        f"| {chunk.vector:.0f} | {chunk.terms:.0f} | {chunk.text:.0f} | {chunk.rest:.0f} "
        f"| {chunk.all:.0f} |",
        "",
        "## Arithmetic: memory and nodes",
        "",
        *needs(chunk),
        "",
        "- HNSW: the vector and 2 M neighbours of 4 bytes, with M = 18, which AUTOINDEX builds "
        "(Milvus, autoindex_param.go). Wenbao asks for FLAT up to 200,000 chunks and for "
        "AUTOINDEX beyond.",
        '- IVF_SQ8 takes 70-75 % less than the vectors (Zilliz, "Demystifying the Milvus Sizing '
        "Tool\"): 0.275 of them. Wenbao does not ask for it; a server's autoIndex setting does.",
        '- mmap: up to four times the data in the same memory "without a significant impact", '
        '30 % slower at twice (Milvus 2.3, "MMap-enabled Data Storage"): a quarter is counted.',
        '- Data to be loaded must stay below 90 % of the query nodes\' memory ("Milvus Limits").',
        "- Another reading of the same: the Milvus Sizing Tool says 1.1 GB for a million vectors "
        "of 128 dimensions (488 MB) under HNSW, 2.25 times the vectors; by the rule above it is "
        "1.3 times. Plan with the greater: then HNSW's vectors take "
        f"{10**8 * chunk.vector * 2.25 / 1e9:,.0f} GB at 1e8.",
        "- DiskANN keeps vectors on NVMe and answers in about 100 ms (same article). It saves "
        "little here: the terms take more memory than the vectors, whatever these are kept in.",
        "- While a rebuild swaps, the old and the new snapshot are both loaded.",
        "",
        "## Arithmetic: hours of a first rebuild",
        "",
        *hours(chunk, rate),
        "",
        f"- A machine is two cores like this one's: {ENCODED_A_SECOND:.0f} chunks a second "
        "(speed.md). Reading and cutting into words, 1 ms a chunk, is done by the workers too.",
        f"- One process writes {WRITTEN_A_SECOND:,.0f} chunks a second whose vectors and terms are "
        "there (rebuilding.md, one article changed, start of Python included): some "
        f"{WRITTEN_A_SECOND / ENCODED_A_SECOND:.0f} machines keep it busy, more are of no use. "
        f"At 1e9 chunks that is {10**9 / WRITTEN_A_SECOND / 86400:.1f} days; such an archive is "
        "better cut by years into several indexes, each with its own rebuild. That is not built.",
        f"- The client makes {rate:,.0f} rows a second to send, measured without a server.",
        "- Working copy: 424 MB for 100,002 chunks (size.md).",
        "- Later rebuilds encode only what changed, but write and send everything: a snapshot is "
        "immutable.",
        "",
        "## Simulated: the slowest of many nodes",
        "",
        f"Each node is as fast as a whole search in the news was here (p50 {SEARCH_MS[0]} ms, p95 "
        f"{SEARCH_MS[1]} ms; {DRAWN:,} draws of a log-normal with these); the answer waits for the "
        "slowest. Milliseconds:",
        "",
        "| nodes | p50 | p95 | p99 | merging, µs |",
        "|---|---|---|---|---|",
    ]
    for nodes in (1, 2, 4, 8, 16, 32, 64):
        told = " | ".join(f"{value:.1f}" for value in slowest(nodes))
        lines.append(f"| {nodes} | {told} | {merge_microseconds(nodes):.0f} |")
    lines += [
        "",
        "Nodes are drawn independently; what slows all of them at once (a full disk, a busy "
        "network) is not in it.",
        "",
        f"## Simulated: what shards may leave out of the {DEPTH} nearest",
        "",
        f"The chunks were dealt to shards at random; {len(few)} questions. A shard that returns "
        f"{DEPTH} itself loses nothing, which is what Milvus' nodes do; share that is kept:",
        "",
        "| shards | each returns 100 | 50 | 25 | 10 |",
        "|---|---|---|---|---|",
    ]
    for shards in (2, 4, 8, 16):
        kept = [kept_by_shards(opened, few, shards, depth) for depth in (100, 50, 25, 10)]
        lines.append(f"| {shards} | {' | '.join(f'{value:.4f}' for value in kept)} |")
    lines += [
        "",
        "## Not measured",
        "",
        "- No Milvus server could be had here: no figure of its speed, of its index's recall, of "
        "loading, or of sending over a network is measured. Sending to Milvus Lite in the same "
        "process says nothing about it.",
        "- Ray was run with two workers on this machine only.",
        "- Recall of HNSW at these sizes: Milvus' own; Wenbao measures that of its lists on this "
        "machine (size.md).",
        "- Browsing that is narrowed by filters or words reads the numbers of all articles that "
        "meet them: at 1e8 articles, minutes for a filter that leaves most. Asking does not, and "
        "the whole list is counted beforehand.",
        f"- commit {commit()}; {machine()}",
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "sizing.md").write_text("\n".join(lines), encoding="utf-8")
    typer.echo("\n".join(lines))


if __name__ == "__main__":
    typer.run(main)
