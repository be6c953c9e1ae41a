"""Days of publication that a question means: 昨天, 上周, 7月中旬, 2022年7月18日的报道.

Most dates in questions are part of what is asked (「2023年上半年的GDP」) and narrow nothing.
Only these do: an expression that goes with news or the paper itself (「7月中旬有什么新闻」), a day
with a bare question of what happened, and days counted from now (昨天, 上周), which nobody says of
other times (of 今天 and 今年 people do). None of the 6,096 questions of ``drcd_dev``, ``xquad_zh``,
``cmrc2018_trial`` and the news questions has one, by which the words were chosen, and none of the
3,493 of ``drcd_test``. A library of date parsing (dateparser) knows points in time, not spans.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from embeddings.tokens import simplify_characters
from qa.evidence import tagged

REPORT_LAG = datetime.timedelta(days=1)
"""A day's events are in the paper of that day or of the next."""

_ONE = "一二三四五六七八九"
_NUMERALS = {c: n for n, c in enumerate(_ONE, 1)} | {"两": 2, "十": 10}
_NUMERALS |= {f"十{c}": 10 + n for n, c in enumerate(_ONE, 1)} | {"二十": 20, "三十": 30}
_NUMERALS |= {f"二十{c}": 20 + n for n, c in enumerate(_ONE, 1)} | {"三十一": 31}
_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_THIRD = r"(?:份?的?|\s*)(?P<third>[上中下])旬"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)\s*年|(?P<this>今年|去年|前年))"

_EXPRESSIONS: dict[str, str] = {
    "today": r"(?P<ago>今[天日])",
    "iso": r"(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)",
    "date": rf"{_YEAR}?\s*(?<!\d)(?P<month>{_N})\s*月\s*(?P<day>{_N})\s*[日号]",
    "third": rf"{_YEAR}?\s*(?<!\d)(?P<month>{_N})\s*月{_THIRD}",
    "month": rf"{_YEAR}?\s*(?<!\d)(?P<month>{_N})\s*月(?:份)?",
    "half": rf"{_YEAR}?\s*(?P<half>[上下])半年",
    "year": _YEAR,
}
_WHICH = r"(?<![上史])(?P<which>本|这一?个?|上一?个?)"
_WEEK = r"(?:周|星期|礼拜)"
_COUNTED: dict[str, str] = {
    "ago": r"(?P<ago>昨[天日]|前天)",
    "weekday": rf"{_WHICH}{_WEEK}(?P<weekday>[一二三四五六日天末])(?![共个]|[至到]{_WEEK})",
    "third_of": rf"{_WHICH}月{_THIRD}",
    "span": rf"{_WHICH}(?P<span>{_WEEK}|月[初底末份]?)",
    "last": rf"(?:最近|近|过去)(?:的|这)?(?P<n>{_N})(?P<unit>天|日|周|个?星期|个月)"
    r"(?:内|里|以?来)?",
}
_NEWS = (
    r"(?:新闻|报道|消息|报纸|文章|头条|要闻|稿件|版面|大事|日报|晚报|早报)"
    r"(?!发[布言]|奖|社|中心|联播|记者|工作|出版|媒体|单位|[人员组界办学网])"  # 新闻发布会
)
_BEFORE_NEWS = (
    r"[的里内,，\s]*(?:都|又)?(?:有|登|发|发生|刊登|出)?(?:了|过)?(?:些)?(?:什么|哪些|几[条篇]|啥|何)?"
    rf"(?:重要|重大|主要|相关|本地)?的?{_NEWS}"
    r"|的?(?:报纸?上|报道|刊登|登载|见报|刊发)"
)
_HAPPENED = (
    r"[,，\s]*(?:这天|当天)?(?:都|又)?(?:发生|出|召开|开|举行|举办|有)(?:了|过)?"
    r"(?:什么|哪些|几[件个场次])(?:重要|重大|新|大)?(?:的)?(?:事情?|事件|会议?|活动)?[?？。\s]*$"
)
_WEEKDAYS = {c: (n, n) for n, c in enumerate("一二三四五六日")} | {"天": (6, 6), "末": (5, 6)}
"""The first and the last day that is meant, from Monday on."""
_FIRST_OF_THIRD = {"上": 1, "中": 11, "下": 21}
_NOT_NOW = re.compile(r"(?:[到至“「『《]|截[至止])$")


@dataclass(frozen=True, slots=True)
class Days:
    """Days of publication, both inclusive, and the words that name them.

    Attributes:
        rest: The question without those words.
    """

    since: datetime.date
    until: datetime.date
    words: str
    rest: str


