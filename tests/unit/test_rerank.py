"""Passages that were read are put in order by retrieval and reader together."""

from embeddings.types import Passage
from qa.rerank import SPAN_WEIGHT, rerank


def passage(rank: int, score: float) -> Passage:
    return Passage(
        rank=rank,
        score=score,
        text="文",
        article_id=str(rank),
        headline=None,
        authors=(),
        date=None,
        source="a.txt",
        start=0,
        end=1,
    )


def test_a_span_outweighs_a_small_lead() -> None:
    first, second = passage(1, 0.80), passage(2, 0.79)
    reranked = rerank([first, second], [-5.0, 5.0])
    assert [(p.article_id, p.rank, p.score) for p in reranked] == [("2", 1, 0.79), ("1", 2, 0.80)]


def test_a_span_does_not_outweigh_a_large_lead() -> None:
    first, second = passage(1, 0.9), passage(2, 0.9 - 10.1 * SPAN_WEIGHT)
    assert [p.article_id for p in rerank([first, second], [0.0, 10.0])] == ["1", "2"]


def test_what_was_not_read_comes_last() -> None:
    passages = [passage(1, 0.8), passage(2, 0.7), passage(3, 0.6)]
    assert [p.article_id for p in rerank(passages, [-5.0, 5.0])] == ["2", "1", "3"]
    assert [p.rank for p in rerank(passages, [-5.0, 5.0])] == [1, 2, 3]


def test_equals_keep_their_order() -> None:
    passages = [passage(rank, 0.5) for rank in (1, 2, 3)]
    assert rerank(passages, [1.0, 1.0, 1.0]) == tuple(passages)
