"""LlamaIndex: VectorStoreIndex with its default SentenceSplitter, on the same model."""

from llama_index.core import Document, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from tests.eval.bench.job import Found, Job


class LlamaIndex:
    """The retriever alone; the model gets the prompts it was trained with."""

    packages = ("llama-index-core", "llama-index-embeddings-huggingface")

    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbedding(
            model_name=model,
            device="cpu",
            query_instruction="query: ",
            text_instruction="passage: ",
        )

    def index(self, job: Job) -> None:
        """Cut and encode the articles."""
        documents = [
            Document(
                text=article.text,
                metadata={"article": article.article},
                # An id is nothing to be encoded with the text.
                excluded_embed_metadata_keys=["article"],
                excluded_llm_metadata_keys=["article"],
            )
            for article in job.articles
        ]
        self._index = VectorStoreIndex.from_documents(documents, embed_model=self._embeddings)

    def search(self, question: str, depth: int) -> list[Found]:
        """Return the nearest nodes."""
        nodes = self._index.as_retriever(similarity_top_k=depth).retrieve(question)
        return [Found((node.metadata["article"],), node.get_content()) for node in nodes]
