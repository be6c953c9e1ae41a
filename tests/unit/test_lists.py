"""Approximate search, at sizes made small for it."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from embeddings import lists
from embeddings.dense import DenseIndex
from embeddings.lists import RECALL, SearchPlan, open_lists, plan_search
from embeddings.types import Vectors
from embeddings.vectors import VectorRows, open_vectors
from tests.conftest import dense_index

COUNT, DIMENSION = 6000, 32


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Vectors in loose groups, as those of news are."""
    chance = np.random.default_rng(0)
    middles = chance.normal(size=(60, DIMENSION))
    made = middles[chance.integers(60, size=COUNT)] + chance.normal(size=(COUNT, DIMENSION))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float16).astype(np.float32)


@pytest.fixture
def index(vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    monkeypatch.setattr(lists, "SCANNED", 1000)
    return dense_index(vectors, tmp_path)


def questions(vectors: Vectors, count: int) -> Vectors:
    near = vectors[np.random.default_rng(7).choice(len(vectors), count)]
    away = np.random.default_rng(8).normal(size=near.shape) / DIMENSION**0.5
    asked: Vectors = (near + 0.5 * away).astype(np.float32)
    return asked


def planned(folder: Path, vectors: Vectors) -> SearchPlan:
    return plan_search(
        folder / "vectors.faiss", folder / "lists.faiss", lambda count: questions(vectors, count)
    )


def test_few_vectors_are_scanned(vectors: Vectors, tmp_path: Path) -> None:
    dense_index(vectors[:500], tmp_path)
    plan = planned(tmp_path, vectors)
    assert (plan.kind, plan.recall_at_10) == ("flat", 1.0)
    assert "500" in plan.why and not (tmp_path / "lists.faiss").exists()


def test_the_plan_tells_what_was_measured(
    index: DenseIndex, vectors: Vectors, tmp_path: Path
) -> None:
    plan = planned(tmp_path, vectors)
    assert plan.kind == "lists" and plan.recall_at_10 >= RECALL and plan.measured_on == 200
    assert 0 < plan.probes <= plan.lists
    found = 0
    chance = np.random.default_rng(5)
    for row in chance.choice(COUNT, 100, replace=False):
        asked = vectors[row] + 0.5 * chance.normal(size=DIMENSION) / DIMENSION**0.5
        exact = np.argsort(-(vectors @ asked))[:10]
        rows, scores = index.search(asked, 10)
        assert scores == pytest.approx(vectors[rows] @ asked, abs=1e-5)
        assert np.all(np.diff(scores) <= 0)
        found += len(set(rows.tolist()) & set(exact.tolist()))
    assert found / 1000 >= 0.95


def test_half_as_many_lists_would_not_do(
    index: DenseIndex, vectors: Vectors, tmp_path: Path
) -> None:
    plan = planned(tmp_path, vectors)
    opened = faiss.read_index(str(tmp_path / "lists.faiss"))
    path = tmp_path / "vectors.faiss"
    rows = VectorRows(path, open_vectors(path))
    recalls = []
    for probes in (plan.probes // 2, plan.probes):
        few, found = lists.Lists(opened, rows, probes), 0
        for asked in questions(vectors, plan.measured_on):
            exact = np.argsort(-(vectors @ asked))[:10]
            found += len(set(few.search(asked, 10)[0].tolist()) & set(exact.tolist()))
        recalls.append(found / (10 * plan.measured_on))
    assert recalls[0] < RECALL
    assert recalls[1] == pytest.approx(plan.recall_at_10, abs=0.005)


@pytest.mark.parametrize("part", [3, 900, 1800, 4000])
def test_a_part_is_searched_among_its_rows(
    index: DenseIndex, vectors: Vectors, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.dense._GATHERED", 100)
    chance = np.random.default_rng(part)
    among = np.sort(chance.choice(COUNT, part, replace=False))
    asked = vectors[17] + 0.1 * vectors[99]
    rows, scores = index.search(asked, 10, among)
    best = np.sort(vectors[among] @ asked)[::-1][:10]
    assert set(rows.tolist()) <= set(among.tolist())
    if part <= 1800:  # exact: the lists are not asked
        assert scores == pytest.approx(best, abs=1e-5)
    else:
        assert (scores >= best[-1] - 1e-5).sum() >= 9


def test_lists_of_other_vectors_are_refused(
    index: DenseIndex, vectors: Vectors, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    dense_index(vectors[:2000], tmp_path / "other")
    plan = SearchPlan(kind="lists", why="", lists=64, probes=8)
    with pytest.raises(RuntimeError, match="does not belong"):
        open_lists(tmp_path / "lists.faiss", tmp_path / "other" / "vectors.faiss", plan)


def test_faiss_is_not_given_lists_that_lie_about_their_lengths(
    index: DenseIndex, vectors: Vectors, tmp_path: Path
) -> None:
    path, rows = tmp_path / "lists.faiss", tmp_path / "vectors.faiss"
    plan = planned(tmp_path, vectors)
    whole, chance = path.read_bytes(), np.random.default_rng(3)
    inside = COUNT * (DIMENSION + 8)
    for at in chance.integers(len(whole) - inside, size=20):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << int(chance.integers(8))
        path.write_bytes(damaged)
        with pytest.raises(RuntimeError, match="does not belong"):
            open_lists(path, rows, plan)
    for length in chance.integers(len(whole), size=5):
        path.write_bytes(whole[:length])
        with pytest.raises(RuntimeError):
            open_lists(path, rows, plan)


def test_rows_that_do_not_exist_are_not_read(
    index: DenseIndex, vectors: Vectors, tmp_path: Path
) -> None:
    path, rows = tmp_path / "lists.faiss", tmp_path / "vectors.faiss"
    plan = planned(tmp_path, vectors)
    damaged = bytearray(path.read_bytes())
    # codes and row numbers, which may say anything
    inside = COUNT * (DIMENSION + 8)
    damaged[-inside:] = np.random.default_rng(4).bytes(inside)
    path.write_bytes(damaged)
    with pytest.raises(IndexError):
        for row in range(20):
            open_lists(path, rows, plan).search(vectors[row], 100)
