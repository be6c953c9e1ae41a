"""Terms as sparse vectors score as the postings of an index on this machine do."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.milvus.weights import DocumentWeights, question_vector, term_number
from tests.conftest import sparse_index


def test_inner_products_are_the_scores_of_postings(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    # lengths on both sides of 40, from where on they are rounded
    documents = [
        [f"w{word}" for word in chance.zipf(1.4, size=size).clip(max=400)]
        for size in chance.integers(1, 900, size=300)
    ]
    postings = sparse_index(documents, tmp_path / "postings")
    weights = DocumentWeights(300, sum(map(len, documents)), postings.document_frequency)
    vectors = [weights.vector(document) for document in documents]
    for number in range(40):
        asked = {f"w{word}": 0.5 + word % 3 for word in chance.integers(1, 60, size=8).tolist()}
        question = question_vector(asked)
        ours = np.array([sum(q * v.get(t, 0.0) for t, q in question.items()) for v in vectors])
        rows, scores = postings.search(asked, 300)
        assert ours[rows] == pytest.approx(scores, rel=1e-4), number
        assert np.flatnonzero(ours).tolist() == sorted(rows.tolist())


def test_a_document_without_terms_has_a_vector_that_no_question_finds() -> None:
    empty = DocumentWeights(1, 0, lambda term: 0).vector([])
    assert len(empty) == 1
    assert not empty.keys() & {term_number(f"w{number}") for number in range(10_000)}
    assert all(0 < number < 2**32 - 1 for number in map(term_number, ("", "大桥", "\ud800")))
