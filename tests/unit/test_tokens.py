import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.tokens import _ASKING, join_spaced_names, query_terms, simplify, terms


def test_traditional_and_simplified_give_the_same_terms() -> None:
    assert terms("示範區紀委檢查企業") == terms("示范区纪委检查企业")


def test_full_width_and_case_make_no_difference() -> None:
    assert terms("ＣＯＶＩＤ－１９　检测３６家") == terms("covid-19 检测36家")


def test_words_bigrams_and_characters_are_all_there() -> None:
    found = terms("篮球邀请赛")
    assert {"篮", "球", "篮球", "球邀", "邀请赛"} <= set(found)


def test_a_figure_with_decimals_is_one_term() -> None:
    assert "1.5" in terms("增长1.5%")


@given(st.text(max_size=200))
def test_terms_never_hold_white_space(text: str) -> None:
    # they are posted separated by spaces
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))


@pytest.mark.parametrize(
    ("spaced", "joined"),
    [
        ("记者 王 伟 报道", "记者王伟报道"),
        ("张 三 丰", "张三丰"),
        ("王 小明", "王小明"),
        ("全市动员 决战决胜", "全市动员 决战决胜"),
        ("第 3 版", "第 3 版"),
        ("COVID 19", "COVID 19"),
    ],
)
def test_spaces_beside_a_lone_character_are_stray(spaced: str, joined: str) -> None:
    assert join_spaced_names(spaced) == joined


def test_a_name_with_spaces_finds_the_name() -> None:
    assert "王伟" in query_terms("王　伟何时当选？")
    assert "王伟" in terms("本报记者 王 伟")


def test_what_only_asks_is_not_looked_for() -> None:
    asked = query_terms("示范区纪委检查了多少家企业？")
    assert "多少" not in asked and "少家" not in asked
    assert asked["企业"] > asked["企"]


def test_a_question_of_question_words_still_looks_for_something() -> None:
    assert "什么" in query_terms("什么？")


@given(st.text(max_size=60))
def test_whatever_a_text_is_asked_with_can_be_posted(text: str) -> None:
    assert query_terms(text).keys() <= set(terms(text)) | set(terms(_without_asking(text)))
    assert all(weight > 0 for weight in query_terms(text).values())


def _without_asking(text: str) -> str:
    return _ASKING.sub(" ", simplify(text))
