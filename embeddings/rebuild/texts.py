"""The texts that are encoded and posted for the chunks of articles, and their keys."""

from importlib import metadata

from embeddings.chunks import chunk_article, context_line
from embeddings.corpus_writer import pack_terms
from embeddings.fingerprint import Fingerprint
from embeddings.tokens import VERSION, simplify_characters, terms
from embeddings.types import Article, Chunk

_LIBRARIES = ("jieba", "opencc")


def encoded_text(article: Article, chunk: Chunk) -> str:
    """Return what is encoded and posted for a chunk: its text, with its article's context.

    It is in Simplified characters, as questions are: so the script makes no difference.
    """
    context = context_line(article)
    return simplify_characters(f"{context}\n{chunk.text}" if context else chunk.text)


def terms_of(article: Article) -> dict[int, bytes]:
    """Return the packed terms of an article's encoded texts by their keys."""
    texts = [encoded_text(article, chunk) for chunk in chunk_article(article)]
    return {text_key(text): pack_terms(" ".join(terms(text))) for text in texts}


def terms_version() -> str:
    """Return what changes when the same text may give other terms, be it for a library."""
    return " ".join([VERSION, *(f"{name}-{metadata.version(name)}" for name in _LIBRARIES)])


def text_key(text: str) -> int:
    """Return the key of an encoded text: 64 bits of its digest."""
    fingerprint = Fingerprint()
    fingerprint.add(text)
    return int(fingerprint)
