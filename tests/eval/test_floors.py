"""Floors of quality on a fixed sample, so that a regression is seen the day it is made.

The whole set gives a point more or less than the sample: ``wenbao evaluate`` measures it.
"""

from pathlib import Path

from qa.evaluate import evaluate

SAMPLE = 120
MRR = 0.96
ANSWER_IN_FIRST = 0.80
ANSWER_IN_FIVE = 0.95
WRONGLY_REFUSED = 0.15


def test_retrieval_and_answers_on_cmrc2018_trial(shared: Path) -> None:
    measured = evaluate(shared / "data" / "cmrc2018_trial.json", limit=SAMPLE)
    assert measured.questions == SAMPLE
    assert measured.contexts == 256
    assert measured.mrr_at_10 >= MRR
    assert measured.answer_recall_at_1 >= ANSWER_IN_FIRST
    assert measured.answer_recall_at_5 >= ANSWER_IN_FIVE
    assert measured.abstained <= WRONGLY_REFUSED
