"""Measures retrieval and answers on a question set in SQuAD layout (CMRC 2018, DRCD)."""

import itertools
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings import Index, load_index
from embeddings.address import IndexAddress
from embeddings.chunks import chunk_article
from embeddings.errors import InputError, LockError
from embeddings.fingerprint import fingerprint_text
from embeddings.readers import read_paths
from embeddings.rebuild import index_articles
from embeddings.settings import Settings
from embeddings.types import Article, Passage, Progress, no_progress
from qa.answer import ask
from qa.details import Detail, Write, detail_of, writing_details
from qa.question_set import Labelled, read_questions
from qa.scores import percentile

_DEPTH = 100
"""Passages retrieved for a question: enough for ten distinct articles."""
_TIMED_CHUNKS = 256
"""Chunks that are encoded to tell the speed where fewer are new."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured; all but counts and times are means over the questions, in 0..1.

    Attributes:
        questions: How many were asked.
        skipped: How many were left out: they have no words or no gold answer.
        contexts: Articles that questions are about; distractors are none.
        chunks: Of the whole pool.
        mrr_at_10: Reciprocal rank of the question's own article among the distinct ones, 0 below
            the tenth.
        article_recall_at_1: Whether that article is the first.
        article_recall_at_5: Whether it is among the first five.
        answer_recall_at_1: Whether the first passage is from it and has a gold answer verbatim.
        answer_recall_at_5: Whether one of the first five passages is so.
        exact_match: Of the exact answer with a gold one, retrieval included (``scores``).
        f1: Likewise.
        abstained: Whether nothing was answered.
        encode_chunks_per_second: Of the encoder alone, by the wall clock, as the next two.
        search_ms: Milliseconds of a search, ``p50`` and ``p95``.
        ask_ms: Milliseconds of an answer, its own search included.
    """

    questions: int
    skipped: int
    contexts: int
    chunks: int
    mrr_at_10: float
    article_recall_at_1: float
    article_recall_at_5: float
    answer_recall_at_1: float
    answer_recall_at_5: float
    exact_match: float
    f1: float
    abstained: float
    encode_chunks_per_second: float
    search_ms: dict[str, float]
    ask_ms: dict[str, float]


def evaluate(
    questions: Path,
    distractors: Sequence[Path] = (),
    limit: int | None = None,
    model: str | None = None,
    index: IndexAddress | None = None,
    progress: Progress = no_progress,
    details: Path | None = None,
) -> Evaluation:
    """Index the contexts of a question set, each as an article, and ask all its questions.

    The index stays in the cache, so that the next run encodes only chunks that changed.

    Args:
        questions: A file in SQuAD layout.
        distractors: Articles mixed into the pool; they answer nothing.
        limit: Ask only the first so many questions, of all contexts.
        model: See ``embeddings.encoder.load_encoder``.
        index: Where the index is kept; default: in ``WENBAO_CACHE``, one a set and model.
        progress: Told about the stages of the rebuild and ``ask``.
        details: A file to write what became of each question to, as JSON lines.

    Raises:
        InputError: The file is not in SQuAD layout, or has no question with an answer; or
            ``details`` cannot be written.
    """
    articles, labelled, skipped = read_questions(questions)
    contexts = len(articles)
    articles += read_paths(list(distractors), progress)[0] if distractors else []
    _refuse_shared_ids(articles)
    folder = index or _cached(questions, distractors, model)
    timed = _EncodeTimer(progress)
    with (
        writing_details(details) as write,
        tempfile.TemporaryDirectory(prefix="wenbao-evaluate-") as temporary,
    ):
        try:
            encoded = index_articles(articles, folder, model, timed).encoded
        except LockError:  # another run measures the same set just now
            folder = Path(temporary)
            encoded = index_articles(articles, folder, model, timed).encoded
        opened = load_index(folder)
        rate = timed.per_second if encoded >= _TIMED_CHUNKS else _encode_rate(opened)
        return _measure(opened, labelled[:limit], skipped, contexts, rate, write, progress)


