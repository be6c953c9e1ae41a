"""Figures that are written in English words."""

import pytest

from qa.claims.numerals import find_numerals


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("three hundred and fifty firms", [350]),
        ("three hundred fifty-six firms", [356]),
        ("a hundred and one nights", [101]),
        ("two thousand three hundred and forty-five", [2345]),
        ("two thousand and twenty", [2020]),
        ("five hundred thousand yuan", [500_000]),
        ("one hundred and twenty thousand people", [120_000]),
        ("one million two hundred thousand", [1_200_000]),
        ("between one hundred and two hundred", [100, 200]),
        ("three hundred firms and fifty schools", [300, 50]),
        ("of three hundred, fifty were checked", [300, 50]),
        ("three million and five million", [3_000_000, 5_000_000]),
        ("one hundred and fifty percent", [150]),
        ("two dozen and five", [24, 5]),
        ("fifty", [50]),
    ],
)
def test_what_is_added_to_hundreds_belongs_to_them(text: str, values: list[int]) -> None:
    assert [numeral.value for numeral in find_numerals(text)] == values


def test_roughly_so_many_hundreds() -> None:
    [numeral] = find_numerals("more than three hundred and fifty firms")
    assert (numeral.low, numeral.end) == (350, len("more than three hundred and fifty"))
    assert 350 < numeral.high < 400
