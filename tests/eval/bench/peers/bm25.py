"""BM25 alone: bm25s over jieba's search-mode words of Wenbao's chunks."""

import logging

import bm25s
import jieba

from tests.eval.bench.job import Found, Job


class Bm25:
    """bm25s with its default parameters."""

    packages = ("bm25s", "jieba")

    def __init__(self, model: str) -> None:
        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def index(self, job: Job) -> None:
        """Post the chunks' words."""
        self._chunks = job.chunks
        self._bm25 = bm25s.BM25()
        self._bm25.index([_words(chunk.text) for chunk in job.chunks], show_progress=False)

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the best chunks."""
        rows, _scores = self._bm25.retrieve(
            [_words(question)], k=min(depth, len(self._chunks)), show_progress=False
        )
        chunks = [self._chunks[row] for row in rows[0]]
        return [Found((chunk.article,), chunk.text) for chunk in chunks]


def _words(text: str) -> list[str]:
    return [word for word in jieba.cut_for_search(text) if word.strip()]
