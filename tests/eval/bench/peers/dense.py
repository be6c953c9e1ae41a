"""Dense retrieval alone: sentence-transformers and exact FAISS over Wenbao's chunks."""

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from tests.eval.bench.job import Found, Job


class Dense:
    """The model with its own prompts, cosine, nothing else."""

    packages = ("sentence-transformers", "torch", "faiss-cpu")

    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model, device="cpu", local_files_only=True)

    def index(self, job: Job) -> None:
        """Encode the chunks."""
        self._chunks = job.chunks
        vectors = self._model.encode_document(
            [chunk.text for chunk in job.chunks], normalize_embeddings=True
        )
        self._faiss = faiss.IndexFlatIP(vectors.shape[1])
        self._faiss.add(np.ascontiguousarray(vectors))

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the nearest chunks."""
        vector = self._model.encode_query([question], normalize_embeddings=True)
        _scores, rows = self._faiss.search(vector, min(depth, len(self._chunks)))
        chunks = [self._chunks[row] for row in rows[0]]
        return [Found((chunk.article,), chunk.text) for chunk in chunks]
