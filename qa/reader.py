"""Reads passages: scores each sentence for how well it answers the question.

A logistic model over a dozen features: nearness in meaning, how much of the question's content
the sentence and its surroundings have, and whether the kind of thing asked for is there. Its
weights (``reader.json``) are fitted by ``tests/eval/fit_reader.py`` on one question set and its
bound is chosen on another. Questions in other scripts than the text's share no words with it
and have weights of their own.
"""

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from embeddings.sentences import sentence_spans
from embeddings.tokens import simplify
from embeddings.types import Encoder, Passage
from qa.evidence import kind_evidence, missing_names, type_evidence, unit_evidence
from qa.question import Question, coverage, missing_weight

FEATURES = (
    "meaning",
    "meaning_among_sentences",
    "words",
    "words_around",
    "words_in_passage",
    "rarest_missing",
    "names_missing",
    "retrieval_score",
    "first_passage",
    "length",
    "person",
    "unit",
    "kind",
)
SHORTLIST = 10
"""Sentences that are encoded for a question."""
MIN_SENTENCE = 4
"""Characters below which a sentence is no answer (「图①」)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage; offsets are into the article's text."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model for one kind of question.

    Attributes:
        weights: One for each of ``FEATURES``.
        slope: With ``intercept``, turns the best sentence's score into a probability.
        bound: The confidence below which there is no answer.
    """

    weights: tuple[float, ...]
    bias: float
    slope: float
    intercept: float
    bound: float

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of each row of ``features`` (n, len(FEATURES)), shape (n,)."""
        scores: NDArray[np.float64] = features @ np.array(self.weights) + self.bias
        return scores

    def confidence(self, best_score: float) -> float:
        """Return the probability that the best sentence answers, 0..1."""
        return 1 / (1 + math.exp(-(self.slope * best_score + self.intercept)))


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """Return the sentences of all passages, in the passages' order."""
    return [
        Sentence(passage, passage.start + start, passage.start + end, passage.text[start:end])
        for passage in passages
        for start, end in sentence_spans(passage.text)
        if end - start >= MIN_SENTENCE
    ]


def shortlist(
    question: Question, passages: Sequence[Passage]
) -> tuple[list[Sentence], NDArray[np.float64]]:
    """Return the sentences worth encoding, at most ``SHORTLIST``, and their lexical features.

    Encoding is what costs; what words and kinds of answer say is nearly free and seldom leaves
    out a sentence that answers. The features are those of ``FEATURES`` after the first two,
    shape (n, len(FEATURES) - 2).
    """
    sentences = sentences_of(passages)
    simplified = [simplify(sentence.text) for sentence in sentences]
    able = [i for i in range(len(sentences)) if _can_answer(question, simplified[i])]
    of_passage = {}
    for passage in {sentences[i].passage for i in able}:
        mine = [text for s, text in zip(sentences, simplified, strict=True) if s.passage is passage]
        of_passage[passage] = _passage_features(
            question, passage, " ".join(mine), passage is passages[0]
        )
    rows = {
        i: _lexical_features(question, sentences, simplified, i, of_passage[sentences[i].passage])
        for i in able
    }
    promise = {i: sum(row[:3]) + 0.2 * sum(row[-3:]) for i, row in rows.items()}
    # Words tell nothing across scripts: then every sentence of the passages is encoded.
    enough = SHORTLIST if question.is_chinese else len(able)
    best = sorted(sorted(able, key=lambda i: (-promise[i], i))[:enough])
    features = np.array([rows[i] for i in best], np.float64).reshape(len(best), len(FEATURES) - 2)
    return [sentences[i] for i in best], features


def read(
    question: Question, passages: Sequence[Passage], encoder: Encoder
) -> tuple[list[Sentence], NDArray[np.float64]]:
    """Return the most promising sentences of the passages with their features.

    The features have the shape (n, len(FEATURES)); sentences stay in the passages' order.
    """
    sentences, lexical = shortlist(question, passages)
    if not sentences:
        return [], np.empty((0, len(FEATURES)))
    vector = encoder.encode_queries([question.text])[0]
    vectors = encoder.encode_documents([sentence.text for sentence in sentences])
    meaning = (vectors @ vector).astype(np.float64)
    relative = (meaning - meaning.mean()) / (float(meaning.std()) or 1.0)
    return sentences, np.column_stack([meaning, relative, lexical])


def _can_answer(question: Question, simplified: str) -> bool:
    """Tell whether a sentence has a figure or time where one is asked for.

    Without one it cannot answer; of sentences that answer, one in a hundred is missed so.
    Persons are not recognised as surely, and only count as a sign.
    """
    return question.wants not in {"figure", "time"} or type_evidence(question, simplified) > 0


def _lexical_features(
    question: Question,
    sentences: Sequence[Sentence],
    simplified: Sequence[str],
    i: int,
    of_passage: tuple[float, ...],
) -> tuple[float, ...]:
    around = " ".join(
        simplified[j]
        for j in range(max(0, i - 1), min(len(sentences), i + 2))
        if sentences[j].passage is sentences[i].passage
    )
    return (
        coverage(question, simplified[i]),
        coverage(question, around),
        *of_passage,
        math.log(len(sentences[i].text)),
        type_evidence(question, simplified[i]) if question.wants == "person" else 0.0,
        unit_evidence(question, simplified[i]),
        kind_evidence(question, simplified[i]),
    )


def _passage_features(
    question: Question, passage: Passage, simplified: str, is_first: bool
) -> tuple[float, ...]:
    """Return what all sentences of a passage share: ``words_in_passage`` to ``first_passage``."""
    return (
        coverage(question, simplified),
        missing_weight(question, simplified),
        missing_names(question, f"{simplify(passage.headline or '')} {simplified}"),
        passage.score,
        float(is_first),
    )


def weights_for(question: Question) -> Weights:
    """Return the fitted weights for the question's script."""
    return _fitted()["chinese" if question.is_chinese else "other"]


@functools.cache
def _fitted() -> dict[str, Weights]:
    text = resources.files("qa").joinpath("reader.json").read_text(encoding="utf-8")
    return {
        script: Weights(
            tuple(fitted["weights"][feature] for feature in FEATURES),
            fitted["bias"],
            fitted["slope"],
            fitted["intercept"],
            fitted["bound"],
        )
        for script, fitted in json.loads(text)["models"].items()
    }
