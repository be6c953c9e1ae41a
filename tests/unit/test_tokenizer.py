"""Tokenizers are read once and shared; long sequences are cut at their end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from embeddings.tokenizer import cut_off, load_tokenizer, save_tokenizer


@pytest.fixture
def tokenizer() -> Tokenizer:
    """Return a tokenizer that pads and truncates, with a vocabulary no other test has."""
    made = Tokenizer(models.WordLevel({"问": 0, "报": 1, "[UNK]": 2}, unk_token="[UNK]"))
    made.enable_padding(length=8)
    made.enable_truncation(4)
    return made


def test_equal_files_are_read_once(tokenizer: Tokenizer, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    save_tokenizer(tokenizer, one)
    save_tokenizer(Tokenizer.from_file(str(one)), other)
    assert one.read_bytes() == other.read_bytes()
    assert load_tokenizer(one) is load_tokenizer(other)


def test_a_file_that_pads_and_truncates_is_read_without(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    loaded = load_tokenizer(path)
    assert loaded.padding is None
    assert loaded.truncation is None


@given(st.lists(st.integers(), min_size=1, max_size=12), st.integers(1, 12))
def test_the_closing_token_stays(ids: list[int], limit: int) -> None:
    cut = cut_off(ids, limit)
    assert len(cut) == min(len(ids), limit)
    assert cut[-1] == ids[-1]
    assert cut[:-1] == ids[: len(cut) - 1]
