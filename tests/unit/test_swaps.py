"""How wrong passages are made for the reader's training."""

import random

from tests.eval.training.swaps import Pools, about_another, pools_of, rival_of

POOLS = pools_of(
    ["上海有多少家企业？", "北京的市长是谁？", "广州在哪里？"], ["北京", "上海", "王小明", "李强"]
)
SENTENCE = "2019年，上海新开了36家工厂。"


def test_a_question_is_asked_about_another_year() -> None:
    other = about_another("2019年上海新开了多少家工厂？", SENTENCE, POOLS, random.Random(1))
    assert other is not None
    assert "2019" not in other
    assert other.endswith("年上海新开了多少家工厂？")


def test_a_question_that_names_nothing_of_the_text_stays() -> None:
    assert about_another("有多少家工厂？", SENTENCE, POOLS, random.Random(1)) is None


def test_a_rival_says_the_same_of_another_with_another_answer() -> None:
    rivals = {rival("上海新开了多少家工厂？", "36家", seed) for seed in range(30)} - {None}
    assert rivals
    for found in rivals:
        assert found is not None
        assert "上海" not in found
        assert "36家" not in found
        assert found.startswith("2019年，")
        assert found.endswith("家工厂。")


def test_some_rivals_have_a_name_that_differs_in_one_character() -> None:
    rivals = {rival("上海新开了多少家工厂？", "36家", seed) for seed in range(30)} - {None}
    assert any(found and ("上" in found) != ("海" in found) for found in rivals)


def test_an_answer_in_chinese_figures_becomes_another_figure() -> None:
    text = "上海开了三家店。"
    rivals = [
        rival_of(text, "上海开了几家店？", "三家", text, POOLS, random.Random(seed))
        for seed in range(30)
    ]
    found = {rival for rival in rivals if rival is not None}
    assert found
    assert all("三家" not in rival and rival.endswith("家店。") for rival in found)


def test_there_is_no_rival_of_a_sentence_that_shares_no_name_with_the_question() -> None:
    assert rival("一共新开了多少家工厂？", "36家", 1) is None


def test_there_is_no_rival_where_no_other_answer_is_known() -> None:
    none = Pools(POOLS.names, {})
    text = "上海的市长是王小明。"
    assert rival_of(text, "上海的市长是谁？", "王小明", text, none, random.Random(1)) is None


def rival(question: str, answer: str, seed: int) -> str | None:
    return rival_of(SENTENCE, question, answer, SENTENCE, POOLS, random.Random(seed))
