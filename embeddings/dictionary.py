"""jieba with its dictionary as a trie, of which only what a text needs is read.

By itself jieba unmarshals half a million entries into memory, from a copy in the system's shared
temporary folder, and reads the dictionary again for its tags: that takes most of a second and
trusts a file that anybody may have written. The trie is kept in Wenbao's cache.
"""

import contextlib
import functools
import hashlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

from marisa_trie import RecordTrie

from embeddings.kept import keep
from embeddings.settings import Settings

_VERSION = 1
"""Part of the file's name: raise when the trie's records change."""
_RECORD = "<I4s"
"""A word's frequency, 0 for what only begins words, and its tag."""
_TOTAL = "\n"
"""The key under which the sum of all frequencies is kept; no word has it."""
_REMEMBERED = 500_000
"""Entries, as many as jieba's dictionary has, after which those that were read are forgotten."""

_loading = threading.Lock()


def word_cutter() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's tokenizer; it is shared."""
    with _loading:  # of several threads that come first, one loads it
        return _cutter()


def word_tagger() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's tokenizer that tells parts of speech; it is shared."""
    with _loading:
        return _tagger()


class _Read(dict[str, Any]):
    """What a trie tells of the words that were asked for; None for those it does not have."""

    def __init__(self, trie: RecordTrie) -> None:
        super().__init__()
        self._trie = trie

    def of_record(self, frequency: int, tag: bytes) -> Any:  # noqa: ANN401
        raise NotImplementedError

    def __missing__(self, word: str) -> Any:  # noqa: ANN401
        if len(self) >= _REMEMBERED:
            self.clear()
        records = self._trie.get(word)
        self[word] = value = self.of_record(*records[0]) if records else None
        return value

    def __contains__(self, word: object) -> bool:
        return self[word] is not None  # type: ignore[index]

    def get(self, word: str, default: Any = None) -> Any:  # noqa: ANN401
        value = self[word]
        return default if value is None else value


class _Frequencies(_Read):
    def of_record(self, frequency: int, tag: bytes) -> int:
        return frequency


class _Tags(_Read):
    def of_record(self, frequency: int, tag: bytes) -> str | None:
        return tag.rstrip(b"\0").decode("ascii") or None


@functools.cache
def _trie() -> RecordTrie:
    import jieba

    path = Settings().cache / f"jieba-{jieba.__version__}-{_VERSION}.trie"
    with contextlib.suppress(OSError):
        kept = path.read_bytes()
        digest, content = kept[:32], kept[32:]
        if hashlib.sha256(content).digest() == digest:
            return RecordTrie(_RECORD).frombytes(content)
    trie = RecordTrie(_RECORD, _records(jieba.dt.get_dict_file()))
    content = trie.tobytes()
    keep(path, hashlib.sha256(content).digest() + content)
    return trie


def _records(dictionary: Any) -> Iterator[tuple[str, tuple[int, bytes]]]:  # noqa: ANN401
    """Yield the entries of jieba's dictionary, and those that only begin others."""
    entries: dict[str, tuple[int, bytes]] = {}
    total = 0
    with dictionary:
        for line in dictionary:
            word, frequency, tag = line.decode("utf-8").split()
            entries[word] = (int(frequency), tag.encode("ascii"))
            total += int(frequency)
            for end in range(1, len(word)):
                entries.setdefault(word[:end], (0, b""))
    yield from entries.items()
    yield _TOTAL, (total, b"")


@functools.cache
def _cutter() -> Any:  # noqa: ANN401 - jieba has no types
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = _Frequencies(_trie())
    tokenizer.total = tokenizer.FREQ[_TOTAL]
    tokenizer.initialized = True
    return tokenizer


@functools.cache
def _tagger() -> Any:  # noqa: ANN401 - jieba has no types
    from jieba import posseg

    class Tagger(posseg.POSTokenizer):  # type: ignore[misc]
        def load_word_tag(self, _dictionary: Any) -> None:  # noqa: ANN401
            _dictionary.close()
            self.word_tag_tab = _Tags(_trie())

    return Tagger(_cutter())
