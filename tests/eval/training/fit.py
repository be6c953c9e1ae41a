"""Fits how evidence is weighed: ``python -m tests.eval.training.fit ../shared/data``.

Weights are fitted and bounds are chosen on ``xquad_zh`` and on news questions that took no part in
the reader's training; those for English questions on half of ``english_questions.json`` and the
English ones among these news questions. The figures written beside them are also on
``cmrc2018_trial``, the reported parts of ``news_questions.jsonl`` and the other half of the English
questions, which took no part in any choice.

Each question with an answer is asked three times: as it is; with the sentences that answer it
taken away (hard: everything else is still there); and with its article taken away (easy).
"""

import dataclasses
import functools
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from embeddings import Index, load_index
from embeddings.rebuild import index_articles, rebuild
from embeddings.sentences import sentence_spans
from embeddings.types import Passage
from qa.extract import PASSAGES
from qa.question import understand
from qa.question_set import read_questions
from qa.reader import READ_FEATURES, WORD_ONLY_FEATURES, Evidence, read, read_words
from qa.spans import Reading, SpanReader, context_of, load_span_reader
from qa.weighing import MEANING, READ, READ_ACROSS, WORDS

HERE = Path(__file__).resolve().parent
WEIGHING = HERE.parents[2] / "qa" / "weighing.json"
REFUSED = 0.10
"""Share of answerable questions that the bound may refuse on the selection set."""
LEAST_CONFIDENCE = 0.15
"""The lowest bound, whatever it refuses. Of what is answered from there on in English, with as many
near misses as the selection set has, more than half is right (0.57; at the tenth, 0.44)."""
LEXICAL = {
    "words", "words_around", "words_in_passage", "rarest_missing", "names_missing",
    "names_missing_around", "unit", "kind",
}  # fmt: skip
"""Features that tell nothing where question and text are in different languages."""

Kind = Literal["answerable", "hard", "easy", "miss"]
Way = Literal["read", "words"]
FEATURES: dict[Way, tuple[str, ...]] = {"read": READ_FEATURES, "words": WORD_ONLY_FEATURES}

MODELS: dict[str, tuple[Way, bool, set[str]]] = {
    READ: ("read", True, set()),
    READ_ACROSS: ("read", False, LEXICAL),
    WORDS: ("words", True, set()),
    MEANING: ("words", False, LEXICAL),
}
"""Of each model: how it reads, whether it is for Chinese questions, features it goes without."""


class Asked(NamedTuple):
    """A question, its gold answers (none: nothing answers it) and the articles that have them."""

    question: str
    golds: tuple[str, ...]
    articles: frozenset[str]


class Example(NamedTuple):
    """One question asked in one of three ways, or a near miss."""

    kind: Kind
    is_chinese: bool
    features: NDArray[np.float64]
    answers: NDArray[np.bool_]


