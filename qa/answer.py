"""Answers a question with the sentences that answer it, or says that none does."""

import dataclasses
import datetime
import re
import time
from collections.abc import Sequence

from embeddings import Filters, Index
from embeddings.address import IndexAddress
from embeddings.filters import EVERYTHING
from qa.conversation import Conversation
from qa.days import days_meant
from qa.digest import digest, wants_digest
from qa.extract import extract
from qa.follow_up import FollowUp, follow_up, topic_of
from qa.llm import LanguageModel, write
from qa.question import understand
from qa.retrieve import checked, opened, readable
from qa.stages import Stopwatch
from qa.timeline import timeline, wants_timeline
from qa.types import Answer, Citation

LOOK_BACK = 3
"""Earlier questions that are answered anew where only questions are given."""

_NOTHING_ELSE = re.compile(r"[那么呢\W]*")


def ask(
    question: str,
    history: Sequence[str] | Conversation = (),
    index: str | IndexAddress | Index | None = None,
    filters: Filters = EVERYTHING,
    understand_dates: bool = True,
    llm: LanguageModel | None = None,
) -> Answer:
    """Answer a question with one to three sentences of the newspaper, each cited verbatim.

    A follow-up is completed from what was said (``follow_up``) and asked of the article under
    discussion first, then of all; what was searched for is in ``Answer.understood``. Days of
    publication that the question means (「昨天」: ``days``) narrow the search, ``Answer.filters``
    tells how, if anything was published then. They are counted from today, or from the corpus'
    latest day where that is earlier. Questions for a list, a timeline or the news as such are
    answered with ``Answer.items``.

    Args:
        question: In Chinese (Simplified or Traditional) or English.
        history: The conversation so far; or its questions, oldest first, of which the last few
            are then answered anew to know what it is about.
        index: An index folder or an opened index; default the setting ``WENBAO_INDEX``.
        filters: Dates, author, section, source, kind of the articles to ask; default all.
            With dates in them, none are understood from the question.
        understand_dates: Whether days that the question means narrow the search.
        llm: A language model that writes the answer, which is then checked sentence by sentence;
            default none. Where it fails, ``Answer.note`` says so and the answer is quoted.

    Raises:
        InputError: The question is empty.
        SnapshotError: There is no index, or it is damaged.
        EncoderError: The index's model cannot be loaded.
    """
    began = time.perf_counter()
    watch = Stopwatch()
    question = readable(question)
    with watch.stage("open"):
        index = opened(index)
    conversation = _conversation(history, index, filters, understand_dates)
    with watch.stage("understand"):
        asked, meant = checked(question), EVERYTHING
        if understand_dates and not (filters.since or filters.until):
            asked, meant = _without_days(asked, index, filters)
        among = _both(filters, meant)
        topic = topic_of(conversation, index)
        if topic and _NOTHING_ELSE.fullmatch(asked):  # 「那昨天呢？」
            asked = topic.latest.understood or topic.latest.question
        follows = follow_up(asked, topic) if topic else None
        understood = understand(asked)
    answer = None
    if wants_digest(asked) and (meant != EVERYTHING or topic is None):
        answer = digest(question, asked, index, among)
    elif follows is not None:
        told = conversation.turns[-1].answer.citations if follows.more else ()
        answer = _as_follow_up(question, follows, told, index, among, watch)
    if answer is None:
        answer = extract(question, understood, index, among, watch)
        if wants_timeline(understood):
            answer = timeline(answer, understood, index, among)
    answer = dataclasses.replace(
        answer,
        seconds=time.perf_counter() - began,
        topic=answer.topic or answer.understood,
        filters=meant,
        stages=watch.seconds,
    )
    if llm is not None:
        *_, last = write(answer, index.encoder, llm)
        return last if isinstance(last, Answer) else answer
    return answer


def _without_days(asked: str, index: Index, filters: Filters) -> tuple[str, Filters]:
    """Return a question without the days of publication it means, and those days as a filter."""
    newest = index.newest_day
    days = days_meant(asked, min(newest, datetime.date.today())) if newest else None
    if days is None:
        return asked, EVERYTHING
    meant = Filters(since=days.since, until=days.until)
    if not index.newest_articles(1, _both(filters, meant)):
        return asked, EVERYTHING
    return days.rest or asked, meant


def _both(filters: Filters, meant: Filters) -> Filters:
    """Return filters with the days that the question means."""
    if meant == EVERYTHING:
        return filters
    return dataclasses.replace(filters, since=meant.since, until=meant.until)


def _conversation(
    history: Sequence[str] | Conversation, index: Index, filters: Filters, understand_dates: bool
) -> Conversation:
    """Return a conversation as it is, or ask the last questions of one again."""
    if isinstance(history, Conversation):
        return history
    conversation = Conversation()
    for question in [text for text in history if text.strip()][-LOOK_BACK:]:
        answer = ask(question, conversation, index, filters, understand_dates)
        conversation = conversation.with_answer(answer)
    return conversation


def _as_follow_up(
    question: str,
    follows: FollowUp,
    told: Sequence[Citation],
    index: Index,
    filters: Filters,
    watch: Stopwatch,
) -> Answer:
    """Answer a completed question from the article under discussion, else from all.

    That article is context enough: with the words of the question before it, the reader would
    rather answer that one again (``tests/eval/measure_follow_ups.py``: of 409 follow-ups of
    ``xquad_zh`` 361 are answered with them and 375 without, of 422 of ``cmrc2018_trial`` 341
    and 372). How something went is asked of all at once.
    """
    with watch.stage("understand"):
        text = checked(follows.text)
        alone, understood = understand(text), understand(text, follows.context)
    known = {(citation.article_id, citation.start) for citation in told}
    tried = [(understood, filters)]
    if follows.article_id and filters.article_id is None:
        tried.insert(0, (alone, dataclasses.replace(filters, article_id=follows.article_id)))
    for asked, among in tried:
        answer = extract(question, asked, index, among, watch, known)
        if not answer.abstained:
            break
    if wants_timeline(understood) and not follows.more:
        answer = timeline(answer, understood, index, filters)
    return dataclasses.replace(answer, understood=understood.text, topic=follows.topic)
