"""Reads passages: finds the sentences that answer a question, and the words in them that do.

The span reader (``spans``) says where in each passage an answer is and how sure it is of that;
words, names and kinds of answer (``sentences``) say whether it is an answer to this question.
``weighing`` adds both up. Without the span reader, nearness in meaning stands in for it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.sentences import Span
from embeddings.tokens import simplify
from embeddings.types import Encoder, Passage
from qa.evidence import kind_of_span
from qa.question import Question
from qa.sentences import (
    WORD_FEATURES,
    Sentence,
    can_answer,
    is_about,
    sentences_of,
    word_features,
)
from qa.spans import Reading, SpanReader

SPAN_FEATURES = (
    "span",
    "span_lead",
    "span_in_passage",
    "agreement",
    "span_kind",
    "span_length",
)
MEANING_FEATURES = ("meaning", "meaning_among_sentences")
READ_FEATURES = (*SPAN_FEATURES, *WORD_FEATURES)
"""What is known of a sentence where there is a span reader."""
WORD_ONLY_FEATURES = (*MEANING_FEATURES, *WORD_FEATURES)
"""What is known of a sentence where there is none."""
ROUND = 2
"""Passages read at a time: one on each of two cores."""
SURE = 1.0
"""Score of a span from which the passages further down are not read any more. On ``xquad_zh``
that leaves out one passage in three and costs 0.0001 of MRR@10 and no first answer; on the
selecting news questions (326 with an answer) not one citation or refusal changes."""
SHORTLIST = 10
"""Sentences that are looked at closely for a question."""

_NOT_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer.

    Attributes:
        exact: Offsets in the article's text of the words that answer; None without a reader.
    """

    sentence: Sentence
    exact: Span | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidates with what is known of each.

    Attributes:
        features: Shape (len(candidates), features).
        spans: The score of the best span in each passage that was read, the first ones.
    """

    candidates: tuple[Candidate, ...]
    features: NDArray[np.float64]
    spans: tuple[float, ...] = ()


def read(question: Question, passages: Sequence[Passage], reader: SpanReader) -> Evidence:
    """Return the most promising sentences by their best span, with ``READ_FEATURES``.

    Passages are read from the first on, until one is sure to answer.
    """
    whole = question.wants_list
    readings: dict[Passage, Reading] = {}
    tops: dict[Passage, tuple[float, Span]] = {}
    about: set[Passage] = set()
    for first in range(0, len(passages), ROUND):
        some = passages[first : first + ROUND]
        readings |= zip(some, reader.read(question.text, some), strict=True)
        tops |= {p: readings[p].best(0, len(p.text), whole) for p in some}
        about |= {passage for passage in some if is_about(question, passage)}
        if not whole and any(tops[passage][0] > SURE for passage in about):
            break  # what is asked for in several passages is looked for in all
    passages = tuple(readings)
    sentences = sentences_of(passages)
    found: list[tuple[float, Span, Sentence]] = []
    for sentence in sentences:
        passage = sentence.passage
        if passage in about and can_answer(question, sentence):
            start, end = sentence.start - passage.start, sentence.end - passage.start
            found.append((*readings[passage].best(start, end, whole), sentence))
    found = sorted(found, key=lambda item: (-item[0], item[2].number))[:SHORTLIST]
    best = max((score for score, _span in tops.values()), default=0.0)
    answers = {p: _same(p.text[span.start : span.end]) for p, (_score, span) in tops.items()}
    rows = []
    for score, span, sentence in found:
        passage = sentence.passage
        words = passage.text[span.start : span.end]
        agreeing = sum(
            tops[other][0] > 0 and answers[other] == _same(words)
            for other in passages
            if other is not passage
        )
        rows.append(
            (
                score,
                score - best,
                score - tops[passage][0],
                math.log1p(agreeing),
                kind_of_span(question, simplify(words)),
                math.log1p(len(words)),
            )
        )
    spans = np.array(rows, np.float64).reshape(len(found), len(SPAN_FEATURES))
    words_say = word_features(question, sentences, [sentence for *_rest, sentence in found])
    return Evidence(
        tuple(Candidate(s, _in_article(s.passage, span)) for _score, span, s in found),
        np.column_stack([spans, words_say]),
        tuple(tops[passage][0] for passage in passages),
    )


def read_words(question: Question, passages: Sequence[Passage], encoder: Encoder) -> Evidence:
    """Return the most promising sentences by their words, with ``WORD_ONLY_FEATURES``.

    Encoding is what costs here; what words and kinds of answer say is nearly free and seldom
    leaves out a sentence that answers.
    """
    sentences = sentences_of(passages)
    able = [sentence for sentence in sentences if can_answer(question, sentence)]
    features = word_features(question, sentences, able)
    promise = features[:, :3].sum(axis=1) + 0.2 * features[:, -3:].sum(axis=1)
    # Words tell nothing across languages: then every sentence of the passages is encoded.
    enough = SHORTLIST if question.is_chinese else len(able)
    chosen = np.sort(np.argsort(-promise, kind="stable")[:enough])
    if not chosen.size:
        return Evidence((), np.empty((0, len(WORD_ONLY_FEATURES))))
    vector = encoder.encode_queries([question.text])[0]
    vectors = encoder.encode_documents([able[i].text for i in chosen])
    meaning = (vectors @ vector).astype(np.float64)
    relative = (meaning - meaning.mean()) / (float(meaning.std()) or 1.0)
    return Evidence(
        tuple(Candidate(able[i], None) for i in chosen),
        np.column_stack([meaning, relative, features[chosen]]),
    )


def _in_article(passage: Passage, span: Span) -> Span:
    """Return a span's offsets in the article, white space at its ends left out."""
    words = passage.text[span.start : span.end]
    start = passage.start + span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, passage.start + span.start + len(words.rstrip())))


def _same(words: str) -> str:
    """Return what is equal for two spans that give the same answer."""
    return _NOT_WORDS.sub("", simplify(words))
