"""Wenbao itself: its search, and its passages in the order in which an answer shows them."""

import tempfile
from collections.abc import Sequence

from embeddings import load_index
from embeddings.encoder import load_encoder
from embeddings.rebuild import index_articles
from embeddings.types import Article, Passage
from qa import ask
from qa.spans import load_span_reader
from tests.eval.bench.job import Found, Job


class Search:
    """``retrieve``: dense and lexical hits, fused."""

    packages: tuple[str, ...] = ("onnxruntime", "faiss-cpu", "tantivy")

    def __init__(self, model: str) -> None:
        self._model = model
        load_encoder(model)

    def index(self, job: Job) -> None:
        """Cut, encode and post the articles, and write a snapshot."""
        self._folder = tempfile.TemporaryDirectory(prefix="wenbao-bench-")
        articles = [_article(text.article, text.text) for text in job.articles]
        index_articles(articles, self._folder.name, self._model)
        self._index = load_index(self._folder.name)

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the best passages."""
        return _found(self._index.search(question, depth))


class Ask(Search):
    """``ask``: the passages that were read for the answer first, in the reader's order."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        load_span_reader()

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the passages that an answer shows."""
        return _found(ask(question, index=self._index).passages)


def _article(article_id: str, text: str) -> Article:
    return Article(article_id, None, None, (), None, None, article_id, "article", text)


def _found(passages: Sequence[Passage]) -> list[Found]:
    return [
        Found((one.article_id, *(reprint.article_id for reprint in one.reprints)), one.text)
        for one in passages
    ]
