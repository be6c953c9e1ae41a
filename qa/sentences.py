"""The sentences of retrieved passages, and what words alone say of each.

How much of the question's content a sentence and its surroundings have, whether the names and
years asked about are there, and whether the kind of thing asked for is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.sentences import sentence_spans
from embeddings.tokens import simplify
from embeddings.types import Passage
from qa.evidence import kind_evidence, missing_names, type_evidence, unit_evidence
from qa.question import Question, coverage, missing_weight

WORD_FEATURES = (
    "words",
    "words_around",
    "words_in_passage",
    "rarest_missing",
    "names_missing",
    "names_missing_around",
    "retrieval_score",
    "first_passage",
    "length",
    "person",
    "unit",
    "kind",
)
MIN_SENTENCE = 4
"""Characters below which a sentence is no answer (「图①」)."""
LEAST_CONTENT = 0.25
"""Share of the question's content, by weight, that a passage must have. On the selection set of
``tests/eval/training/fit.py`` none of 645 answered questions has its answer from a passage with
less, nor has any of the 334 that are only reported; few articles have little else to offer."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage; offsets are into the article's text.

    Attributes:
        number: Its place among the sentences of all passages.
        simplified: Its text as ``embeddings.tokens.simplify`` gives it.
    """

    passage: Passage
    number: int
    start: int
    end: int
    text: str
    simplified: str


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """Return the sentences of all passages, in the passages' order."""
    found: list[Sentence] = []
    for passage in passages:
        for start, end in sentence_spans(passage.text):
            if end - start >= MIN_SENTENCE:
                text = passage.text[start:end]
                place = passage.start + start
                found.append(
                    Sentence(passage, len(found), place, place + len(text), text, simplify(text))
                )
    return found


def is_about(question: Question, passage: Passage) -> bool:
    """Tell whether a passage has enough of what is asked about to answer it.

    Across languages words cannot tell.
    """
    if not question.weights or not question.is_chinese:
        return True
    return coverage(question, f"{_about(passage)} {simplify(passage.text)}") >= LEAST_CONTENT


def can_answer(question: Question, sentence: Sentence) -> bool:
    """Tell whether a sentence has a figure or time where one is asked for.

    Without one it cannot answer; of sentences that answer, one in a hundred is missed so.
    Persons are not recognised as surely, and only count as a sign.
    """
    if question.wants not in {"figure", "time"}:
        return True
    return type_evidence(question, sentence.simplified) > 0


def word_features(
    question: Question, sentences: Sequence[Sentence], chosen: Sequence[Sentence]
) -> NDArray[np.float64]:
    """Return what words say of the chosen ones of all ``sentences``.

    Shape (len(chosen), len(WORD_FEATURES)).
    """
    of_passage = {
        passage: _passage_features(
            question,
            passage,
            " ".join(s.simplified for s in sentences if s.passage is passage),
        )
        for passage in dict.fromkeys(sentence.passage for sentence in chosen)
    }
    rows = [
        _row(question, sentences, sentence, of_passage[sentence.passage]) for sentence in chosen
    ]
    return np.array(rows, np.float64).reshape(len(chosen), len(WORD_FEATURES))


def _row(
    question: Question,
    sentences: Sequence[Sentence],
    sentence: Sentence,
    of_passage: tuple[float, float, float],
) -> tuple[float, ...]:
    near = sentences[max(0, sentence.number - 1) : sentence.number + 2]
    around = " ".join(s.simplified for s in near if s.passage is sentence.passage)
    passage = sentence.passage
    return (
        coverage(question, sentence.simplified),
        coverage(question, around),
        *of_passage,
        missing_names(question, f"{_about(passage)} {around}"),
        passage.score,
        float(passage.rank == 1),
        math.log(len(sentence.text)),
        type_evidence(question, sentence.simplified) if question.wants == "person" else 0.0,
        unit_evidence(question, sentence.simplified),
        kind_evidence(question, sentence.simplified),
    )


def _passage_features(
    question: Question, passage: Passage, simplified: str
) -> tuple[float, float, float]:
    """Return what all sentences of a passage share: words, what of them is missing, and names."""
    return (
        coverage(question, simplified),
        missing_weight(question, simplified),
        missing_names(question, f"{_about(passage)} {simplified}"),
    )


def _about(passage: Passage) -> str:
    """Return what is known of a passage besides its text: its name, and date as people say it."""
    date = passage.date
    told = f"{date.year}年{date.month}月{date.day}日" if date else ""
    return f"{simplify(passage.headline or passage.lead)} {told}"
