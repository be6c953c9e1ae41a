"""Questions and answers over an index: ``retrieve`` finds passages, ``ask`` answers and cites."""

from embeddings.filters import Filters
from qa.answer import ask
from qa.conversation import Conversation, Turn
from qa.retrieve import retrieve
from qa.types import Answer, Citation, Passage

__all__ = [
    "Answer",
    "Citation",
    "Conversation",
    "Filters",
    "Passage",
    "Turn",
    "ask",
    "retrieve",
]
