"""Turns text into the terms that postings are made of.

Chinese has no spaces, and no single cut serves all questions: words are precise but miss what
the dictionary lacks, single characters and their bigrams miss nothing but are vague. All three
are posted. Traditional and Simplified, full-width and half-width forms become the same terms.
"""

import functools
import logging
import re
import threading
import unicodedata
from typing import Any

VERSION = "tokens-1"
"""Part of the index fingerprint: raise when the same text gives other terms."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:[.,]\d+)*")
_IS_HAN = re.compile(rf"[{_HAN}]")
_MAX_TERM = 64
"""Longest posted term in characters: the rest of a longer run is noise."""

_jieba_lock = threading.Lock()


def simplify(text: str) -> str:
    """Return ``text`` in NFKC, lower case and Simplified characters."""
    normal = unicodedata.normalize("NFKC", text).lower()
    return str(_converter().convert(normal))


def simplify_characters(text: str) -> str:
    """Return ``text`` in Simplified characters, each in its old place.

    Phrases change length in a few cases; then each character is converted by itself.
    """
    converted = str(_converter().convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(_simplified_character(character) for character in text)


def terms(text: str) -> list[str]:
    """Return the terms of ``text``, repeated as often as they occur.

    Single Chinese characters, their bigrams, jieba's words (so that a bigram which is a word
    counts twice), and whole runs of other letters and digits.
    """
    found: list[str] = []
    for match in _RUN.finditer(simplify(text)):
        run = match.group()
        if not _IS_HAN.match(run):
            found.append(run[:_MAX_TERM])
            continue
        found.extend(run)
        found.extend(run[i : i + 2] for i in range(len(run) - 1))
        found.extend(word for word in words(run) if len(word) > 1)
    return found


def words(text: str) -> list[str]:
    """Return jieba's words of ``text``, finer ones inside long ones included."""
    return list(word_cutter().cut_for_search(text))


def word_frequency(word: str) -> int:
    """Return how often jieba's corpus of some 60 million words has a word; 0 if never."""
    return int(word_cutter().FREQ.get(word) or 0)


@functools.lru_cache(maxsize=8192)
def _simplified_character(character: str) -> str:
    converted = str(_converter().convert(character))
    return converted if len(converted) == 1 else character


def word_cutter() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's tokenizer with its dictionary loaded; it is shared."""
    with _jieba_lock:  # of several threads that come first, one loads it
        return _loaded_jieba()


@functools.cache
def _loaded_jieba() -> Any:  # noqa: ANN401 - jieba has no types
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@functools.cache
def _converter() -> Any:  # noqa: ANN401 - opencc has no types
    import opencc

    return opencc.OpenCC("t2s")
