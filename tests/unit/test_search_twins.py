"""Fast search against slow, obvious twins."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from embeddings.sparse import SparseIndex
from embeddings.tokens import query_terms, terms
from tests.conftest import dense_index, sparse_index

DOCUMENTS = [
    "示范区纪委检查企业三十六家",
    "机关篮球邀请赛开赛，五支代表队参加",
    "示范区召开疫情防控工作推进会",
    "团市委在社区成立少工委",
    "示范区示范区示范区",
]


def bm25(query: dict[str, float], documents: list[list[str]]) -> list[float]:
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        counts, score = Counter(document), 0.0
        for term, weight in query.items():
            n = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
            norm = 1.2 * (1 - 0.75 + 0.75 * len(document) / mean)
            score += weight * idf * counts[term] * 2.2 / (counts[term] + norm)
        scores.append(score)
    return scores


@pytest.mark.parametrize("question", ["示范区检查了多少家企业", "篮球赛有几支队", "社区少工委"])
def test_tantivy_scores_as_the_formula(tmp_path: Path, question: str) -> None:
    documents = [terms(text) for text in DOCUMENTS]
    index = sparse_index(documents, tmp_path / "postings")
    rows, scores = index.search(query_terms(question), 10)
    slow = bm25(query_terms(question), documents)
    found = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    for row, expected in enumerate(slow):
        # tantivy keeps document lengths in one byte, so only nearly the same
        assert found.get(row, 0.0) == pytest.approx(expected, rel=0.05)


def test_postings_survive_reopening(tmp_path: Path) -> None:
    sparse_index([terms(text) for text in DOCUMENTS], tmp_path / "postings")
    index = SparseIndex.open(tmp_path / "postings")
    assert len(index) == len(DOCUMENTS)
    assert index.search(query_terms("少工委"), 1)[0].tolist() == [3]
    assert index.document_frequency("示范区") == 3


def test_no_known_term_finds_nothing(tmp_path: Path) -> None:
    index = sparse_index([terms(text) for text in DOCUMENTS], tmp_path / "postings")
    assert len(index.search({"没有的词": 1.0}, 5)[0]) == 0
    assert len(index.search({}, 5)[0]) == 0


def test_faiss_finds_what_numpy_finds(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(300, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors.astype(np.float16).astype(np.float32)
    index = dense_index(vectors, tmp_path)
    query = vectors[7] + 0.1 * vectors[9]
    rows, scores = index.search(query, 10)
    similarity = vectors @ query
    assert rows.tolist() == np.argsort(-similarity)[:10].tolist()
    assert scores == pytest.approx(np.sort(similarity)[::-1][:10], abs=1e-5)
    assert np.array_equal(index.at(np.arange(300)), vectors)
    assert len(index.search(query, 1000)[0]) == 300
