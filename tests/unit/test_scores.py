import dataclasses

import pytest

from embeddings.types import Passage, Reprint
from qa.scores import answer_rank, article_rank, exact_match, f1, percentile


def passage(rank: int, article_id: str, text: str) -> Passage:
    return Passage(rank, 1.0, text, article_id, None, (), None, "a.txt", 0, len(text))


RANKING = [passage(1, "a", "甲36家"), passage(2, "a", "乙"), passage(3, "b", "丙9个")]


def test_articles_are_ranked_once() -> None:
    assert article_rank(RANKING, "a") == 1
    assert article_rank(RANKING, "b") == 2
    assert article_rank(RANKING, "c") is None


def test_a_reprint_ranks_with_the_article_it_is_listed_with() -> None:
    reprint = Reprint("c", None, (), None, "c.txt", 0, 5)
    ranking = [*RANKING[:2], dataclasses.replace(RANKING[2], reprints=(reprint,))]
    assert article_rank(ranking, "c") == article_rank(ranking, "b") == 2
    assert answer_rank(ranking, "c", ["9个"]) == 3


def test_an_answer_counts_in_the_right_article_only() -> None:
    assert answer_rank(RANKING, "a", ["36家"]) == 1
    assert answer_rank(RANKING, "b", ["36家"]) is None
    assert answer_rank(RANKING, "b", ["9个"]) == 3


@pytest.mark.parametrize(
    ("prediction", "gold", "em", "expected"),
    [
        ("36家", "36 家", 1.0, 1.0),
        ("36家", "36家。", 1.0, 1.0),
        ("共36家企业", "36家", 0.0, 2 * (2 / 5) * 1 / (2 / 5 + 1)),
        ("", "36家", 0.0, 0.0),
        ("New York", "new york", 1.0, 1.0),
    ],
)
def test_exact_match_and_f1(prediction: str, gold: str, em: float, expected: float) -> None:
    assert exact_match(prediction, [gold]) == em
    assert f1(prediction, [gold]) == pytest.approx(expected)


def test_the_best_gold_counts() -> None:
    assert exact_match("乙", ["甲", "乙"]) == 1.0
    assert f1("乙", ["甲", "乙"]) == 1.0


def test_percentiles() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([1], 0.95) == 1
    assert percentile([], 0.5) == 0.0
