"""Tokenizers are read once and shared, a part of a large one first; long sequences are cut."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from embeddings import bundled
from embeddings.settings import Settings
from embeddings.tokenizer import Tokenizer as OwnTokenizer
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
    assert loaded.whole().padding is None
    assert loaded.whole().truncation is None


@pytest.fixture(scope="module")
def bundled_file() -> Path:
    folder: Path = bundled.ensure_model_folder(Settings().cache)
    return folder / "tokenizer.json"


@pytest.fixture(scope="module")
def whole(bundled_file: Path) -> Tokenizer:
    return Tokenizer.from_file(str(bundled_file))


@pytest.fixture(scope="module")
def part(bundled_file: Path, tmp_path_factory: pytest.TempPathFactory) -> OwnTokenizer:
    """Return the bundled tokenizer as it is when its part was written before."""
    file = tmp_path_factory.mktemp("part") / "part.json"
    content = bundled_file.read_bytes()
    OwnTokenizer(content, file)
    assert file.stat().st_size < len(content) / 5
    return OwnTokenizer(content, file)


CHINESE = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x20100),
        st.sampled_from("的一是在不了有和人这中大为上个国我以要他，。！？：；“”（）《》%·—…"),
        st.sampled_from(" \n\t　0123456789０５①㈱½〇query: passage:.,-/()"),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(CHINESE, CHINESE)
def test_the_part_makes_the_tokens_of_the_whole(
    part: OwnTokenizer, whole: Tokenizer, text: str, other: str
) -> None:
    assert part._part is not None
    assume(part._part.covers(text) and part._part.covers(other))
    (found,), wanted = part.encode([text]), whole.encode(text)
    assert found == (wanted.ids, wanted.offsets, wanted.sequence_ids)
    (found,), wanted = part.encode([(text, other)]), whole.encode(text, other)
    assert found == (wanted.ids, wanted.offsets, wanted.sequence_ids)
    assert part._whole is None


def test_the_whole_is_read_for_the_first_text_that_needs_it(
    bundled_file: Path, whole: Tokenizer, tmp_path: Path
) -> None:
    OwnTokenizer(bundled_file.read_bytes(), tmp_path / "part.json")
    fresh = OwnTokenizer(bundled_file.read_bytes(), tmp_path / "part.json")
    for text in ["query: 示范区检查了 36 家企业。", "passage: 7月18日，“四保”企业"]:
        assert fresh.encode([text])[0].ids == whole.encode(text).ids
    assert fresh._whole is None
    for text in ["query: GDP增长了多少？", "прирост", "㎡", "Ａ股"]:
        assert fresh.encode([text])[0].ids == whole.encode(text).ids
    assert fresh._whole is not None


def test_a_damaged_part_is_written_again(bundled_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "cache" / "part.json"
    OwnTokenizer(bundled_file.read_bytes(), file)
    written = file.read_bytes()
    file.write_bytes(written[:1000])
    OwnTokenizer(bundled_file.read_bytes(), file)
    assert file.read_bytes() == written


@given(st.lists(st.integers(), min_size=1, max_size=12), st.integers(1, 12))
def test_the_closing_token_stays(ids: list[int], limit: int) -> None:
    cut = cut_off(ids, limit)
    assert len(cut) == min(len(ids), limit)
    assert cut[-1] == ids[-1]
    assert cut[:-1] == ids[: len(cut) - 1]
