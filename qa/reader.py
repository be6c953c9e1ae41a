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
from qa.evidence import kind_evidence, type_evidence, unit_evidence
from qa.question import Question, coverage, missing_weight

FEATURES = (
    "meaning",
    "meaning_of_passage",
    "meaning_among_sentences",
    "words",
    "words_around",
    "words_in_passage",
    "rarest_missing",
    "retrieval_score",
    "first_passage",
    "length",
    "type",
    "unit",
    "kind",
)
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


def features_of(
    question: Question, sentences: Sequence[Sentence], encoder: Encoder
) -> NDArray[np.float64]:
    """Return the features of each sentence, shape (len(sentences), len(FEATURES))."""
    passages = list({id(s.passage): s.passage for s in sentences}.values())
    texts = [s.text for s in sentences] + [p.text for p in passages]
    vector = encoder.encode_queries([question.text])[0]
    meanings = (encoder.encode_documents(texts) @ vector).astype(np.float64)
    of_sentence, of_passage = meanings[: len(sentences)], meanings[len(sentences) :]
    passage_rows = {id(passage): row for row, passage in enumerate(passages)}
    spread = float(of_sentence.std()) or 1.0
    simplified = [simplify(s.text) for s in sentences]
    in_passage = [simplify(passage.text) for passage in passages]
    rows = []
    for i, sentence in enumerate(sentences):
        row = passage_rows[id(sentence.passage)]
        around = " ".join(
            simplified[j]
            for j in (i - 1, i, i + 1)
            if 0 <= j < len(sentences) and sentences[j].passage is sentence.passage
        )
        rows.append(
            (
                of_sentence[i],
                of_passage[row],
                (of_sentence[i] - of_sentence.mean()) / spread,
                coverage(question, simplified[i]),
                coverage(question, around),
                coverage(question, in_passage[row]),
                missing_weight(question, in_passage[row]),
                sentence.passage.score,
                float(row == 0),
                math.log(len(sentence.text)),
                type_evidence(question, simplified[i]),
                unit_evidence(question, simplified[i]),
                kind_evidence(question, simplified[i]),
            )
        )
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


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
