"""One turn of a conversation: a question, and what came of it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from embeddings import load_index
from embeddings.errors import WenbaoError
from embeddings.types import Article
from qa.answer import ask
from qa.chat.wording import EN, ZH, Language
from qa.types import Answer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in both languages."""

    chinese: str
    english: str

    def told_in(self, language: Language) -> str:
        """Return the message in one language."""
        return self.english if language == "en" else self.chinese


OUR_FAULT = Failure(ZH.apology, EN.apology)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its outcome.

    Attributes:
        outcome: None while the question is being answered.
        articles: The articles of all retrieved passages by id, from the snapshot that
            answered. Only the latest turn keeps them: its sources are the ones shown.
    """

    question: str
    outcome: Answer | Failure | None = None
    articles: Mapping[str, Article] = field(default_factory=dict)


Conversation = tuple[Turn, ...]


def answered(question: str, before: Conversation, folder: Path) -> Turn:
    """Answer a question with the live snapshot of an index folder. Never raises."""
    history = [turn.question for turn in before if isinstance(turn.outcome, Answer)]
    try:
        index = load_index(folder)
        answer = ask(question, history, index)
        found = [index.article(passage.article_id) for passage in answer.passages]
    except WenbaoError as error:
        return Turn(question, Failure(error.chinese, error.english))
    except Exception:  # whatever it is, the reader gets an apology and the log the details
        _log.exception("No answer because of an unexpected error")
        return Turn(question, OUR_FAULT)
    return Turn(question, answer, {article.id: article for article in found if article})


def continued(before: Conversation, turn: Turn) -> Conversation:
    """Return the conversation with one more turn."""
    return (*_without_articles(before), turn)


def _without_articles(turns: Sequence[Turn]) -> Conversation:
    return tuple(replace(turn, articles={}) for turn in turns)
