import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.fusion import DENSE_WEIGHT, LEXICAL_WEIGHT, fuse

_HITS = st.dictionaries(
    st.integers(0, 40), st.floats(0, 50, allow_nan=False, width=32), max_size=20
)


def hits(found: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(list(found), np.int64), np.array(list(found.values()), np.float32)


@given(_HITS, _HITS, st.randoms())
def test_order_of_the_inputs_does_not_matter(
    dense: dict[int, float], lexical: dict[int, float], random: object
) -> None:
    fused = fuse(hits(dense), hits(lexical))
    shuffled = dict(reversed(dense.items())), dict(reversed(lexical.items()))
    assert fuse(hits(shuffled[0]), hits(shuffled[1])) == fused
    assert {row for row, _ in fused} == dense.keys() | lexical.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in fused)
    assert fused == sorted(fused, key=lambda hit: (-hit[1], hit[0]))


def test_a_lone_hit_is_not_scaled_to_nothing() -> None:
    assert fuse(hits({3: 0.8}), hits({})) == [(3, pytest.approx(DENSE_WEIGHT))]
    assert fuse(hits({}), hits({3: 7.0})) == [(3, pytest.approx(LEXICAL_WEIGHT))]


def test_equal_scores_keep_row_order() -> None:
    assert [row for row, _ in fuse(hits({9: 0.5, 2: 0.5}), hits({}))] == [2, 9]


def test_no_hits_at_all() -> None:
    assert fuse(hits({}), hits({})) == []


def test_scaling_follows_the_formula() -> None:
    fused = dict(fuse(hits({1: 0.9, 2: 0.8, 3: 0.7}), hits({2: 10.0, 3: 5.0})))
    assert fused[1] == pytest.approx(DENSE_WEIGHT)
    assert fused[2] == pytest.approx(0.5 * DENSE_WEIGHT + LEXICAL_WEIGHT, abs=1e-6)
    assert fused[3] == pytest.approx(0.5 * LEXICAL_WEIGHT)


def test_the_last_of_a_full_list_marks_the_lexical_zero() -> None:
    fused = dict(fuse(hits({}), hits({1: 10.0, 2: 6.0}), depth=2))
    assert fused[1] == pytest.approx(LEXICAL_WEIGHT)
    assert fused[2] == 0.0
