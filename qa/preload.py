"""Loads what answers need before anybody asks: models, dictionary and tokenizers."""

import contextlib

from embeddings import load_index
from embeddings.address import IndexAddress
from embeddings.dictionary import word_tagger
from embeddings.errors import WenbaoError
from embeddings.tokenizer import read_whole_tokenizers
from qa.spans import load_span_reader


def load_models(index: str | IndexAddress | None) -> None:
    """Load encoder and reader ahead of time; if that fails, whoever asks will be told."""
    with contextlib.suppress(WenbaoError):
        _ = load_index(index).encoder
        load_span_reader()


def load_all(index: IndexAddress) -> None:
    """Load what any question may need of an index, so that none waits for it."""
    load_models(index)
    word_tagger()
    read_whole_tokenizers()
