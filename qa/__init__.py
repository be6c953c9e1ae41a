"""Questions and answers over an index: ``retrieve`` finds passages, ``ask`` answers and cites."""

from embeddings.filters import Filters
from qa.answer import ask
from qa.conversation import Conversation, Turn
from qa.llm import LanguageModel
from qa.retrieve import retrieve
from qa.stream import ask_stream
from qa.types import Answer, Citation, Item, Passage

__all__ = [
    "Answer",
    "Citation",
    "Conversation",
    "Filters",
    "Item",
    "LanguageModel",
    "Passage",
    "Turn",
    "ask",
    "ask_stream",
    "retrieve",
]
