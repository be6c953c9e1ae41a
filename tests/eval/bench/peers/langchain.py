"""LangChain: RecursiveCharacterTextSplitter and FAISS, as its documentation puts them together.

Chunks of 300 characters with an overlap of 30, cut at the marks that its documentation
recommends for languages without spaces: better for Chinese than its defaults, and of the size of
Wenbao's, so that neither is shown more text. The model gets the prompts it was trained with.
"""

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from tests.eval.bench.job import Found, Job

_SEPARATORS = ["\n\n", "\n", " ", ".", ",", "\u200b", "，", "、", "．", "。", ""]


class LangChain:
    """The vector store alone: what a retrieval chain would be given."""

    packages = ("langchain-community", "langchain-text-splitters", "langchain-huggingface")

    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbeddings(
            model_name=model,
            model_kwargs={"device": "cpu", "local_files_only": True},
            encode_kwargs={"normalize_embeddings": True, "prompt_name": "document"},
            query_encode_kwargs={"normalize_embeddings": True, "prompt_name": "query"},
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=300, chunk_overlap=30, separators=_SEPARATORS
        )

    def index(self, job: Job) -> None:
        """Cut and encode the articles."""
        articles = [
            Document(page_content=article.text, metadata={"article": article.article})
            for article in job.articles
        ]
        chunks = self._splitter.split_documents(articles)
        self._store = FAISS.from_documents(chunks, self._embeddings)

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the nearest documents."""
        documents = self._store.similarity_search(question, k=depth)
        return [Found((one.metadata["article"],), one.page_content) for one in documents]
