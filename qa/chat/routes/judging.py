"""What readers think of answers."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from embeddings import load_index
from embeddings.address import IndexAddress
from qa.feedback import Judgement, feedback_path, record
from qa.naming import name_of
from qa.retrieve import MAX_QUESTION

MAX_REASON = 1000
"""Characters of a reason."""


class Judged(BaseModel):
    """An opinion of an answer, whose article is the first that it cites, or the nearest."""

    question: str = Field(max_length=MAX_QUESTION, min_length=1)
    answer: str = Field(max_length=20_000)
    vote: Literal["up", "down"]
    reason: str = Field(default="", max_length=MAX_REASON)
    right: str = Field(default="", max_length=MAX_REASON)
    article_id: str | None = None


def add_to(router: APIRouter, index: IndexAddress) -> None:
    """Answer ``feedback``."""

    @router.post("/feedback")
    def feedback(judged: Judged) -> dict[str, bool]:
        article = load_index(index).article(judged.article_id) if judged.article_id else None
        context = article.text if article else ""
        right = judged.right.strip()
        if judged.vote == "up" and right not in context:
            right = ""  # what was quoted when the answer was given is gone, or changed, since
        judgement = Judgement(
            question=judged.question.strip(),
            answer=judged.answer,
            vote=judged.vote,
            reason=judged.reason.strip(),
            right=right,
            title=name_of(article.headline, article.text) if article else "",
            context=context,
        )
        record(judgement, feedback_path(index))
        return {"kept": True}