class Fitted(NamedTuple):
    """A logistic model of sentences and the calibration of the best one's score."""

    weights: NDArray[np.float64]
    bias: float
    slope: float
    intercept: float
    bound: float

    def scores(self, example: Example) -> NDArray[np.float64]:
        """Return the log-odds of an example's sentences."""
        scores: NDArray[np.float64] = example.features @ self.weights + self.bias
        return scores

    def confidence(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the best sentence's confidence for each example."""
        best = np.array([self.scores(e).max() if len(e.features) else -50.0 for e in examples])
        return 1 / (1 + np.exp(-(self.slope * best + self.intercept)))


def examples(index: Index, asked: Sequence[Asked], way: Way) -> list[Example]:
    """Retrieve for each question and compute its sentences' features."""
    return [example for item in asked for example in _ways_of_asking(index, item, way)]


def _ways_of_asking(index: Index, item: Asked, way: Way) -> Iterator[Example]:
    passages = index.search(item.question, 3 * PASSAGES)
    if not item.golds:
        yield _example("miss", index, item, passages[:PASSAGES], way)
        return
    yield _example("answerable", index, item, passages[:PASSAGES], way)
    without = [_without_answer(passage, item) for passage in passages[:PASSAGES]]
    yield _example("hard", index, item, [p for p in without if p.text], way)
    others = [p for p in passages if p.article_id not in item.articles][:PASSAGES]
    ranked = [dataclasses.replace(p, rank=rank) for rank, p in enumerate(others, start=1)]
    yield _example("easy", index, item, ranked, way)


def _example(
    kind: Kind, index: Index, item: Asked, passages: Sequence[Passage], way: Way
) -> Example:
    question = understand(item.question)
    evidence = _evidence(index, item.question, passages, way)
    answers = [
        kind == "answerable"
        and c.sentence.passage.article_id in item.articles
        and any(gold in c.sentence.text for gold in item.golds)
        for c in evidence.candidates
    ]
    return Example(kind, question.is_chinese, evidence.features, np.array(answers, bool))


def _evidence(index: Index, question: str, passages: Sequence[Passage], way: Way) -> Evidence:
    if way == "words":
        return read_words(understand(question), passages, index.encoder)
    return read(understand(question), passages, _reader())


@functools.cache
def _reader() -> "Remembering":
    reader = load_span_reader()
    if reader is None:
        sys.exit("there is no span reader: run tests.eval.training.train first")
    return Remembering(reader)


class Remembering(SpanReader):
    """A reader that reads a passage once for a question, in whatever way that is asked."""

    def __init__(self, reader: SpanReader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str, str], Reading] = {}

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read what is new."""
        keys = [(question, context_of(passage), passage.text) for passage in passages]
        new = {k: p for k, p in zip(keys, passages, strict=True) if k not in self._known}
        if len(self._known) > 200:
            self._known.clear()
            new = dict(zip(keys, passages, strict=True))
        readings = self._reader.read(question, list(new.values()))
        self._known.update(zip(new, readings, strict=True))
        return [self._known[key] for key in keys]


def _without_answer(passage: Passage, item: Asked) -> Passage:
    if passage.article_id not in item.articles:
        return passage
    kept = [
        passage.text[start:end]
        for start, end in sentence_spans(passage.text)
        if not any(gold in passage.text[start:end] for gold in item.golds)
    ]
    return dataclasses.replace(passage, text="".join(kept))


def fit(data: Sequence[Example], names: Sequence[str], unused: set[str]) -> Fitted:
    """Fit the sentence model, and the calibration of its best score; the bound is still open."""
    columns = [i for i, name in enumerate(names) if name not in unused]
    data = [example for example in data if len(example.features)]
    rows = np.vstack([e.features for e in data])[:, columns]
    labels = np.concatenate([e.answers for e in data])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(scaler.transform(rows), labels)
    weights = np.zeros(len(names))
    weights[columns] = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights[columns] * scaler.mean_).sum())
    fitted = Fitted(weights, bias, 1.0, 0.0, 0.0)
    # Passages without their answering sentence are harder than life: they teach, but how likely
    # an answer is, is learned from whole passages.
    whole = [example for example in data if example.kind != "hard"]
    best = np.array([fitted.scores(e).max() for e in whole])
    right = np.array([e.answers[fitted.scores(e).argmax()] for e in whole])
    platt = LogisticRegression(C=1e6).fit(best[:, None], right)
    return fitted._replace(slope=float(platt.coef_[0, 0]), intercept=float(platt.intercept_[0]))


def with_bound(fitted: Fitted, data: Sequence[Example], refused: float) -> Fitted:
    """Choose the bound that refuses a share of the answerable questions, or more."""
    answerable = [example for example in data if example.kind == "answerable"]
    bound = float(np.quantile(fitted.confidence(answerable), refused))
    return fitted._replace(bound=max(bound, LEAST_CONFIDENCE))


def report(fitted: Fitted, data: Sequence[Example]) -> dict[str, float]:
    """Return how often the best sentence answers, and how well refusals are told."""
    answerable = [example for example in data if example.kind == "answerable"]
    orders = [(e, np.argsort(-fitted.scores(e))) for e in answerable]
    yes = fitted.confidence(answerable)
    right = [e.answers[order[:1]].any() for e, order in orders]
    figures = {
        "questions": len(answerable),
        "best_sentence_answers": np.mean(right),
        "one_of_three_answers": np.mean([e.answers[order[:3]].any() for e, order in orders]),
        "answerable_refused": np.mean(yes < fitted.bound),
        "calibration_error": _calibration_error_of(fitted, data),
    }
    for kind in ("hard", "easy", "miss"):
        no = fitted.confidence([example for example in data if example.kind == kind])
        if len(no):
            truth = np.r_[np.ones(len(yes)), np.zeros(len(no))]
            figures[f"{kind}_auroc"] = roc_auc_score(truth, np.r_[yes, no])
            figures[f"{kind}_refused"] = np.mean(no < fitted.bound)
            # At the bound that would refuse this set's own share of the answerable.
            figures[f"{kind}_refused_at_tenth"] = np.mean(no < np.quantile(yes, REFUSED))
    return {name: round(float(value), 3) for name, value in figures.items()}


def _calibration_error_of(fitted: Fitted, data: Sequence[Example]) -> float:
    whole = [e for e in data if e.kind != "hard" and len(e.features)]
    right = np.array([e.answers[fitted.scores(e).argmax()] for e in whole])
    return _calibration_error(fitted.confidence(whole), right)


def _calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(
        sum(
            abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        )
    )


def encyclopedia(path: Path, way: Way, questions: int) -> list[Example]:
    """Read a question set and compute examples of some of it."""
    articles, labelled, _ = read_questions(path)
    random.Random(7).shuffle(labelled)
    asked = [
        Asked(item.question, item.golds, frozenset([item.article_id]))
        for item in labelled[:questions]
    ]
    with tempfile.TemporaryDirectory() as folder:
        index_articles(articles, folder)
        return examples(load_index(folder), asked, way)


def news(
    path: Path, index: Index, way: Way, part: str | None = None, is_chinese: bool = True
) -> list[Example]:
    """Compute examples of news questions in one language, asked of the whole collection."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [
        Asked(
            line["question"],
            tuple(line["answers"]),
            frozenset([line["article"], *line.get("also", [])]),
        )
        for line in lines
        if (part is None or line["part"] == part)
        and understand(line["question"]).is_chinese == is_chinese
    ]
    return examples(index, asked, way)