def days_meant(question: str, today: datetime.date) -> Days | None:
    """Return the days of publication that a question means, or None.

    Args:
        question: As asked.
        today: The day that 昨天 and a month without its year are counted from.
    """
    asked = simplify_characters(question)
    for kind, pattern in {**_COUNTED, **_EXPRESSIONS}.items():
        for match in re.finditer(pattern, asked):
            before, after = asked[: match.start()], asked[match.end() :]
            in_the_paper = re.match(_BEFORE_NEWS, after) is not None
            happened = kind not in ("half", "year") and re.match(_HAPPENED, after)
            from_now = kind in _COUNTED
            if _NOT_NOW.search(before) or not (in_the_paper or happened or from_now):
                continue
            if from_now and _cuts_a_word(match, asked):
                continue
            try:
                since, until = _READ[kind](match, today)
            except ValueError:  # 2月30日
                continue
            if not in_the_paper and until < today:
                until += REPORT_LAG
            rest = f"{question[: match.start()]}{question[match.end() :]}"
            return Days(since, until, match.group(), rest.strip(" 的，,"))
    return None


def _cuts_a_word(match: re.Match[str], asked: str) -> bool:
    """Tell whether a match begins or ends within a word: 前天 in 目前/天气, 上周 in 上/周恩来.

    It may begin one (昨天晚上). What jieba makes of the characters after a figure (3/天有) is
    often none.
    """
    start = 0
    for word, _tag in tagged(asked):
        end = start + len(word)
        cuts_start = start < match.start() < end
        cuts_end = match.start() < start < match.end() < end
        if cuts_start or (cuts_end and not asked[start - 1].isdigit()):
            return True
        start = end
    return False


def _iso(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    day = datetime.date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day


def _date(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    month, day = _number(match["month"]), _number(match["day"])
    found = datetime.date(_year(match, today, month, day), month, day)
    return found, found


def _third(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    month, first = _number(match["month"]), _FIRST_OF_THIRD[match["third"]]
    return _ten_days(datetime.date(_year(match, today, month, first), month, first))


def _third_of(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    first = _month_from_now(match, today)
    return _ten_days(first.replace(day=_FIRST_OF_THIRD[match["third"]]))


def _ten_days(first: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return a third of a month, of which the last goes to the month's end."""
    if first.day == _FIRST_OF_THIRD["下"]:
        return first, _end_of_month(first)
    return first, first + datetime.timedelta(days=9)


def _month(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    month = _number(match["month"])
    since = datetime.date(_year(match, today, month, 1), month, 1)
    return since, _end_of_month(since)


def _half(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    first = 1 if match["half"] == "上" else 7
    since = datetime.date(_year(match, today, first, 1), first, 1)
    return since, _end_of_month(since.replace(month=first + 5))


def _whole_year(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    year = _year(match, today, 1, 1)
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _ago(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    day = today - datetime.timedelta(days={"今": 0, "昨": 1, "前": 2}[match["ago"][0]])
    return day, day


def _weekday(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    first, last = _WEEKDAYS[match["weekday"]]
    monday = _monday(match, today)
    return monday + datetime.timedelta(days=first), monday + datetime.timedelta(days=last)


def _span(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    if not match["span"].startswith("月"):
        monday = _monday(match, today)
        return monday, min(monday + datetime.timedelta(days=6), today)
    first = _month_from_now(match, today)
    return first, min(_end_of_month(first), today)


def _month_from_now(match: re.Match[str], today: datetime.date) -> datetime.date:
    """Return the first day of this month or the last one."""
    first = today.replace(day=1)
    if match["which"].startswith("上"):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return first


def _monday(match: re.Match[str], today: datetime.date) -> datetime.date:
    weeks = 1 if match["which"].startswith("上") else 0
    return today - datetime.timedelta(weeks=weeks, days=today.weekday())


def _last(match: re.Match[str], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "个星期": 7, "个月": 30}[match["unit"]]
    return today - datetime.timedelta(days=_number(match["n"]) * days - 1), today


_READ: dict[str, Callable[[re.Match[str], datetime.date], tuple[datetime.date, datetime.date]]] = {
    "iso": _iso,
    "date": _date,
    "third": _third,
    "third_of": _third_of,
    "month": _month,
    "half": _half,
    "year": _whole_year,
    "ago": _ago,
    "today": _ago,
    "weekday": _weekday,
    "span": _span,
    "last": _last,
}


def _year(match: re.Match[str], today: datetime.date, month: int, day: int) -> int:
    """Return the year that is said, else the last one in which the day is not ahead."""
    if match["year"]:
        return int(match["year"])
    if match["this"]:
        return today.year - {"今年": 0, "去年": 1, "前年": 2}[match["this"]]
    return today.year - ((month, day) > (today.month, today.day))


def _number(text: str) -> int:
    """Read a numeral from 1 on, up to 31 where it is in Chinese.

    Raises:
        ValueError: It is none.
    """
    number = int(text) if text.isdecimal() else _NUMERALS.get(text, 0)
    if number == 0:
        raise ValueError(text)
    return number


def _end_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
