"""Answers a question with the sentences that answer it, or says that none does."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.tokens import simplify
from embeddings.types import Passage
from qa.citations import cite, text_of
from qa.conversation import Conversation
from qa.evidence import exact_answer
from qa.naming import name_of
from qa.question import Question, coverage, understand
from qa.reader import Candidate, read, read_words
from qa.rerank import rerank
from qa.retrieve import checked, opened
from qa.spans import load_span_reader
from qa.stages import Stopwatch
from qa.types import Answer
from qa.weighing import weights_for

PASSAGES = 5
"""Passages that are read for an answer."""
MAX_CITATIONS = 3
CLOSE = 1.7
"""A further sentence is cited if its log-odds are at most this much below the best one's: on the
selection set the answer is then cited in 0.88, at 1.6 sentences an answer."""
LOOK_BACK = 3
"""Earlier questions that a follow-up may refer to."""
OWN_CONTENT = 0.4
"""Share of a follow-up's own content, by weight, that its answer must have: else the question
before would answer in its place."""


def ask(
    question: str,
    history: Sequence[str] | Conversation = (),
    index: str | Path | Index | None = None,
    filters: Filters = EVERYTHING,
) -> Answer:
    """Answer a question with one to three sentences of the newspaper, each cited verbatim.

    A question that finds no answer by itself is read once more together with those before it,
    the latest first: 「发现了几个问题？」 needs to be told of which inspection.

    Args:
        question: In Chinese (Simplified or Traditional) or English.
        history: The conversation so far, or its questions, oldest first.
        index: An index folder or an opened index; default the setting ``WENBAO_INDEX``.
        filters: Dates, author, section, source, kind of the articles to ask; default all.

    Raises:
        InputError: The question is empty.
        SnapshotError: There is no index, or it is damaged.
        EncoderError: The index's model cannot be loaded.
    """
    began = time.perf_counter()
    watch = Stopwatch()
    with watch.stage("open"):
        index = opened(index)
    with watch.stage("understand"):
        understood = understand(checked(question))
    answer = _answer(question, understood, index, filters, watch)
    if answer.abstained:
        if isinstance(history, Conversation):
            history = [turn.question for turn in history.turns]
        answer = _as_follow_up(question, understood, history, index, filters, watch) or answer
    seconds = time.perf_counter() - began
    return dataclasses.replace(answer, seconds=seconds, stages=watch.seconds)


def _as_follow_up(
    question: str,
    understood: Question,
    history: Sequence[str],
    index: Index,
    filters: Filters,
    watch: Stopwatch,
) -> Answer | None:
    """Answer a question together with the latest earlier one that makes sense of it, or not."""
    for earlier in [text for text in history if text.strip()][: -LOOK_BACK - 1 : -1]:
        with watch.stage("understand"):
            together = understand(checked(question), context=checked(earlier))
        answer = _answer(question, together, index, filters, watch)
        about_it = coverage(understood, simplify(answer.text)) >= OWN_CONTENT
        if not answer.abstained and about_it:
            return answer
    return None


def _answer(
    question: str, understood: Question, index: Index, filters: Filters, watch: Stopwatch
) -> Answer:
    with watch.stage("load"):
        encoder = index.encoder
        # The reader learned from Chinese questions; across scripts, nearness in meaning tells more.
        reader = load_span_reader() if understood.is_chinese else None
    with watch.stage("search"):
        passages = tuple(index.search(understood.text, PASSAGES, filters))
    with watch.stage("read"):
        if reader is None:
            evidence = read_words(understood, passages, encoder)
        else:
            evidence = read(understood, passages, reader)
    model = weights_for(understood, with_reader=reader is not None)
    scores = model.scores(evidence.features).tolist()
    ranked = sorted(
        zip(scores, evidence.candidates, strict=True), key=lambda pair: pair[0], reverse=True
    )
    passages = rerank(passages, evidence.spans) if evidence.spans else passages
    confidence = model.confidence(ranked[0][0]) if ranked else 0.0
    if confidence < model.bound:
        return _abstention(question, understood, confidence, passages)
    best = [c for score, c in ranked[:MAX_CITATIONS] if score >= ranked[0][0] - CLOSE]
    citations = cite([candidate.sentence for candidate in best])
    return Answer(
        question=question,
        text=text_of(citations),
        exact=_exact(understood, best[0]),
        abstained=False,
        confidence=confidence,
        citations=citations,
        passages=passages,
        seconds=0.0,
        understood=understood.text,
    )


def _exact(understood: Question, best: Candidate) -> str | None:
    if best.exact is None:
        return exact_answer(understood, best.sentence.text)
    passage = best.sentence.passage
    return passage.text[best.exact.start - passage.start : best.exact.end - passage.start] or None


def _abstention(
    question: str, understood: Question, confidence: float, passages: tuple[Passage, ...]
) -> Answer:
    nearest = passages[0] if passages else None
    name = name_of(nearest.headline, nearest.text) if nearest else ""
    if understood.is_chinese:
        text = "报纸里没有找到能回答这个问题的内容。"
        text += f"最接近的文章是《{name}》，但它没有给出答案。" if nearest else ""
    else:
        text = "Nothing in the newspaper answers this question."
        text += f" The nearest article is “{name}”, but it does not say." if nearest else ""
    return Answer(question, text, None, True, confidence, (), passages, 0.0, understood.text)
