import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.readers.bylines import names, split_byline, split_photo_credit
from embeddings.readers.cleaning import clean_headline, clean_text, join_lines


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("案件 1433 个， 按期结案率\n100%", "案件1433个，按期结案率\n100%"),
        ("有 力 开 展 “能力作风建设年 ” 活动", "有力开展“能力作风建设年”活动"),
        ("7 月 18 日 ， 示范区", "7月18日，示范区"),
        ("\ufffd\ufffd本报讯", "本报讯"),
        ("用 Python 写成， 共 3 万行", "用 Python 写成，共3万行"),
        ("The council  met on 3 May.", "The council met on 3 May."),
        ("一段\n\n \n二段", "一段\n二段"),
        ("零\u200b宽\u202e反转\x00", "零宽反转"),
        ("全角\u3000空格", "全角空格"),
        ("水.gif{display:none;top:0}.gif i:after{color:#fff;content:'G';}退了", "水退了"),
        ("集合{甲：乙;}和{a: 1}", "集合{甲：乙;}和{a: 1}"),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text(max_size=200))
def test_cleaning_is_idempotent_and_keeps_every_letter(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert [c for c in text if c.isalnum()] == [c for c in once if c.isalnum()]


def test_a_headline_keeps_the_gap_between_its_phrases() -> None:
    assert clean_headline("高起点谋划  大手笔实施") == "高起点谋划 大手笔实施"
    assert clean_headline("示范区 召开 推进会") == "示范区召开推进会"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["负起责任、主动作", "为"], "负起责任、主动作为"),
        (["增长 12.", "5%，占 35", "%"], "增长 12.5%，占 35%"),
        (["用 Visual", "Basic 写成"], "用 Visual Basic 写成"),
        (["the city", "council met"], "the city council met"),
        (["in 2022", "the city"], "in 2022 the city"),
        (["on July", "18, 2022"], "on July 18, 2022"),
        (["who?", "They"], "who? They"),
        (["(WHO)", "said"], "(WHO) said"),
        (["well-", "known"], "well-known"),
    ],
)
def test_wrapped_lines_are_joined_by_script(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("opening", "authors", "rest"),
    [
        ("本报讯 （记者 王小明） 近日，", ("王小明",), "近日，"),
        ("本报讯 （记者 王小明 文/图 ）7 月", ("王小明",), "7 月"),
        ("本报讯 （记者 王小明 通讯员 李红红） 会", ("王小明", "李红红"), "会"),
        ("本报讯（记者王小明、李红 通讯员赵大）会", ("王小明", "李红", "赵大"), "会"),
        ("本报讯 （记者 王 明 李 红） 会", ("王明", "李红"), "会"),
        ("本报讯 近日，", (), "近日，"),
        ("近日，记者从会上获悉", (), "近日，记者从会上获悉"),
    ],
)
def test_bylines(opening: str, authors: tuple[str, ...], rest: str) -> None:
    assert split_byline(opening) == (authors, rest)


@pytest.mark.parametrize(
    ("line", "photographers"),
    [
        ("记者 滕小生 摄", ("滕小生",)),
        ("（本报记者 王小明 摄）", ("王小明",)),
        ("王小明/摄", ("王小明",)),
        ("记者 王小明 李红 摄影报道", ("王小明", "李红")),
        ("会议要求统筹兼摄。", ()),
    ],
)
def test_photo_credits(line: str, photographers: tuple[str, ...]) -> None:
    assert split_photo_credit(line) == photographers


def test_names_are_listed_once() -> None:
    assert names("记者 王小明 摄影 王小明") == ("王小明",)
