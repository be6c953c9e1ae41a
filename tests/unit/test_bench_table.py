"""The benchmark's own arithmetic; the systems are run by ``make bench`` only."""

from pathlib import Path

import pytest

from embeddings.types import Passage
from qa.scores import answer_rank as passage_answer_rank
from qa.scores import article_rank as passage_article_rank
from tests.eval.bench import job as jobs
from tests.eval.bench.job import Found, Job, Outcome, Text
from tests.eval.bench.table import Gold, answer_rank, article_rank, headings, row, within

FOUND = (
    Found(("a",), "甲36家"),
    Found(("a",), "乙"),
    Found(("b", "c"), "丙" * 300 + "9个"),
)


@pytest.mark.parametrize("gold", [Gold("a", ("36家",)), Gold("b", ("9个",)), Gold("x", ("乙",))])
def test_ranks_are_those_of_evaluate(gold: Gold) -> None:
    passages = [
        Passage(n, 1.0, one.text, one.articles[0], None, (), None, "", 0, 1)
        for n, one in enumerate(FOUND, start=1)
    ]
    assert article_rank(FOUND, gold) == passage_article_rank(passages, gold.article)
    assert answer_rank(FOUND, gold) == passage_answer_rank(passages, gold.article, gold.answers)


def test_an_answer_beyond_what_is_shown_does_not_count() -> None:
    gold = Gold("c", ("9个",))
    assert (article_rank(FOUND, gold), answer_rank(FOUND, gold)) == (2, 3)
    assert answer_rank(FOUND, gold, shown=300) is None


def test_shares() -> None:
    assert within([1, 5, 6, None], 5) == 0.5


def test_a_row_has_a_value_for_each_column() -> None:
    golds = [Gold("a", ("36家",)), Gold("c", ("9个",))]
    outcome = Outcome(("x==1",), 2.0, (1.0, 3.0), (FOUND, FOUND), 100.4)
    line = row("Wenbao", outcome, None, golds)
    assert line.count("|") == headings()[0].count("|")
    assert line == (
        "| Wenbao | 0.7500 | 0.5000 | 1.0000 | 0.5000 | 0.5000 "
        "| 2.0 | 3.0 | 3.0 | 100 | 102 | 0.5000 | 1.0000 |"
    )
    shown = Outcome((), 2.0, (1.0, 3.0), (FOUND[:1], FOUND[:1]), 100.4)
    assert row("Wenbao", shown, outcome, golds).split("|")[2:7] == line.split("|")[2:7]
    assert row("other", None, None, golds) == "| other | failed |"


def test_what_is_handed_over_comes_out_the_same(tmp_path: Path) -> None:
    job = Job((Text("a", "文"),), (Text("a", "文"),), ("问？",), "model", 5)
    jobs.write_job(tmp_path / "job", job)
    assert jobs.read_job(tmp_path / "job") == job
    outcome = Outcome(("x==1",), 2.0, (1.0,), (FOUND,), 100.4)
    jobs.write_outcome(tmp_path / "outcome", outcome)
    assert jobs.read_outcome(tmp_path / "outcome") == outcome
