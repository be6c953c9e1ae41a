import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.chunks import MAXIMUM, chunk_article, context_line
from embeddings.sentences import sentence_spans
from embeddings.types import Article

_ALPHABET = st.sampled_from("示范区召开会议，。！？；”“’》）…\n \t3.5aB、\U00020000")
_TEXTS = st.one_of(st.text(_ALPHABET, max_size=1500), st.text(max_size=300))


def article(text: str) -> Article:
    return Article("a", None, None, (), None, None, "a.txt", "article", text)


@given(_TEXTS)
def test_chunks_are_slices_and_cover_every_visible_character(text: str) -> None:
    chunks = chunk_article(article(text))
    covered = [0] * len(text)
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        assert chunk.text == chunk.text.strip()
        assert 0 < len(chunk.text) <= MAXIMUM
        for position in range(chunk.start, chunk.end):
            covered[position] += 1
    assert all(
        count == 1 or (count == 0 and character.isspace())
        for count, character in zip(covered, text, strict=True)
    )
    assert [c.start for c in chunks] == sorted(c.start for c in chunks)


@given(_TEXTS)
def test_sentences_cover_every_visible_character_once(text: str) -> None:
    spans = sentence_spans(text)
    joined = "".join(text[start:end] for start, end in spans)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会议开了。有人问：“完了吗？”没有。", ["会议开了。", "有人问：“完了吗？”", "没有。"]),
        ("产值3.5亿元，增长2.1%。", ["产值3.5亿元，增长2.1%。"]),
        (
            "It rose by 3.5 million. The mayor spoke.",
            ["It rose by 3.5 million.", "The mayor spoke."],
        ),
        ("第一段没有句号\n第二段", ["第一段没有句号", "第二段"]),
        ("要统一思想；要压实责任……好！", ["要统一思想；", "要压实责任……", "好！"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


def test_chunks_end_at_sentence_ends_and_leave_no_tiny_rest() -> None:
    text = "这个句子正好有二十个字，写在这里作测试。" * 27
    chunks = chunk_article(article(text))
    assert all(chunk.text.endswith("。") for chunk in chunks)
    assert min(len(chunk.text) for chunk in chunks) >= 100


def test_a_sentence_longer_than_a_chunk_is_cut_after_a_clause() -> None:
    text = "，".join(["检查组走访了三十六家企业"] * 60)
    chunks = chunk_article(article(text))
    assert len(chunks) > 2
    assert all(chunk.text.endswith("，") for chunk in chunks[:-1])


def test_empty_text_has_no_chunk() -> None:
    assert chunk_article(article(" \n ")) == []


def test_context_line_carries_what_is_known() -> None:
    full = Article("a", "标题", "引题", ("甲",), None, "要闻", "a.txt", "article", "文")
    assert context_line(full) == "标题 引题 要闻 甲"
    assert context_line(article("文")) == ""
