"""How a question and a passage become one sequence of tokens."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import bundled
from embeddings.settings import Settings
from embeddings.tokenizer import Tokenizer, load_tokenizer
from qa.pairs import MAX_TOKENS, encode_pairs


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    folder: Path = bundled.ensure_model_folder(Settings().cache)
    return load_tokenizer(folder / "tokenizer.json")


def test_spans_are_of_the_text_alone(tokenizer: Tokenizer) -> None:
    text = "7 月 18 日，区纪委检查了36家企业，发现 9 个问题。"
    (pair,) = encode_pairs(tokenizer, "查了几家？", [("区纪委检查企业 2022-07-19", text)])
    assert "".join(text[span.start : span.end] for span in pair.spans) == text
    assert len(pair.ids) == pair.body + len(pair.spans) + 1


def test_an_answer_is_found_again(tokenizer: Tokenizer) -> None:
    text = "区纪委检查了36家企业，发现 9 个问题。"
    (pair,) = encode_pairs(tokenizer, "查了几家？", [("", text)])
    place = pair.tokens_of(text.index("36"), text.index("36") + 3)
    assert place is not None
    first, last = (pair.spans[i - pair.body] for i in place)
    assert text[first.start : last.end] == "36家"


def test_of_a_long_question_its_end_is_read(tokenizer: Tokenizer) -> None:
    (pair,) = encode_pairs(tokenizer, "前情提要。" * 40 + "谁带的队？", [("", "区长带队。")])
    assert "谁带的队" in tokenizer.whole().decode(pair.ids).replace(" ", "")


def test_both_scripts_give_the_same_input(tokenizer: Tokenizer) -> None:
    traditional = encode_pairs(tokenizer, "籃球賽幾點開始？", [("", "籃球賽下午三點開始。")])
    simplified = encode_pairs(tokenizer, "篮球赛几点开始？", [("", "篮球赛下午三点开始。")])
    assert traditional == simplified


def test_long_text_is_cut_at_its_end(tokenizer: Tokenizer) -> None:
    (pair,) = encode_pairs(tokenizer, "谁？" * 500, [("标题", "很长的文章。" * 500)])
    assert len(pair.ids) <= MAX_TOKENS
    assert pair.spans[0].start == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=200))
def test_any_text_can_be_read(tokenizer: Tokenizer, question: str, context: str, text: str) -> None:
    (pair,) = encode_pairs(tokenizer, question, [(context, text)])
    assert pair.body + len(pair.spans) <= len(pair.ids)
    assert all(0 <= span.start <= span.end <= len(text) for span in pair.spans)
