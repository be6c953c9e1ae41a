"""Answers a question step by step, for whoever shows it while it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings import Filters, Index
from embeddings.address import IndexAddress
from embeddings.filters import EVERYTHING
from embeddings.types import Passage
from qa.answer import ask
from qa.conversation import Conversation
from qa.llm import Delta, LanguageModel, write
from qa.retrieve import opened
from qa.types import Answer

__all__ = ["Delta", "Event", "Found", "ask_stream"]


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that were retrieved, best first: they come before any word of an answer."""

    passages: tuple[Passage, ...]


Event = Found | Delta | Answer


def ask_stream(
    question: str,
    history: Sequence[str] | Conversation = (),
    index: str | IndexAddress | Index | None = None,
    filters: Filters = EVERYTHING,
    understand_dates: bool = True,
    llm: LanguageModel | None = None,
) -> Iterator[Event]:
    """Yield what is found, the words of an answer as they come, and at last the answer.

    Arguments and errors are those of ``qa.ask``; all errors come before the first event.
    """
    index = opened(index)
    answer = ask(question, history, index, filters, understand_dates)
    yield Found(answer.passages)
    if llm is None:
        yield answer
    else:
        yield from write(answer, index.encoder, llm)
