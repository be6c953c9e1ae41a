"""Conversations as documents to keep."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import PlainTextResponse, Response

from qa.conversation import Conversation
from qa.export import Language, to_html, to_markdown
from qa.retrieve import MAX_QUESTION

_LONGEST = 10_000_000
"""Characters of a conversation's text form."""


class Exported(BaseModel):
    """A conversation in its text form, and how it is wanted."""

    lines: str = Field(max_length=_LONGEST)
    title: str = Field(max_length=MAX_QUESTION, description="Its own, or the first question.")
    kind: Literal["md", "html"]
    language: Language = "zh"


def add_to(router: APIRouter) -> None:
    """Answer ``export``."""

    @router.post("/export")
    def export(wanted: Exported) -> Response:
        conversation = Conversation.from_jsonl(wanted.lines)
        write = to_html if wanted.kind == "html" else to_markdown
        # As plain text: the page makes a file of it, and nothing is run from here.
        return PlainTextResponse(write(conversation, wanted.title, wanted.language))
