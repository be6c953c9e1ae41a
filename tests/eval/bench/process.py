"""Runs one system in a process of its own: ``python -m tests.eval.bench.process NAME JOB OUT``."""

import importlib
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

from tests.eval.bench.job import Outcome, System, read_job, write_outcome

SYSTEMS = {
    "BM25 (bm25s, jieba)": "peers.bm25:Bm25",
    "dense (sentence-transformers, FAISS)": "peers.dense:Dense",
    "LangChain + FAISS": "peers.langchain:LangChain",
    "LlamaIndex": "peers.llamaindex:LlamaIndex",
    "txtai hybrid": "peers.txtai:Txtai",
    "Wenbao search": "wenbao:Search",
    "Wenbao ask": "wenbao:Ask",
}
"""What is measured, by the name in the table; peers run in an environment of their own."""

_WARM_UP = 3
"""Questions asked before time is taken."""
_REPORT_SECONDS = 30
"""How often it is told how far it has come."""


def is_peer(name: str) -> bool:
    """Tell whether a system is not ours."""
    return SYSTEMS[name].startswith("peers.")


def _made(name: str, model: str) -> System:
    module, _, noun = SYSTEMS[name].partition(":")
    system: System = getattr(importlib.import_module(f"tests.eval.bench.{module}"), noun)(model)
    return system


def main(name: str, job_path: Path, outcome_path: Path) -> None:
    """Index, ask every question once, and write what came of it."""
    job = read_job(job_path)
    system = _made(name, job.model)
    began = time.perf_counter()
    system.index(job)
    index_seconds = time.perf_counter() - began
    sys.stderr.write(f"  indexed in {index_seconds:.0f} s\n")
    for question in job.questions[:_WARM_UP]:
        system.search(question, job.depth)
    query_ms, found = [], []
    told = time.perf_counter()
    for question in job.questions:
        began = time.perf_counter()
        passages = system.search(question, job.depth)
        query_ms.append(1000 * (time.perf_counter() - began))
        found.append(tuple(passages))
        if time.perf_counter() - told > _REPORT_SECONDS:
            told = time.perf_counter()
            sys.stderr.write(f"  {len(found)} of {len(job.questions)} questions\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = Outcome(
        versions=tuple(f"{package}=={version(package)}" for package in system.packages),
        index_seconds=index_seconds,
        query_ms=tuple(query_ms),
        found=tuple(found),
        peak_mb=peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    )
    write_outcome(outcome_path, outcome)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
