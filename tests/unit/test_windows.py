from hypothesis import given
from hypothesis import strategies as st

from embeddings.chunks import MAXIMUM, chunk_article
from embeddings.sentences import Span, sentence_spans
from embeddings.windows import LIMIT, widen
from tests.conftest import make_article

_TEXTS = st.text(st.sampled_from("示范区开会，。！？”\n 3.5a"), min_size=1, max_size=1200)


@given(_TEXTS, st.data())
def test_a_window_holds_its_chunk_and_ends_where_sentences_do(
    text: str, data: st.DataObject
) -> None:
    chunks = chunk_article(make_article(text))
    if not chunks:
        return
    chunk = data.draw(st.sampled_from(chunks))
    window = widen(text, Span(chunk.start, chunk.end))
    assert 0 <= window.start <= chunk.start < chunk.end <= window.end <= len(text)
    assert window.end - window.start <= LIMIT
    sentences = sentence_spans(text)
    assert window.start in {chunk.start, *(s.start for s in sentences)}
    assert window.end in {chunk.end, *(s.end for s in sentences)}


def test_a_chunk_is_never_longer_than_a_passage() -> None:
    assert MAXIMUM <= LIMIT


def test_what_is_shown_already_is_not_repeated() -> None:
    text = "甲" * 99 + "。" + "乙" * 99 + "。" + "丙" * 99 + "。" + "丁" * 99 + "。"
    assert widen(text, Span(100, 200)) == Span(100, 400)
    assert widen(text, Span(100, 200), [Span(200, 400)]) == Span(0, 200)
    assert widen(text, Span(100, 200), [Span(0, 100), Span(200, 400)]) == Span(100, 200)


def test_a_short_article_is_shown_whole() -> None:
    text = "第一句。第二句。第三句。"
    assert widen(text, Span(4, 8)) == Span(0, len(text))


def test_a_sentence_that_was_cut_for_length_is_joined_where_there_is_room() -> None:
    text = "甲" * 150 + "，" + "乙" * 100 + "。"
    assert widen(text, Span(151, 252)) == Span(0, 252)
    assert widen(text, Span(151, 252), limit=200) == Span(151, 252)
