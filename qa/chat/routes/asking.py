"""Questions: answers with their evidence, examples, and what to ask next."""

import json
import logging
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from embeddings import Filters, Index, load_index
from embeddings.address import IndexAddress
from embeddings.console import to_json
from embeddings.errors import WenbaoError
from embeddings.filters import EVERYTHING
from qa.accounts import differing_accounts
from qa.catalogue import entry_of
from qa.chat.examples import FOLLOW_UPS, follow_ups
from qa.chat.warm import Warmth
from qa.conversation import Conversation
from qa.llm import LanguageModel
from qa.retrieve import MAX_QUESTION
from qa.service.metrics import count
from qa.service.models import LONGEST_CONVERSATION, MOST_TURNS
from qa.stream import Delta, Event, Found, ask_stream
from qa.types import Answer

_log = logging.getLogger(__name__)


class Asked(BaseModel):
    """A question, and the conversation before it in its text form."""

    question: str = Field(max_length=MAX_QUESTION)
    history: str = Field(default="", max_length=LONGEST_CONVERSATION)
    filters: Filters = EVERYTHING


class Told(BaseModel):
    """An answer to go on from: its articles, the nearest first, and what was asked before."""

    article_ids: list[str] = Field(max_length=20)
    asked: list[str] = Field(max_length=MOST_TURNS)
    filters: Filters = EVERYTHING


def add_to(
    router: APIRouter, index: IndexAddress, warmth: Warmth, llm: LanguageModel | None
) -> None:
    """Answer ``ask``, ``examples`` and ``follow-ups``."""

    @router.post("/ask")
    def answer(asked: Asked) -> StreamingResponse:
        """Tell, one JSON object a line, what is found, the words that come, and the answer."""
        warmth.wait_until_loaded()
        opened = load_index(index)
        history = Conversation.from_jsonl(asked.history)
        events = _guarded(ask_stream(asked.question, history, opened, asked.filters, llm=llm))
        first = next(events)  # errors that a reader can put right come before it
        lines = (f"{to_json(_line(event, opened))}\n" for event in chain([first], events))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @router.get("/examples")
    def examples() -> dict[str, list[str] | None]:
        warmth.start()
        return {"questions": warmth.questions()}

    @router.post("/follow-ups")
    def suggestions(told: Told) -> dict[str, list[str]]:
        opened = load_index(index)
        questions = follow_ups(opened, told.article_ids, told.asked, told.filters)
        if told.filters == EVERYTHING:
            # The examples have answers too; they stand in where the articles give no more.
            others = warmth.questions() or []
            known = {*told.asked, *questions}
            questions += [question for question in others if question not in known]
        return {"questions": questions[:FOLLOW_UPS]}


def _guarded(events: Iterator[Event]) -> Iterator[Event | WenbaoError]:
    """Yield events, and an unexpected error as the last one."""
    try:
        yield from events
    except WenbaoError:
        raise
    except Exception:
        _log.exception("No answer because of an unexpected error")
        yield WenbaoError(
            "抱歉，程序出了意外的错误，这个问题没能回答。详情已写入日志。",
            "Sorry, something went wrong in the program and this question was not answered. "
            "Details are in the log.",
        )


def _line(event: Event | WenbaoError, index: Index) -> dict[str, Any]:
    if isinstance(event, Found):
        return {"found": len(event.passages)}
    if isinstance(event, Delta):
        return {"delta": event.text}
    if isinstance(event, Answer):
        count(event, "page")
        return {"line": _told(event, index)}
    return {"error": {"chinese": event.chinese, "english": event.english}}


def _told(answer: Answer, index: Index) -> dict[str, Any]:
    """Return the fields of a conversation's line, and what else the page shows of an answer."""
    line: dict[str, Any] = json.loads(Conversation().with_answer(answer).to_jsonl())
    found = [index.article(passage.article_id) for passage in answer.passages]
    entries = [entry_of(article) for article in found if article]
    accounts = [asdict(account) for account in differing_accounts(answer)]
    return line | {"entries": [asdict(entry) for entry in entries], "accounts": accounts}
