"""Answers a question with the sentences that answer it, or says that none does."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from qa.conversation import Conversation
from qa.extract import extract
from qa.follow_up import FollowUp, follow_up, topic_of
from qa.question import understand
from qa.retrieve import checked, opened
from qa.stages import Stopwatch
from qa.types import Answer, Citation

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
        answer = extract(question, understand(asked), index, filters, watch)
        answer = dataclasses.replace(answer, topic=answer.understood)
    else:
        told = conversation.turns[-1].answer.citations if follows.more else ()
        answer = _as_follow_up(question, follows, told, index, filters, watch)
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
    question: str,
    follows: FollowUp,
    told: Sequence[Citation],
    index: Index,
    filters: Filters,
    watch: Stopwatch,
) -> Answer:
    """Answer a completed question from the article under discussion, else from all."""
    with watch.stage("understand"):
        understood = understand(checked(follows.text), follows.context)
    known = {(citation.article_id, citation.start) for citation in told}
    tried = [filters]
    if follows.article_id and filters.article_id is None:
        tried.insert(0, dataclasses.replace(filters, article_id=follows.article_id))
    for among in tried:
        answer = extract(question, understood, index, among, watch, known)
        if not answer.abstained:
            break
    return dataclasses.replace(answer, topic=follows.topic)
