"""Fits the sentence reader's weights: ``python tests/eval/fit_reader.py ../shared/data``.

Weights are fitted on ``drcd_dev`` (as it is, and in Simplified characters), the bound is chosen
on ``xquad_zh``, and the figures printed last are on ``cmrc2018_trial``, which takes no part in
any choice. Questions in English: half of ``english_questions.json`` fits, half reports.

Each question is asked three times: as it is; with the sentences that answer it taken away (hard:
everything else is still there); and with its whole article taken away (easy).
"""

import dataclasses
import functools
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import opencc
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from embeddings import Index, load_index
from embeddings.rebuild import index_articles
from embeddings.sentences import sentence_spans
from embeddings.types import Article, Encoder, Passage, Progress, Vectors, no_progress
from qa.answer import PASSAGES
from qa.evaluate import Labelled, read_questions
from qa.question import understand
from qa.reader import FEATURES, read

HERE = Path(__file__).resolve().parent
REFUSED = 0.10
"""Share of answerable questions that the bound may refuse on the selection set."""
NOWHERE = "nowhere"
"""Stands for the article of a question that none answers."""
LEXICAL = (
    "words", "words_around", "words_in_passage", "rarest_missing", "names_missing", "unit", "kind",
)  # fmt: skip
"""Features that tell nothing where question and text are in different scripts."""

Kind = Literal["answerable", "hard", "easy"]


class Example(NamedTuple):
    """One question asked in one of three ways."""

    kind: Kind
    features: NDArray[np.float64]
    answers: NDArray[np.bool_]


def examples(articles: Sequence[Article], labelled: Sequence[Labelled]) -> list[Example]:
    """Retrieve for each question and compute its sentences' features."""
    with tempfile.TemporaryDirectory() as folder:
        index_articles(articles, folder)
        index = load_index(folder)
        return [example for item in labelled for example in _three_ways(index, item)]


def _three_ways(index: Index, item: Labelled) -> Iterator[Example]:
    passages = index.search(item.question, 3 * PASSAGES)
    yield from _example("answerable", index, item, passages[:PASSAGES])
    without_answer = [_without_answer(p, item) for p in passages[:PASSAGES]]
    yield from _example("hard", index, item, [p for p in without_answer if p.text])
    others = [p for p in passages if p.article_id != item.article_id]
    yield from _example("easy", index, item, others[:PASSAGES])


def _example(
    kind: Kind, index: Index, item: Labelled, passages: Sequence[Passage]
) -> Iterator[Example]:
    sentences, features = read(understand(item.question), passages, _remembering(index.encoder))
    if sentences:
        answers = [
            s.passage.article_id == item.article_id and any(gold in s.text for gold in item.golds)
            for s in sentences
        ]
        yield Example(kind, features, np.array(answers) & (kind == "answerable"))


def _without_answer(passage: Passage, item: Labelled) -> Passage:
    if passage.article_id != item.article_id:
        return passage
    kept = [
        passage.text[start:end]
        for start, end in sentence_spans(passage.text)
        if not any(gold in passage.text[start:end] for gold in item.golds)
    ]
    return dataclasses.replace(passage, text="".join(kept))


@functools.lru_cache
def _remembering(encoder: Encoder) -> "_Remembering":
    return _Remembering(encoder)


class _Remembering:
    """An encoder that encodes a sentence once, however many questions meet it."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension = encoder.dimension
        self.encode_queries = encoder.encode_queries
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode_documents(new), strict=True))
        return np.array([self._known[text] for text in texts])


def fit(data: Sequence[Example], columns: Sequence[int]) -> dict[str, object]:
    """Fit the sentence model and the calibration of its best score."""
    rows = np.vstack([e.features for e in data])[:, columns]
    labels = np.concatenate([e.answers for e in data])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(scaler.transform(rows), labels)
    used = model.coef_[0] / scaler.scale_
    weights = np.zeros(len(FEATURES))
    weights[list(columns)] = used
    bias = float(model.intercept_[0] - (used * scaler.mean_).sum())
    best = np.array([(e.features @ weights + bias).max() for e in data])
    right = np.array([e.answers[(e.features @ weights).argmax()] for e in data])
    platt = LogisticRegression(C=1e6).fit(best[:, None], right)
    return {
        "weights": {f: round(float(w), 4) for f, w in zip(FEATURES, weights, strict=True)},
        "bias": round(bias, 4),
        "slope": round(float(platt.coef_[0, 0]), 4),
        "intercept": round(float(platt.intercept_[0]), 4),
    }


def confidences(fitted: dict[str, object], data: Sequence[Example], kind: Kind) -> np.ndarray:
    """Return the best sentence's confidence for each example of a kind."""
    weights = np.array([fitted["weights"][f] for f in FEATURES])  # type: ignore[index]
    best = np.array([(e.features @ weights).max() for e in data if e.kind == kind])
    return 1 / (1 + np.exp(-(fitted["slope"] * (best + fitted["bias"]) + fitted["intercept"])))  # type: ignore[operator]


