"""Finds the words of a passage that answer a question, and tells whether there are any.

A network reads question and passage as one sequence and gives every token a logit for being the
answer's first and its last; the class token stands for "no answer here" (Devlin et al., "BERT",
arXiv:1810.04805, section 4.3). It was trained by ``make reader``.
"""

import functools
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from embeddings.sentences import Span
from embeddings.session import Session
from embeddings.settings import Settings
from embeddings.tokenizer import load_tokenizer
from embeddings.types import Passage
from qa.adapter import MODEL, TOKENIZER, ensure_reader_folder, reader_folder
from qa.pairs import Pair, encode_pairs

MAX_SPAN = 40
"""Tokens of an answer at most."""
NOTHING = -30.0
"""Score of a stretch of text in which no token could be read."""
_JOINS = "、和及与與"
"""What joins the items of a list."""

_log = logging.getLogger(__name__)
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of one passage.

    Attributes:
        text: The passage's text.
        spans: The tokens' offsets in it.
        scores: Of the answer from token i to token j, start and end logit less the class
            token's, shape (tokens, tokens); minus infinity where j < i or too far away.
    """

    text: str
    spans: Sequence[Span]
    scores: NDArray[np.float32]

    def best(self, start: int, end: int, whole_list: bool = False) -> tuple[float, Span]:
        """Return the best answer within ``text[start:end]``, its score first.

        Above zero the network prefers it to "no answer here". For ``whole_list`` it does not
        begin or end between the items of a list.
        """
        tokens = [i for i, s in enumerate(self.spans) if s.start < end and start < s.end]
        if not tokens:
            return NOTHING, Span(start, start)
        first, last = tokens[0], tokens[-1] + 1
        inside = self.scores[first:last, first:last]
        wanted = inside + self._cuts_list(first, last) if whole_list else inside
        i, j = np.unravel_index(int(wanted.argmax()), wanted.shape)
        span = Span(
            max(start, self.spans[first + int(i)].start), min(end, self.spans[first + int(j)].end)
        )
        return max(NOTHING, float(inside[i, j])), span

    def _cuts_list(self, first: int, last: int) -> NDArray[np.float32]:
        """Return a penalty for answers that other items of a list stand right beside."""
        inside = self.spans[first:last]
        before = [self.text[max(0, span.start - 1) : span.start] for span in inside]
        after = [self.text[span.end : span.end + 1] for span in inside]
        begins = np.array([bool(c) and c in _JOINS for c in before], np.float32)
        ends = np.array([bool(c) and c in _JOINS for c in after], np.float32)
        return NOTHING * (begins[:, None] + ends[None, :])


class SpanReader:
    """The exported reader; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = load_tokenizer(folder / TOKENIZER)
        self._session = Session(folder / MODEL)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage for the question, by itself: what stands beside it changes nothing."""
        texts = [(context_of(passage), passage.text) for passage in passages]
        pairs = encode_pairs(self._tokenizer, question, texts)
        logits = self._session.run_each([pair.ids for pair in pairs])
        return [
            Reading(passage.text, pair.spans, _scores(pair, found))
            for passage, pair, found in zip(passages, pairs, logits, strict=True)
        ]


def _scores(pair: Pair, logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``Reading.scores`` for a pair's logits, shape (tokens, 2)."""
    body = logits[pair.body : pair.body + len(pair.spans)]
    scores = body[:, None, 0] + body[None, :, 1] - logits[0].sum()
    rows, columns = np.indices(scores.shape)
    scores[(columns < rows) | (columns >= rows + MAX_SPAN)] = -np.inf
    return cast(NDArray[np.float32], scores)


def context_of(passage: Passage) -> str:
    """Return what is read before a passage's text but never quoted: headline (or lead) and date."""
    date = passage.date.isoformat() if passage.date else ""
    return " ".join(part for part in (passage.headline or passage.lead, date) if part)


def load_span_reader() -> SpanReader | None:
    """Return the reader, exporting it the first time; None where it cannot be had.

    Then answers are chosen by words and vectors alone, as they were before there was a reader.
    """
    with _loading:
        return _load(Settings().cache)


def is_span_reader_ready() -> bool:
    """Tell whether loading the reader needs no export any more."""
    return reader_folder(Settings().cache) is not None


@functools.lru_cache(maxsize=2)
def _load(cache: Path) -> SpanReader | None:
    try:
        return SpanReader(ensure_reader_folder(cache))
    except Exception as error:  # a missing trunk, an exporter that fails: an answer all the same
        _log.warning("no span reader (%s): choosing sentences by words and vectors", error)
        return None
