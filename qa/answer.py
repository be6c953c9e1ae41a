"""Answers a question with the sentences that answer it, or says that none does."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.types import Passage
from qa.citations import cite, text_of
from qa.conversation import Conversation
from qa.evidence import exact_answer
from qa.follow_up import FollowUp, follow_up, topic_of
from qa.naming import name_of
from qa.question import Question, understand
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
"""Earlier questions that are answered anew where only questions are given."""


def ask(
    question: str,
    history: Sequence[str] | Conversation = (),
    index: str | Path | Index | None = None,
    filters: Filters = EVERYTHING,
) -> Answer:
    """Answer a question with one to three sentences of the newspaper, each cited verbatim.

    A follow-up is completed from what was said (``follow_up``) and asked of the article under
    discussion first, then of all; what was searched for is in ``Answer.understood``.

    Args:
        question: In Chinese (Simplified or Traditional) or English.
        history: The conversation so far; or its questions, oldest first, of which the last few
            are then answered anew to know what it is about.
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
    conversation = _conversation(history, index, filters)
    with watch.stage("understand"):
        asked = checked(question)
        topic = topic_of(conversation, index)
        follows = follow_up(asked, topic) if topic else None
    if follows is None:
        answer = _answer(question, understand(asked), index, filters, watch)
        answer = dataclasses.replace(answer, topic=answer.understood)
    else:
        answer = _as_follow_up(question, follows, index, filters, watch)
    seconds = time.perf_counter() - began
    return dataclasses.replace(answer, seconds=seconds, stages=watch.seconds)


def _conversation(
    history: Sequence[str] | Conversation, index: Index, filters: Filters
) -> Conversation:
    """Return a conversation as it is, or ask the last questions of one again."""
    if isinstance(history, Conversation):
        return history
    conversation = Conversation()
    for question in [text for text in history if text.strip()][-LOOK_BACK:]:
        conversation = conversation.with_answer(ask(question, conversation, index, filters))
    return conversation


def _as_follow_up(
    question: str, follows: FollowUp, index: Index, filters: Filters, watch: Stopwatch
) -> Answer:
    """Answer a completed question from the article under discussion, else from all."""
    with watch.stage("understand"):
        understood = understand(checked(follows.text), follows.context)
    tried = [filters]
    if follows.article_id and filters.article_id is None:
        tried.insert(0, dataclasses.replace(filters, article_id=follows.article_id))
    for among in tried:
        answer = _answer(question, understood, index, among, watch)
        if not answer.abstained:
            break
    return dataclasses.replace(answer, topic=follows.topic)


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
