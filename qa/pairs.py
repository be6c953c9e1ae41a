"""A question and a passage as one sequence of tokens, the way the reader takes them in.

Training and reading build their input here, so that they cannot differ: question, then what the
article's headline and date say, then the passage's text, all in Simplified characters. Only
tokens of the text can be part of an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.sentences import Span
from embeddings.tokenizer import Tokenizer, cut_off
from embeddings.tokens import simplify_characters

MAX_TOKENS = 384
"""Tokens of question, context and text together; what is longer is cut at the text's end."""
_LONGEST_QUESTION = 128
"""Characters of a question that are read: the last ones, since what is asked comes at the end."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One input of the reader.

    Attributes:
        ids: Token ids; the first is the class token, which stands for "no answer here".
        body: Index of the first token of the passage's text.
        spans: Of each token from ``body`` on, its offsets in the text, in characters.
    """

    ids: list[int]
    body: int
    spans: list[Span]

    def tokens_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the indices of the first and last token of ``text[start:end]``, or None."""
        inside = [i for i, span in enumerate(self.spans) if span.start < end and start < span.end]
        return (self.body + inside[0], self.body + inside[-1]) if inside else None


def encode_pairs(
    tokenizer: Tokenizer, question: str, passages: Sequence[tuple[str, str]]
) -> list[Pair]:
    """Return the inputs for one question and several passages.

    Args:
        tokenizer: The trunk's; see ``embeddings.tokenizer``.
        question: As asked.
        passages: Of each, its context (headline and date, may be empty) and its text.
    """
    asked = _clean(question)[-_LONGEST_QUESTION:]
    # The context's end must stay a token boundary: the space after it is one.
    contexts = [f"{_clean(context)} " if context else "" for context, _text in passages]
    texts = [
        (asked, context + _clean(text))
        for context, (_context, text) in zip(contexts, passages, strict=True)
    ]
    pairs = []
    for context, found in zip(contexts, tokenizer.encode(texts), strict=True):
        ids = cut_off(found.ids, MAX_TOKENS)
        closing = len(ids) - 1
        sequence, offsets = found.sequence_ids[:closing], found.offsets[:closing]
        body = next(
            (
                i
                for i, (start, end) in enumerate(offsets)
                if sequence[i] == 1 and end > len(context) and end > start
            ),
            closing,
        )
        spans = [Span(max(0, s - len(context)), e - len(context)) for s, e in offsets[body:]]
        pairs.append(Pair(ids, body, spans))
    return pairs


def _clean(text: str) -> str:
    """Replace what the tokenizer does not take, character by character."""
    whole = text.encode("utf-8", "replace").decode().replace("\0", " ")
    return simplify_characters(whole)
