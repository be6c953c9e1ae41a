import pytest

from qa.items import listed_names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("甲、乙和丙", ["甲", "乙", "丙"]),
        ("北京、上海以及广州", ["北京", "上海", "广州"]),
        ("北京、以及上海", ["北京", "上海"]),
        ("王建国、李秀英及张三", ["王建国", "李秀英", "张三"]),
        ("迪玛利亚、伊卡尔迪和舒波莫廷", ["迪玛利亚", "伊卡尔迪", "舒波莫廷"]),
        ("故宫、颐和园和天坛", ["故宫", "颐和园", "天坛"]),
        ("北京、上海、和平区和新城区", ["北京", "上海", "和平区", "新城区"]),
        ("长江、黄河及其支流", ["长江", "黄河及其支流"]),
        ("和平区和新城区", ["和平区和新城区"]),
        ("有文昌医院、搬口医院和许湾医院", ["文昌医院", "搬口医院", "许湾医院"]),
        ("有友食品、双汇发展", ["有友食品", "双汇发展"]),
    ],
)
def test_a_list_is_cut_where_its_names_are_joined(words: str, names: list[str]) -> None:
    assert listed_names(words) == names


@pytest.mark.parametrize(
    "words",
    [
        "包头、呼和浩特",
        "包頭、呼和浩特",
        "新城区、和平区",
        "故宫、颐和园",
        "印度、埃及",
        "问天、天和",
        "张三、王和伟",
        "物流、中国物流与采购联合会",
    ],
)
def test_a_name_is_not_cut(words: str) -> None:
    assert listed_names(words) == words.split("、")
