"""Questions and answers over an index: ``retrieve`` finds passages, ``ask`` answers and cites."""

from qa.answer import ask
from qa.retrieve import retrieve
from qa.types import Answer, Citation, Passage

__all__ = ["Answer", "Citation", "Passage", "ask", "retrieve"]
