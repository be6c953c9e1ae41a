from hypothesis import given
from hypothesis import strategies as st

from embeddings.tokens import terms


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