def report(fitted: dict[str, object], data: Sequence[Example]) -> dict[str, float]:
    """Return how often the best sentence answers, and how well refusals are told."""
    weights = np.array([fitted["weights"][f] for f in FEATURES])  # type: ignore[index]
    first, three = [], []
    for e in data:
        if e.kind == "answerable":
            order = np.argsort(-(e.features @ weights))
            first.append(e.answers[order[0]])
            three.append(e.answers[order[:3]].any())
    yes = confidences(fitted, data, "answerable")
    figures = {
        "questions": len(first),
        "best_sentence_answers": np.mean(first),
        "one_of_three_answers": np.mean(three),
        "answerable_refused": np.mean(yes < fitted["bound"]),  # type: ignore[operator]
    }
    for kind in ("hard", "easy"):
        no = confidences(fitted, data, kind)
        truth = np.r_[np.ones(len(yes)), np.zeros(len(no))]
        figures[f"{kind}_auroc"] = roc_auc_score(truth, np.r_[yes, no])
        figures[f"{kind}_refused"] = np.mean(no < fitted["bound"])  # type: ignore[operator]
    return {name: round(float(value), 3) for name, value in figures.items()}


def load(path: Path, contexts: int, questions: int, simplified: bool = False) -> list[Example]:
    """Read a question set and compute examples of some of it."""
    articles, labelled, _ = read_questions(path)
    articles = articles[:contexts]
    known = {article.id for article in articles}
    labelled = [item for item in labelled if item.article_id in known]
    random.Random(7).shuffle(labelled)
    labelled = labelled[:questions]
    if simplified:
        convert = opencc.OpenCC("t2s").convert
        articles = [dataclasses.replace(a, text=convert(a.text)) for a in articles]
        labelled = [
            Labelled(convert(i.question), tuple(convert(g) for g in i.golds), i.article_id)
            for i in labelled
        ]
    return examples(articles, labelled)


def load_english(xquad: Path) -> tuple[list[Example], list[Example]]:
    """Return examples of the English questions: those to fit on, those to report on."""
    data = json.loads((HERE / "english_questions.json").read_text(encoding="utf-8"))
    articles, _, _ = read_questions(xquad)
    labelled = [
        Labelled(q["question"], tuple(q["answers"]), articles[q["context_index"]].id)
        for q in data["questions"]
    ] + [Labelled(q["question"], ("\0",), NOWHERE) for q in data["unanswerable"]]
    found = []
    for half in (0, 1):
        half_of_them = labelled[half::2]
        answerable = [item for item in half_of_them if item.article_id != NOWHERE]
        others = [item for item in half_of_them if item.article_id == NOWHERE]
        nothing = [e for e in examples(articles, others) if e.kind == "easy"]
        found.append(examples(articles, answerable) + nothing)
    return found[0], found[1]


def main() -> None:
    """Fit, choose the bounds, write ``qa/reader.json`` and print the reported figures."""
    data = Path(sys.argv[1])
    everything = range(len(FEATURES))
    tuning = load(data / "drcd_dev.json", 400, 500) + load(
        data / "drcd_dev.json", 400, 500, simplified=True
    )
    selection = load(data / "xquad_zh.json", 240, 500)
    chinese = fit(tuning, list(everything))
    chinese["bound"] = round(
        float(np.quantile(confidences(chinese, selection, "answerable"), REFUSED)), 4
    )
    english_fit, english_report = load_english(data / "xquad_zh.json")
    columns = [i for i in everything if FEATURES[i] not in LEXICAL]
    other = fit(english_fit, columns)
    other["bound"] = round(
        float(np.quantile(confidences(other, english_fit, "answerable"), REFUSED)), 4
    )
    reported = {
        "fit: drcd_dev": report(chinese, tuning),
        "selection: xquad_zh": report(chinese, selection),
        "report: cmrc2018_trial": report(chinese, load(data / "cmrc2018_trial.json", 256, 500)),
        "english, fit half": report(other, english_fit),
        "english, report half": report(other, english_report),
    }
    models = {"models": {"chinese": chinese, "other": other}, "figures": reported}
    path = HERE.parents[1] / "qa" / "reader.json"
    path.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(models, indent=1) + "\n")


if __name__ == "__main__":
    main()
