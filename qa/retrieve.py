"""Finds the passages for a question."""

from embeddings import Filters, Index, load_index
from embeddings.address import IndexAddress
from embeddings.errors import InputError
from embeddings.filters import EVERYTHING
from embeddings.types import Passage

MAX_QUESTION = 2000
"""Characters of a question that are looked at; more is no question."""


def retrieve(
    question: str,
    k: int = 5,
    index: str | IndexAddress | Index | None = None,
    filters: Filters = EVERYTHING,
) -> list[Passage]:
    """Return the ``k`` best passages for a question, best first.

    Args:
        question: In Chinese (Simplified or Traditional) or English.
        k: How many, at least 1.
        index: A folder, an address or an opened index; default the setting ``WENBAO_INDEX``.
        filters: Dates, author, section, source, kind of the articles to search; default all.

    Raises:
        InputError: The question is empty, or ``k`` is below 1.
        SnapshotError: There is no index, or it is damaged.
        EncoderError: The index's model cannot be loaded.
    """
    if k < 1:
        raise InputError(f"k 应至少为 1，现为 {k}。", f"k must be at least 1, not {k}.")
    return opened(index).search(checked(question), k, filters)


def opened(index: str | IndexAddress | Index | None) -> Index:
    """Return an opened index as it is, or open the live snapshot of a folder or address."""
    if index is None or isinstance(index, str | IndexAddress):
        return load_index(index)
    return index


def readable(text: str) -> str:
    """Return a text whose characters can all be written; arguments of a command may have others."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def checked(question: str) -> str:
    """Return the question without white space around it, cut to ``MAX_QUESTION``.

    Raises:
        InputError: Nothing is left.
    """
    question = readable(question[:MAX_QUESTION]).strip()
    if not question:
        raise InputError("问题是空的，请输入问题。", "The question is empty. Type a question.")
    return question