def _cached(questions: Path, distractors: Sequence[Path], model: str | None) -> Path:
    """Return where the index of these questions, distractors and model is kept between runs."""
    settings = Settings()
    text = questions.read_text(encoding="utf-8", errors="replace")
    paths = sorted(str(path.resolve()) for path in distractors)
    name = fingerprint_text(text, model or settings.model or "", *paths)
    return settings.cache / "evaluate" / name


def _encode_rate(index: Index) -> float:
    """Return how many chunks a second are encoded, measured on the first ones of an index."""
    texts = (chunk.text for article in index.articles() for chunk in chunk_article(article))
    sample = list(itertools.islice(texts, _TIMED_CHUNKS))
    encoder = index.encoder
    began = time.perf_counter()
    encoder.encode_documents(sample)
    return len(sample) / (time.perf_counter() - began)


def _refuse_shared_ids(articles: Sequence[Article]) -> None:
    ids = [article.id for article in articles]
    if len(set(ids)) != len(ids):
        raise InputError(
            "干扰文章与问题集的编号重复。请给干扰文章换编号。",
            "Distractors have ids of the question set's articles. Give them others.",
        )


class _EncodeTimer:
    """Passes progress on, and measures the seconds that encoding takes."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began: float | None = None
        self._first = 0
        self.per_second = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "encode":
            now = time.perf_counter()
            if self._began is None:
                self._began, self._first = now, done
            elif now > self._began:
                self.per_second = (done - self._first) / (now - self._began)
        self._progress(stage, done, total)


def _measure(
    index: Index,
    labelled: Sequence[Labelled],
    skipped: int,
    contexts: int,
    encode_rate: float,
    write: Write,
    progress: Progress,
) -> Evaluation:
    details: list[Detail] = []
    search_ms, ask_ms = [], []
    for done, item in enumerate(labelled, start=1):
        began = time.perf_counter()
        passages: list[Passage] = index.search(item.question, _DEPTH)
        searched = time.perf_counter()
        answer = ask(item.question, index=index)
        search_ms.append(1000 * (searched - began))
        ask_ms.append(1000 * (time.perf_counter() - searched))
        passages = _with_those_read_first(passages, answer.passages)
        details.append(detail_of(item.golds, item.article_id, answer, passages))
        write(details[-1])
        progress("ask", done, len(labelled))
    ranks = [detail.article_rank for detail in details]
    found = [detail.answer_rank for detail in details]
    return Evaluation(
        questions=len(labelled),
        skipped=skipped,
        contexts=contexts,
        chunks=index.manifest.chunks,
        mrr_at_10=_mean([1 / r if r is not None and r <= 10 else 0.0 for r in ranks]),
        article_recall_at_1=_mean([r == 1 for r in ranks]),
        article_recall_at_5=_mean([r is not None and r <= 5 for r in ranks]),
        answer_recall_at_1=_mean([r == 1 for r in found]),
        answer_recall_at_5=_mean([r is not None and r <= 5 for r in found]),
        exact_match=_mean([detail.em for detail in details]),
        f1=_mean([detail.f1 for detail in details]),
        abstained=_mean([detail.abstained for detail in details]),
        encode_chunks_per_second=round(encode_rate, 1),
        search_ms=_spread(search_ms),
        ask_ms=_spread(ask_ms),
    )


def _with_those_read_first(retrieved: Sequence[Passage], read: Sequence[Passage]) -> list[Passage]:
    """Return the ranking a user sees: what was read in the reader's order, then the rest."""
    seen = {(passage.article_id, passage.start) for passage in read}
    return [*read, *(p for p in retrieved if (p.article_id, p.start) not in seen)]


def _mean(values: Sequence[float | bool]) -> float:
    return round(sum(values) / len(values), 4)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"p50": round(percentile(values, 0.5), 2), "p95": round(percentile(values, 0.95), 2)}
