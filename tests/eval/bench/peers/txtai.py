"""txtai's hybrid search: dense and BM25 with its defaults, over Wenbao's chunks.

txtai leaves cutting to its user; the model gets the prompts it was trained with.
"""

from txtai import Embeddings

from tests.eval.bench.job import Found, Job


class Txtai:
    """An embeddings database with content."""

    packages = ("txtai",)

    def __init__(self, model: str) -> None:
        self._embeddings = Embeddings(
            path=model,
            hybrid=True,
            content=True,
            gpu=False,
            instructions={"query": "query: ", "data": "passage: "},
        )

    def index(self, job: Job) -> None:
        """Take in the chunks."""
        self._chunks = job.chunks
        self._embeddings.index((row, chunk.text) for row, chunk in enumerate(job.chunks))

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the best chunks."""
        rows = [int(hit["id"]) for hit in self._embeddings.search(question, depth)]
        return [Found((self._chunks[row].article,), self._chunks[row].text) for row in rows]
