import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.fusion import WORDS_TELL, fuse

_DENSE, _CHUNK, _ARTICLE = WORDS_TELL

_HITS = st.dictionaries(
    st.integers(0, 40), st.floats(0, 50, allow_nan=False, width=32), max_size=20
)
_ARTICLE_OF_ROW = np.arange(41) // 3


def hits(found: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(list(found), np.int64), np.array(list(found.values()), np.float32)


def fused(
    dense: dict[int, float],
    chunks: dict[int, float],
    articles: dict[int, float] | None = None,
    depth: int = 100,
) -> list[tuple[int, float]]:
    return fuse(hits(dense), hits(chunks), hits(articles or {}), _ARTICLE_OF_ROW, depth)


@given(_HITS, _HITS, st.dictionaries(st.integers(0, 13), st.floats(0, 50, width=32)))
def test_order_of_the_inputs_does_not_matter(
    dense: dict[int, float], chunks: dict[int, float], articles: dict[int, float]
) -> None:
    found = fused(dense, chunks, articles)
    backwards = [dict(reversed(side.items())) for side in (dense, chunks, articles)]
    assert fused(*backwards) == found
    assert {row for row, _ in found} == dense.keys() | chunks.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in found)
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))


def test_a_lone_hit_is_not_scaled_to_nothing() -> None:
    assert fused({3: 0.8}, {}) == [(3, pytest.approx(_DENSE))]
    assert fused({}, {3: 7.0}) == [(3, pytest.approx(_CHUNK))]


def test_equal_scores_keep_row_order() -> None:
    assert [row for row, _ in fused({9: 0.5, 2: 0.5}, {})] == [2, 9]


def test_no_hits_at_all() -> None:
    assert fused({}, {}) == []
    assert fused({}, {}, {1: 3.0}) == []


def test_no_lexical_match_leaves_the_order_of_vectors() -> None:
    assert [row for row, _ in fused({1: 0.7, 2: 0.9, 3: 0.8}, {})] == [2, 3, 1]


def test_scaling_follows_the_formula() -> None:
    found = dict(fused({1: 0.9, 2: 0.8, 3: 0.7}, {2: 10.0, 3: 5.0}, {0: 8.0, 1: 4.0}))
    assert found[1] == pytest.approx(_DENSE + _ARTICLE)
    assert found[2] == pytest.approx(0.5 * _DENSE + _CHUNK + _ARTICLE, abs=1e-6)
    assert found[3] == pytest.approx(0.5 * _CHUNK + 0.5 * _ARTICLE)


def test_the_best_on_all_sides_scores_one() -> None:
    assert fused({3: 0.9, 4: 0.1}, {3: 9.0}, {1: 9.0})[0] == (3, pytest.approx(1.0))


def test_the_last_of_a_full_list_marks_the_lexical_zero() -> None:
    found = dict(fused({}, {1: 10.0, 2: 6.0}, depth=2))
    assert found[1] == pytest.approx(_CHUNK)
    assert found[2] == 0.0


def test_of_chunks_alike_that_of_the_better_article_comes_first() -> None:
    assert [row for row, _ in fused({1: 0.5, 7: 0.5}, {1: 4.0, 7: 4.0}, {0: 2.0, 2: 9.0})] == [7, 1]


@given(_HITS, _HITS, st.dictionaries(st.integers(0, 13), st.floats(0, 50, width=32)))
def test_more_hits_leave_the_first_ones_as_they_are(
    dense: dict[int, float], chunks: dict[int, float], articles: dict[int, float]
) -> None:
    depth = 5
    first = [dict(sorted(side.items(), key=lambda h: -h[1])[:depth]) for side in (dense, chunks)]
    few = [hit for hit in fused(*first, articles, depth) if hit[1] > 0]
    many = [hit for hit in fused(dense, chunks, articles, depth) if hit[1] > 0]
    if all(len(set(side.values())) == len(side) for side in (dense, chunks)):
        assert many == few
