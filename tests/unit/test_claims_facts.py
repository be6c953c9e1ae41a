"""Figures and dates of a claim against those of its evidence."""

import datetime

import pytest

from qa.claims.dates import dates_of, told_dates
from qa.claims.figures import figures_of, measure_of, told_figures
from qa.claims.implied import is_counted, is_implied

PUBLISHED = datetime.date(2023, 7, 26)


def told(claim: str, evidence: str) -> bool:
    """Tell whether all figures of a claim are told by its evidence; there is one at least."""
    there = told_figures(evidence)
    figures = figures_of(claim)
    assert figures
    return all(any(figure.told_by(other) for other in there) for figure in figures)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("有5600多名粉丝", "有5667个粉丝"),
        ("总金额约694万元", "成交693.55万元"),
        ("增长近一成", "增长9.8%"),
        ("占两成多", "占比22%"),
        ("增幅不超过四成", "增长37.42%"),
        ("只占四分之一", "占25.3%"),
        ("接近一半的人", "占45%左右"),
        ("票房逾四亿五千万", "票房已超过4.5亿元"),
        ("出动六十多万人次", "出动62.3万人次"),
        ("当了四十多年村医", "当了45年村医"),
        ("跌到三十多席", "只得33席"),
        ("服务六七十人", "服务六七十人"),
        ("几百家企业", "共300家企业"),
        ("每周五班", "每周执行5班"),
        ("要价三千多万元", "要价3200万元"),
        ("翻了一番", "增长100%"),
        ("被抢了三回", "这是第三次被抢"),
        ("about 2,100 babies", "共有2123名婴儿"),
        ("nearly 1,500 flats", "1472套房产"),
        ("下午2点22分", "14时22分"),
        ("one million people", "100万人"),
        ("half a million yuan", "50万元"),
        ("one and a half million yuan", "150万元"),
        ("more than a dozen firms", "17家企业"),
        ("a dozen firms", "十多家企业"),
        ("a thousand-year-old temple", "千年古寺"),
        ("rose by one percent", "增长1%"),
        ("it starts at 9 p.m.", "晚上9点开始"),
        ("at 12:30 a.m.", "0时30分"),
        ("about 20 may lose their jobs", "约20人可能失业"),
        ("more than a dozen firms", "十余家企业"),
    ],
)
def test_a_figure_is_told_as_roughly_as_it_is_claimed(claim: str, evidence: str) -> None:
    assert told(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("有5700多名粉丝", "有5667个粉丝"),
        ("报收8.23元", "报收8.32元"),
        ("约704万元", "成交693.55万元"),
        ("增长近两成", "增长9.8%"),
        ("占四成多", "占比22%"),
        ("服务八九十人", "服务六七十人"),
        ("每周五班", "每周执行6班"),
        ("超过1600家", "超过1300家"),
        ("约459秒", "约495秒"),
        ("不超过40人", "共41人"),
        ("长五B火箭用了六天", "用了五天"),
        ("one million people", "3万人"),
        ("one hundred firms", "36家企业"),
        ("a hundred firms", "36家企业"),
        ("half a million yuan", "5万元"),
        ("a dozen firms", "36家企业"),
        ("rose by one percent", "增长3%"),
        ("it starts at 9 p.m.", "上午9点开始"),
    ],
)
def test_another_figure_is_not(claim: str, evidence: str) -> None:
    assert not told(claim, evidence)


def test_numbers_in_names_are_neither_figures_nor_days() -> None:
    assert not figures_of("长五B遥")
    assert not [date for date in dates_of("神舟十四号和长征五号") if date.day]
    assert [date.day for date in dates_of("14号出发")] == [14]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("the march drew 300 people", []),
        ("this may help", []),
        ("about 20 may lose their jobs", []),
        ("on 20 may", [(5, 20)]),
        ("the 20th of may", [(5, 20)]),
        ("may 20", [(5, 20)]),
        ("20 march", [(3, 20)]),
        ("in march", [(3, None)]),
    ],
)
def test_months_are_told_from_other_words(text: str, dates: list[tuple[int, int | None]]) -> None:
    assert [(date.month, date.day) for date in dates_of(text)] == dates


def test_one_of_them_is_no_figure() -> None:
    assert not figures_of("one of them saw half of it in a week")


def test_measures_are_told_apart() -> None:
    text = "36人次、36名、36个"
    assert [measure_of(text, figure) for figure in figures_of(text)] == ["人次", "人", None]


@pytest.mark.parametrize(
    ("claim", "evidence", "known"),
    [
        ("1月1日起", "元旦起施行", True),
        ("2023年5月", "今年5月", True),
        ("2022年", "去年", True),
        ("2023年6月", "上月", True),
        ("19日", "7月19日", True),
        ("7月19日", "同月19日。7月", True),
        ("7月1日", "7月1-20日", True),
        ("2004年12月25日", "2004年11月25日", False),
        ("8月19日", "7月19日", False),
        ("2021年", "去年", False),
    ],
)
def test_dates_are_told_with_their_context(claim: str, evidence: str, known: bool) -> None:
    there = told_dates(evidence, [PUBLISHED])
    assert any(dates_of(claim)[0].told_by(other, there) for other in there) is known


@pytest.mark.parametrize(
    ("claim", "evidence", "known"),
    [
        ("带着三名组员", "带领组员田奕、李彦、魏汉生", True),
        ("分成三个片区", "分成两个片区，有路、桥、河", False),
        ("两个兄弟", "兄弟动手", True),
        ("两名学生", "三名学生", False),
        ("逃亡9年", "从1996年到2005年", True),
        ("逃亡8年", "从1996年到2005年", False),
        ("逃亡9年", "从1996年到2005年，共8年", False),
        ("24小时内", "7月29日08时至30日08时", True),
        ("7月前20天", "7月1-20日", True),
        ("拘留五天", "拘留5日", True),
    ],
)
def test_figures_are_implied(claim: str, evidence: str, known: bool) -> None:
    figure, there = figures_of(claim)[-1], told_figures(evidence)
    implied = is_implied(figure, claim, evidence, there)
    assert (implied or is_counted(figure, claim, evidence, there)) is known


@pytest.mark.parametrize(
    ("claim", "evidence", "known"),
    [
        ("一百多年", "百余年", True),
        ("3万余家", "4万余家", False),
        ("输了4个球", "0:4负于对手", True),
        ("八个组", "5个工作组和3个联合专家组", True),
        ("合计两百多万股", "捐赠178万股、36万股", True),
        ("九个组", "5个工作组和3个联合专家组", False),
    ],
)
def test_some_hundreds_scores_and_sums(claim: str, evidence: str, known: bool) -> None:
    figure, there = figures_of(claim)[0], told_figures(evidence)
    summed = is_counted(figure, claim, evidence, there)
    assert (summed or any(figure.told_by(other) for other in there)) is known
