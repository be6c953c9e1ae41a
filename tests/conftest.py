"""Fixtures that every kind of test uses."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import Index, load_index
from embeddings import index as index_module
from embeddings.dense import DenseIndex
from embeddings.encoder import EncoderIdentity
from embeddings.lists import plan_search
from embeddings.rebuild import index_articles, pipeline
from embeddings.sparse import SparseIndex, SparseWriter
from embeddings.types import Article, Progress, Vectors, no_progress
from embeddings.vectors import VectorWriter

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"


class BigramEncoder:
    """A visible function of its text: each character pair adds to one of 64 places."""

    dimension = 64

    def __init__(self, name: str = "bigrams", fingerprint: str = "bigrams-1") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, 64)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        self.encoded.extend(texts)
        progress("encode", len(texts), len(texts))
        return self.encode_queries(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for i in range(len(text) - 1):
            place = hashlib.sha256(text[i : i + 2].encode("utf-8", "replace")).digest()[0] % 64
            vector[place] += 1
        return vector / max(1e-9, float(np.linalg.norm(vector)))


def make_article(text: str, article_id: str = "a", headline: str | None = None) -> Article:
    return Article(article_id, headline, None, (), None, None, f"{article_id}.txt", "article", text)


def finish(work: Coroutine[Any, Any, None], within: float = 10) -> None:
    """Run work to its end in a thread of its own: Playwright's loop may be running in this one.

    Args:
        work: What is to be done.
        within: Seconds that it may take.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(work, within))).result()


def sparse_index(documents: Iterable[Sequence[str]], folder: Path) -> SparseIndex:
    """Write the postings of documents, each its terms, as a snapshot does, and open them."""
    writer = SparseWriter(folder, memory=64_000_000)
    for document in documents:
        writer.add(" ".join(document))
    writer.finish()
    return SparseIndex.open(folder)


def dense_index(vectors: Vectors, folder: Path) -> DenseIndex:
    """Write vectors as a snapshot does, rows out of order, and open them."""
    writer = VectorWriter(folder / "vectors.faiss", vectors.shape[1])
    rows = np.arange(len(vectors))
    for part in (rows[1::2], rows[::2]):
        writer.write(part, vectors[part])
    writer.finish(len(vectors))
    plan = plan_search(folder / "vectors.faiss", folder / "lists.faiss", lambda n: vectors[:n])
    return DenseIndex.open(folder / "vectors.faiss", folder / "lists.faiss", plan)


@pytest.fixture
def bigram_encoder(monkeypatch: pytest.MonkeyPatch) -> BigramEncoder:
    """Make every index in the test use an encoder that costs nothing."""
    encoder = BigramEncoder()
    monkeypatch.setattr(pipeline, "load_encoder", lambda model=None: encoder)
    monkeypatch.setattr(
        pipeline,
        "encoder_identity",
        lambda model=None: EncoderIdentity(encoder.name, encoder.fingerprint),
    )
    monkeypatch.setattr(index_module, "load_encoder", lambda model=None: encoder)
    return encoder


@pytest.fixture(scope="session")
def seeds() -> Path:
    return CHECKOUT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared data are not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def seeds_index(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of ``seeds/`` with the bundled model."""
    folder = tmp_path_factory.mktemp("seeds-index")
    pipeline.rebuild([seeds], folder)
    return folder


@pytest.fixture
def index_of(tmp_path: Path, bigram_encoder: BigramEncoder) -> Callable[[Sequence[Article]], Index]:
    def build(articles: Sequence[Article]) -> Index:
        index_articles(articles, tmp_path / "index")
        return load_index(tmp_path / "index")

    return build
