"""What a rebuild need not make again, found by the key of the encoded text.

That is vectors, if the encoder is the same, and terms, if they are still made alike.
"""

from dataclasses import dataclass
from typing import NamedTuple

from embeddings.chunks import chunk_article
from embeddings.index import LocalIndex
from embeddings.rebuild.encoded import EncodedStore
from embeddings.rebuild.texts import encoded_text, text_key
from embeddings.types import Article, Chunk


class Cut(NamedTuple):
    """A chunk of an article on its way into a snapshot.

    Attributes:
        key: That of its encoded text.
        old: The row of the live snapshot that has the same encoded text, or None.
        text: The encoded text, where it may be needed.
    """

    chunk: Chunk
    key: int
    old: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be made again.

    Attributes:
        encoded: Vectors of interrupted rebuilds.
        index: The live snapshot, or None.
        has_vectors: Whether its vectors are the encoder's.
        has_terms: Whether its terms are made as terms are now.
        has_chunks: Whether its articles are cut into chunks as they are now.
    """

    encoded: EncodedStore
    index: LocalIndex | None = None
    has_vectors: bool = False
    has_terms: bool = False
    has_chunks: bool = False

    def chunks(self, article: Article) -> list[Cut] | None:
        """Return the chunks of an article that the live snapshot has just as it is.

        They lack their texts, so there are none where terms have to be made of these.
        """
        if self.index is None or not (self.has_chunks and self.has_terms):
            return None
        corpus = self.index.corpus
        position = corpus.position(article.id)
        if position is None or corpus.article_at(position) != article:
            return None
        rows = self.index.rows_of(position)
        return [
            Cut(chunk, key, row)
            for row, (chunk, key) in zip(rows, corpus.chunks(article, rows), strict=True)
        ]

    def cut(self, article: Article) -> list[Cut]:
        """Cut an article into chunks."""
        cuts = []
        for chunk in chunk_article(article):
            text = encoded_text(article, chunk)
            key = text_key(text)
            row = self.index.corpus.row_of_key(key) if self.index is not None else None
            cuts.append(Cut(chunk, key, row, text))
        return cuts
