"""A conversation: questions, and what came of them."""

import logging
import threading
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


class Conversation:
    """One reader's turns. Any number of threads may use it at once."""

    def __init__(self) -> None:
        self._turns: tuple[Turn, ...] = ()
        self._changing = threading.Lock()
        self._answering = threading.Lock()

    def __deepcopy__(self, memo: object) -> "Conversation":
        """Return an empty one: Gradio copies the page's for every reader who comes."""
        return Conversation()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first."""
        return self._turns

    @property
    def latest(self) -> Turn | None:
        """The last turn that is not being answered any more."""
        return next((turn for turn in reversed(self._turns) if turn.outcome), None)

    def ask(self, question: str) -> None:
        """Add a question; the one just being answered is not added again."""
        with self._changing:
            waiting = self._turns[-1] if self._turns else None
            if not (waiting and waiting.question == question and waiting.outcome is None):
                self._turns = (*self._turns, Turn(question))

    def answer(self, folder: Path) -> None:
        """Answer all questions that wait, in order, from the live snapshot of an index folder."""
        with self._answering:
            while waiting := next((turn for turn in self._turns if not turn.outcome), None):
                self._put(waiting, answered(waiting.question, self._questions(), folder))

    def clear(self) -> None:
        """Forget everything, what is just being answered included."""
        with self._changing:
            self._turns = ()

    def _questions(self) -> list[str]:
        return [turn.question for turn in self._turns if isinstance(turn.outcome, Answer)]

    def _put(self, waiting: Turn, done: Turn) -> None:
        """Put an answered turn where it waited, unless the conversation was cleared since."""
        with self._changing:
            if any(turn is waiting for turn in self._turns):
                self._turns = tuple(
                    done if turn is waiting else replace(turn, articles={}) for turn in self._turns
                )


def answered(question: str, history: Sequence[str], folder: Path) -> Turn:
    """Answer a question with the live snapshot of an index folder. Never raises.

    Args:
        question: As the reader asked it.
        history: The earlier questions, oldest first.
        folder: The index folder.
    """
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
