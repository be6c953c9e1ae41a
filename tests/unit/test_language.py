"""Which language a text is in, whatever the names in it are written in."""

import pytest

from embeddings.language import is_chinese
from embeddings.tokens import query_terms


@pytest.mark.parametrize(
    "text",
    [
        "谁去了市場？",
        "WTO 什么时候成立的",
        "NBA 总冠军 2023",
        "iPhone 15 价格",
        "iPhone 15 Pro 什么时候开卖",
        "GPU A100 出口",
        "GPU A100 H100 出口",
        "Los Angeles Lakers 夺冠",
        "Lord of the Rings 票房",
        "乐队 The Who 的主唱",
        "who 总干事",
        "US 股市",
        "《Who Is It》谁唱的",
        "IT 和 AI is 什么",
        "“成都住房公积金”APP",
        "(GB 17790-2008)《家用和类似用途空调器安装规范》",
        "2023",
        "36%",
        "？",
        "",
    ],
)
def test_a_chinese_text_with_whatever_names_or_without_words(text: str) -> None:
    assert is_chinese(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who visited the market?",
        "How many teams took part in the 机关篮球赛?",
        "Who won the 机关篮球赛?",
        "Where is 周口国家农高区?",
        "Which team won 机关篮球赛?",
        "Tell me about 机关篮球赛",
        "Who directed 《我的祖国》?",
        "What did 李强 say about the bridge?",
        "What did 老王的 friends say about the bridge?",
        "Which team built the park inside Hefei's Yuan Bookstore (元·书局)?",
        "The 机关篮球赛 was held in the park.",
        "NBA",
        "Кто посетил рынок?",
    ],
)
def test_a_text_in_another_language_with_whatever_names(text: str) -> None:
    assert not is_chinese(text)


def test_small_english_words_are_not_looked_for_beside_a_chinese_name() -> None:
    assert {"how", "many", "in", "the"}.isdisjoint(
        query_terms("How many teams took part in the 机关篮球赛?")
    )
    assert "the" in query_terms("乐队 The Who 的主唱")
