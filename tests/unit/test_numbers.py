import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.numbers import dates, figures
from embeddings.tokens import simplify, terms


@pytest.mark.parametrize(
    ("one", "other", "form"),
    [
        ("三十六家企业", "36家企业", "36"),
        ("一千零五人", "1005人", "1005"),
        ("十五万株", "150,000株", "150000"),
        ("1.5万人", "15,000人", "15000"),
        ("3.2亿元", "320000000元", "320000000"),
        ("3千人", "三千人", "3000"),
        ("五百万元", "500万元", "5000000"),
        ("百分之三点五", "３.５％", "3.5%"),
        ("百分之百", "100%", "100%"),
        ("二〇二二年", "2022 年", "2022年"),
        ("一九九八年", "1998年", "1998年"),
        ("七月十八日", "7 月 18 日", "7月18日"),
        ("7月18号", "七月十八日", "7月18日"),
        ("第三届", "第3届", "3"),
        ("两个月", "2个月", "2"),
    ],
)
def test_two_ways_to_write_a_figure_share_a_term(one: str, other: str, form: str) -> None:
    assert form in terms(one)
    assert form in terms(other)


@pytest.mark.parametrize(
    "text",
    ["统一思想", "三明市", "三五成群", "一些", "万一", "十分", "GB15835", "covid-19", "9" * 30]
    + ["三四十个"],  # about so many
)
def test_what_is_no_figure_gives_none(text: str) -> None:
    assert list(figures(text)) == []


@given(st.integers(1, 9999))
def test_every_figure_by_place_is_read_as_its_value(value: int) -> None:
    assert list(figures(_by_place(value) + "人")) == [str(value)]


@given(st.integers(1, 12), st.integers(1, 31))
def test_every_day_is_read(month: int, day: int) -> None:
    assert f"{month}月{day}日" in dates(f"{_by_place(month)}月{_by_place(day)}日")


@given(
    st.text(st.sampled_from("零〇一二三十百千万亿点两百分之第%年月日号 0123456789.,a"), max_size=40)
)
def test_any_jumble_of_numerals_is_taken(text: str) -> None:
    assert all(form for form in (*figures(simplify(text)), *dates(simplify(text))))


def _by_place(value: int) -> str:
    """Write a value below 10,000 in Chinese, as grammars prescribe."""
    digits, written, gap = "零一二三四五六七八九", "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            written += ("零" if gap and written else "") + digits[digit] + name
            gap = False
        else:
            gap = True
    return written.removeprefix("一") if 10 <= value < 20 else written
