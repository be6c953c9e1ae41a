"""Which days of publication a question means, and which dates are part of what it asks."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.days import days_meant
from qa.digest import wants_digest

TODAY = datetime.date(2023, 7, 20)  # a Thursday


@pytest.mark.parametrize(
    ("question", "since", "until", "rest"),
    [
        ("昨天有什么新闻？", "2023-07-19", "2023-07-19", "有什么新闻？"),
        ("昨天宋力去了哪里？", "2023-07-19", "2023-07-20", "宋力去了哪里？"),
        ("宋力上周开了什么会？", "2023-07-10", "2023-07-17", "宋力开了什么会？"),
        ("本周有哪些报道？", "2023-07-17", "2023-07-20", "有哪些报道？"),
        ("本月的要闻", "2023-07-01", "2023-07-20", "要闻"),
        ("上个月有什么消息", "2023-06-01", "2023-06-30", "有什么消息"),
        ("最近一周有什么消息？", "2023-07-14", "2023-07-20", "有什么消息？"),
        ("近3天的报道", "2023-07-18", "2023-07-20", "报道"),
        ("去年的报道里谁得了奖？", "2022-01-01", "2022-12-31", "报道里谁得了奖？"),
        ("上半年有哪些新闻", "2023-01-01", "2023-06-30", "有哪些新闻"),
        ("7月中旬有什么新闻", "2023-07-11", "2023-07-20", "有什么新闻"),
        ("去年二月下旬的新闻", "2022-02-21", "2022-02-28", "新闻"),
        ("12月有什么新闻？", "2022-12-01", "2022-12-31", "有什么新闻？"),
        ("2022年7月18日發生了什麼？", "2022-07-18", "2022-07-19", "發生了什麼？"),
        ("七月十八日召开了哪些会议？", "2023-07-18", "2023-07-19", "召开了哪些会议？"),
        ("2022-07-18的报纸登了什么", "2022-07-18", "2022-07-18", "报纸登了什么"),
        ("今天有什么新闻", "2023-07-20", "2023-07-20", "有什么新闻"),
        ("上周三宋力去了哪里？", "2023-07-12", "2023-07-13", "宋力去了哪里？"),
        ("上个星期天的新闻", "2023-07-16", "2023-07-16", "新闻"),
        ("本周五有什么活动？", "2023-07-21", "2023-07-21", "有什么活动？"),
        ("北京上周末有什么活动", "2023-07-15", "2023-07-17", "北京有什么活动"),
        ("上周三家企业停产了吗", "2023-07-10", "2023-07-17", "三家企业停产了吗"),
        ("上周一共查了几家", "2023-07-10", "2023-07-17", "一共查了几家"),
        ("本周一至周三有什么活动", "2023-07-17", "2023-07-20", "一至周三有什么活动"),
        ("上周刊登了什么", "2023-07-10", "2023-07-16", "刊登了什么"),
        ("上月底有什么新闻", "2023-06-01", "2023-06-30", "有什么新闻"),
        ("昨天晚上宋力去了哪里？", "2023-07-19", "2023-07-20", "晚上宋力去了哪里？"),
        ("最近3天有什么新闻", "2023-07-18", "2023-07-20", "有什么新闻"),
    ],
)
def test_days_that_are_meant(question: str, since: str, until: str, rest: str) -> None:
    days = days_meant(question, TODAY)
    assert days is not None
    assert (days.since.isoformat(), days.until.isoformat(), days.rest) == (since, until, rest)


@pytest.mark.parametrize(
    ("question", "today", "since", "until"),
    [
        ("上月上旬有什么新闻", "2023-07-20", "2023-06-01", "2023-06-10"),
        ("上月中旬有什么新闻", "2023-07-20", "2023-06-11", "2023-06-20"),
        ("上月下旬有什么新闻", "2023-07-20", "2023-06-21", "2023-06-30"),
        ("上个月份的下旬有什么新闻", "2023-08-31", "2023-07-21", "2023-07-31"),
        ("本月上旬的报道", "2023-07-20", "2023-07-01", "2023-07-10"),
        ("这个月下旬的报道", "2023-07-25", "2023-07-21", "2023-07-31"),
        ("上月下旬的报道", "2023-03-01", "2023-02-21", "2023-02-28"),
        ("上月下旬的报道", "2024-03-31", "2024-02-21", "2024-02-29"),
        ("上月中旬的报道", "2023-01-05", "2022-12-11", "2022-12-20"),
        ("上月下旬的报道", "2023-01-31", "2022-12-21", "2022-12-31"),
        ("去年12月下旬的报道", "2023-01-05", "2022-12-21", "2022-12-31"),
        ("去年12月份中旬的报道", "2023-07-20", "2022-12-11", "2022-12-20"),
        ("12月上旬的报道", "2023-01-05", "2022-12-01", "2022-12-10"),
    ],
)
def test_a_third_of_a_month_is_its_ten_days_or_what_is_left(
    question: str, today: str, since: str, until: str
) -> None:
    days = days_meant(question, datetime.date.fromisoformat(today))
    assert days is not None
    assert (days.since.isoformat(), days.until.isoformat()) == (since, until)
    assert "旬" not in days.rest


@pytest.mark.parametrize(
    "question",
    [
        "2023年上半年的GDP是多少？",
        "7月18日的篮球赛有几支球队？",
        "今年粮食产量有多少？",
        "今天的土耳其古称什么？",
        "直到昨天还在用的桥叫什么？",
        "问天是2022年7月24日几点发射的？",
        "登上月球的是谁？",
        "哪一版本周期最长？",
        "2月30日有什么新闻？",
        "《昨天》是谁唱的？",
        "1945年发生了什么？",
        "7月18日的新闻发布会上谁发言？",
        "2022年新闻奖谁得了？",
        "2023年日报社有多少名记者？",
    ],
)
def test_dates_that_are_asked_about(question: str) -> None:
    assert days_meant(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "目前天气怎么样？",
        "此前天津发生了什么事？",
        "目前天然气价格是多少？",
        "会议上周恩来说了什么？",
        "日本月度出口额是多少？",
        "成本月均增长多少？",
        "将近三个月的施工结束了吗？",
        "附近3天内有什么活动？",
        "历史上月产量最高的是哪一年？",
        "上上周三开了什么会？",
        "近一周年有哪些成绩？",
        "最近0天有什么新闻？",
    ],
)
def test_what_other_words_are_made_of_is_no_day(question: str) -> None:
    assert days_meant(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    ["昨天发生了什么？", "本周报道了什么", "2022-07-18的报纸登了什么", "昨天有什么大事"],
)
def test_what_is_left_of_the_news_of_a_day_asks_for_all_of_it(question: str) -> None:
    days = days_meant(question, TODAY)
    assert days is not None and wants_digest(days.rest)


@pytest.mark.parametrize("rest", ["召开了什么会？", "宋力登了什么山？", "这里有什么活动"])
def test_what_asks_for_more_than_the_news_is_searched(rest: str) -> None:
    assert not wants_digest(rest)


@given(
    st.text(
        alphabet="0123456789年月日上中下旬半本周末昨今前天去最近一二十个的有什么新闻", max_size=20
    )
)
def test_days_are_in_order_whatever_is_asked(question: str) -> None:
    days = days_meant(question, TODAY)
    assert days is None or days.since <= days.until


def test_no_question_of_the_sets_is_narrowed(shared: Path) -> None:
    asked = []
    for name in ("drcd_dev", "drcd_test", "xquad_zh", "cmrc2018_trial"):
        documents = json.loads((shared / "data" / f"{name}.json").read_text("utf-8"))["data"]
        asked += [qa["question"] for d in documents for p in d["paragraphs"] for qa in p["qas"]]
    # every fifth: they all take four seconds
    assert [q for q in asked[::5] if days_meant(q, TODAY)] == []
