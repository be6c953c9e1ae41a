"""Words are cut and tagged with the trie as jieba does with its own dictionary."""

import logging
from pathlib import Path

import jieba
import pytest
from jieba import posseg

from embeddings import dictionary
from embeddings.dictionary import word_cutter, word_tagger
from embeddings.readers import read_paths
from embeddings.tokens import word_frequency


@pytest.fixture(scope="module")
def plain() -> jieba.Tokenizer:
    """Return jieba as it comes."""
    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@pytest.fixture(scope="module")
def sentences(seeds: Path) -> list[str]:
    articles, _skipped = read_paths([seeds])
    return [line for article in articles for line in article.text.split("。")]


def test_words_are_jiebas(plain: jieba.Tokenizer, sentences: list[str]) -> None:
    assert len(sentences) > 50
    for sentence in sentences:
        assert list(word_cutter().cut(sentence)) == list(plain.cut(sentence))
        found = list(word_cutter().cut_for_search(sentence))
        assert found == list(plain.cut_for_search(sentence))


def test_tags_are_jiebas(plain: jieba.Tokenizer, sentences: list[str]) -> None:
    tagger = posseg.POSTokenizer(plain)
    for sentence in sentences:
        assert list(word_tagger().cut(sentence)) == list(tagger.cut(sentence))


def test_frequencies_are_jiebas(plain: jieba.Tokenizer) -> None:
    plain.initialize()
    assert word_cutter().total == plain.total
    for word in ["的", "高兴", "中华人民", "中华人民共", "没有这个词的", "𠮷"]:
        assert word_frequency(word) == (plain.FREQ.get(word) or 0)
        assert (word in word_cutter().FREQ) == (word in plain.FREQ)


def test_a_damaged_or_missing_trie_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENBAO_CACHE", str(tmp_path))
    load = dictionary._trie.__wrapped__
    made = load()["高兴"]
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:5000] + b"?" + whole[5001:])
    assert load()["高兴"] == made
    assert path.read_bytes() == whole
    assert load()["高兴"] == made


def test_without_a_cache_there_are_words_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WENBAO_CACHE", str(tmp_path / "file" / "cache"))
    assert dictionary._trie.__wrapped__()["高兴"]


def test_what_was_read_is_forgotten_when_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "_REMEMBERED", 3)
    frequencies = dictionary._Frequencies(dictionary._trie())
    words = ["的", "高兴", "人民", "中华", "没有这个词的"]
    assert [word in frequencies for word in words * 2] == [True, True, True, True, False] * 2
    assert len(frequencies) <= 3
