"""Weighs what is known of each sentence, and says how sure the answer is.

A logistic model for each way of reading (``reader``), its weights and bounds in
``weighing.json``; ``tests/eval/training/fit.py`` fits them. Questions in another language than
the text's share no words with it and have weights of their own.
"""

import functools
import json
import math
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from qa.question import Question
from qa.reader import READ_FEATURES, WORD_ONLY_FEATURES

READ, READ_ACROSS, WORDS, MEANING = "read", "read across", "words", "meaning"
"""The models: with the span reader, and without it; of each, the second is across languages."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model.

    Attributes:
        weights: One for each feature.
        slope: With ``intercept``, turns the best sentence's score into a probability.
        bound: The confidence below which there is no answer.
    """

    weights: tuple[float, ...]
    bias: float
    slope: float
    intercept: float
    bound: float

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of each row of ``features`` (n, features), shape (n,)."""
        scores: NDArray[np.float64] = features @ np.array(self.weights) + self.bias
        return scores

    def confidence(self, best_score: float) -> float:
        """Return the probability that the best sentence answers, 0..1."""
        return 1 / (1 + math.exp(-(self.slope * best_score + self.intercept)))


def weights_for(question: Question, with_reader: bool) -> Weights:
    """Return the fitted weights for the way of reading and the question's language."""
    chinese, across = (READ, READ_ACROSS) if with_reader else (WORDS, MEANING)
    return _fitted()[chinese if question.is_chinese else across]


@functools.cache
def _fitted() -> dict[str, Weights]:
    text = resources.files("qa").joinpath("weighing.json").read_text(encoding="utf-8")
    models = json.loads(text)["models"]
    return {name: _weights(name, fitted) for name, fitted in models.items()}


def _weights(name: str, fitted: dict[str, dict[str, float]]) -> Weights:
    features = READ_FEATURES if name in {READ, READ_ACROSS} else WORD_ONLY_FEATURES
    numbers = {key: float(fitted[key]) for key in ("bias", "slope", "intercept", "bound")}  # type: ignore[arg-type]
    return Weights(tuple(fitted["weights"][feature] for feature in features), **numbers)
