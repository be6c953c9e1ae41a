"""Answers a question step by step, for whoever shows it while it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings import Filters, Index
from embeddings.filters import EVERYTHING
from embeddings.types import Passage
from qa.answer import ask
from qa.conversation import Conversation
from qa.types import Answer


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that were retrieved, best first: they come before any word of an answer."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """A language model's next words, not checked yet: the answer at the end says what holds."""

    text: str


Event = Found | Delta | Answer


def ask_stream(
    question: str,
    history: Sequence[str] | Conversation = (),
    index: str | Path | Index | None = None,
    filters: Filters = EVERYTHING,
) -> Iterator[Event]:
    """Yield what is found, the words of an answer as they come, and at last the answer.

    Arguments and errors are those of ``qa.ask``; all errors come before the first event.
    """
    answer = ask(question, history, index, filters)
    yield Found(answer.passages)
    yield answer