def english(data: Path, way: Way, half: int) -> list[Example]:
    """Compute examples of the English questions on ``xquad_zh``, every second one."""
    path = HERE.parent / "english_questions.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    articles, _, _ = read_questions(data / "xquad_zh.json")
    asked = [
        Asked(q["question"], tuple(q["answers"]), frozenset([articles[q["context_index"]].id]))
        for q in questions["questions"]
    ] + [Asked(q["question"], (), frozenset()) for q in questions["unanswerable"]]
    with tempfile.TemporaryDirectory() as folder:
        index_articles(articles, folder)
        return examples(load_index(folder), asked[half::2], way)


def question_sets(
    data: Path, collection: Index, way: Way, is_chinese: bool
) -> tuple[list[Example], dict[str, list[Example]]]:
    """Return the examples to fit and choose on, and the sets that are only reported."""
    ours, selection = HERE.parent / "news_questions.jsonl", HERE / "news_selection.jsonl"
    of_news = functools.partial(news, index=collection, way=way, is_chinese=is_chinese)
    if is_chinese:
        selected = encyclopedia(data / "xquad_zh.json", way, 400)
        reported = {"report: cmrc2018_trial": encyclopedia(data / "cmrc2018_trial.json", way, 300)}
    else:
        selected = english(data, way, half=0)
        reported = {"report: English on xquad_zh": english(data, way, half=1)}
    selected += of_news(selection) + of_news(ours, part="select")
    reported["report: news"] = of_news(ours, part="report")
    unseen = "blind" if is_chinese else "english"
    reported[f"report: news, {unseen}"] = of_news(ours, part=unseen)
    return selected, reported


def main(
    data: Path,
    index: Annotated[Path | None, typer.Option(help="Keep the news index here.")] = None,
) -> None:
    """Fit both ways of weighing, choose their bounds, and write them with their figures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = index or Path(temporary)
        rebuild([data / "news"], index=folder)
        collection = load_index(folder)
        models: dict[str, Fitted] = {}
        figures: dict[str, dict[str, float]] = {}
        for model, (way, is_chinese, unused) in MODELS.items():
            selected, reported = question_sets(data, collection, way, is_chinese)
            models[model] = with_bound(fit(selected, FEATURES[way], unused), selected, REFUSED)
            for which, found in {"selection": selected, **reported}.items():
                figures[f"{model}; {which}"] = report(models[model], found)
    written = {
        "models": {name: _as_json(MODELS[name][0], fitted) for name, fitted in models.items()},
        "figures": figures,
    }
    WEIGHING.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    typer.echo(json.dumps(figures, indent=1))


def _as_json(way: Way, fitted: Fitted) -> dict[str, object]:
    return {
        "weights": {
            feature: round(float(weight), 4)
            for feature, weight in zip(FEATURES[way], fitted.weights, strict=True)
        },
        "bias": round(fitted.bias, 4),
        "slope": round(fitted.slope, 4),
        "intercept": round(fitted.intercept, 4),
        "bound": round(fitted.bound, 4),
    }


if __name__ == "__main__":
    typer.run(main)
