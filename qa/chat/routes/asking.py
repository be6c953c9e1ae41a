"""Questions: answers with their evidence, examples, and what to ask next."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from embeddings import Filters, Index, load_index
from embeddings.errors import WenbaoError
from embeddings.filters import EVERYTHING
from qa.accounts import differing_accounts
from qa.answer import ask
from qa.catalogue import entry_of
from qa.chat.examples import follow_ups
from qa.chat.warm import Warmth
from qa.conversation import Conversation
from qa.retrieve import MAX_QUESTION
from qa.types import Answer

_log = logging.getLogger(__name__)

MOST_TURNS = 50
"""Earlier questions that come with one at most."""
LONGEST_HISTORY = 1_000_000
"""Characters of the earlier turns at most."""


class Asked(BaseModel):
    """A question, and the conversation before it in its text form."""

    question: str = Field(max_length=MAX_QUESTION)
    history: str = Field(default="", max_length=LONGEST_HISTORY)
    filters: Filters = EVERYTHING


class Told(BaseModel):
    """An answer to go on from: the articles that it cites, and what was asked before."""

    article_ids: list[str] = Field(max_length=10)
    asked: list[str] = Field(max_length=MOST_TURNS)
    filters: Filters = EVERYTHING


def add_to(router: APIRouter, index: Path, warmth: Warmth) -> None:
    """Answer ``ask``, ``examples`` and ``follow-ups``."""

    @router.post("/ask")
    def answer(asked: Asked) -> dict[str, Any]:
        warmth.wait_until_loaded()
        try:
            opened = load_index(index)
            history = Conversation.from_jsonl(asked.history)
            return _told(ask(asked.question, history, opened, asked.filters), opened)
        except WenbaoError:
            raise
        except Exception as error:
            _log.exception("No answer because of an unexpected error")
            raise WenbaoError(
                "抱歉，程序出了意外的错误，这个问题没能回答。详情已写入日志。",
                "Sorry, something went wrong in the program and this question was not answered. "
                "Details are in the log.",
            ) from error

    @router.get("/examples")
    def examples() -> dict[str, list[str] | None]:
        warmth.start()
        return {"questions": warmth.questions()}

    @router.post("/follow-ups")
    def suggestions(told: Told) -> dict[str, list[str]]:
        opened = load_index(index)
        return {"questions": follow_ups(opened, told.article_ids, told.asked, told.filters)}


def _told(answer: Answer, index: Index) -> dict[str, Any]:
    """Return the fields of a conversation's line, and what else the page shows of an answer."""
    line: dict[str, Any] = json.loads(Conversation().with_answer(answer).to_jsonl())
    found = [index.article(passage.article_id) for passage in answer.passages]
    entries = [entry_of(article) for article in found if article]
    accounts = [asdict(account) for account in differing_accounts(answer)]
    return line | {"entries": [asdict(entry) for entry in entries], "accounts": accounts}
