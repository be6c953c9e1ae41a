"""Where a report comes from: the dateline it opens with, and who is credited with it.

「新华社北京7月28日电（记者王小明）」 names agency, place, day and author. The text keeps its
dateline: place and day are facts a reader may ask for.
"""

import datetime
import re
from dataclasses import dataclass

from embeddings.readers.bylines import ROLE, cut_photo_credit, names, only_names
from embeddings.readers.names import is_chinese_name, may_be_name

_KNOWN = (
    "新华社客户端|新华社|新华网|新华财经|新华每日电讯|中新社|中新网|中国新闻网|中新财经|中新健康|人民网|人民日报|央视网|央视新闻|央视财经|"
    "央广网|光明日报|光明网|经济日报|中国经济网|中国网|国际在线|环球网|环球时报|参考消息网|参考消息|海外网|"
    "澎湃新闻|新京报|界面新闻|财联社|南方日报|南方都市报|南都|羊城晚报|广州日报|极目新闻|封面新闻|红星新闻网|红星新闻|"
    "红网时刻|红网|九派新闻|上游新闻|大河报|大河网|潇湘晨报|北京青年报|北青报|北京日报|中国青年报|中国青年网|"
    "法治日报|工人日报|农民日报|科技日报|证券时报网?|证券日报|中国证券报|上海证券报|每日经济新闻|每经|第一财经|"
    "21世纪经济报道|智通财经|格隆汇|齐鲁晚报|大众日报|大众网|扬子晚报|现代快报|浙江日报|钱江晚报|潮新闻|解放日报|"
    "上观新闻|新民晚报|文汇报|四川日报|川观新闻|成都商报|华西都市报|重庆日报|华龙网|湖北日报|长江日报|楚天都市报|"
    "湖南日报|河南日报|河北日报|山西日报|陕西日报|华商报|贵州日报|多彩贵州网|云南网|海南日报|福建日报|"
    "厦门日报|江西日报|安徽日报|中安在线|中国日报网?|中国经济导报|中国发展网|中国天气网|中国经济时报|中国商报|"
    "本报|本网|本台|晨报|晚报|日报"
)
_OUTLET = rf"(?:{_KNOWN})(?:[\u4e00-\u9fff]{{2}}新闻|客户端|APP)?"
_ANY_OUTLET = (
    r"[\u4e00-\u9fff]{2,9}?(?:社|网|报|新闻|之声|在线|客户端|时刻|财经|研究院|电视台|导报|观察)"
)
_DAY = r"(?:(?P<year>\d{4})\s*年\s*)?(?:年)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
_PLACE = r"(?P<place>[\u4e00-\u9fff·]{2,8}?)"
_SAYS = r"(?:专?电|讯|消息|报道|综合消息)"
_DATED = re.compile(rf"(?P<agency>{_OUTLET})\s*{_PLACE}?\s*{_DAY}\s*{_SAYS}(?!显示|称)")
_DATED_ANY = re.compile(
    rf"(?:^|(?<=\s))(?P<agency>{_ANY_OUTLET})\s*(?P<place>[\u4e00-\u9fff]{{2,6}}?)?\s*"
    rf"{_DAY}\s*{_SAYS}(?!显示|称)"
)
_UNDATED = re.compile(
    rf"(?P<agency>{_OUTLET}(?:\s{_OUTLET})?)\s*讯(?=[\s，,（(【\d]|记者)"
    rf"|(?:^|(?<=\s))(?P<agency2>{_OUTLET})(?:客户端)?消息[，：:\s]"
)
_UNDATED_ANY = re.compile(
    rf"(?:^|(?<=[\s。？！]))(?P<agency>{_ANY_OUTLET})\s*讯(?=[\s，,（(【\d]|记者)"
)
_CREDITED = re.compile(
    rf"(?:^|[【（(\s]|(?<=[\u4e00-\u9fff！？”]))(?P<agency>{_OUTLET})\s*(?={ROLE}\s*[\u4e00-\u9fff])"
    rf"{ROLE}(?!从|在|了解|获悉|注意|采访|日前|近日|今日|昨日|\d)"
)
_LEARNED = re.compile(
    rf"(?:^|(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日(?:[上下中]午|晚间?|凌晨)?[，,])\s*"
    rf"(?P<agency>{_OUTLET})(?:记者)?\s*从"
)
_CITING = re.compile(r"(?:据|来自|援引|根据)\s*[^，。]{0,12}$")
_BRACKETS = re.compile(r"[（(【](?P<inside>[^（）()【】]{2,80})[）)】]")
_ROLE_INSIDE = re.compile(ROLE)
_SPACES = re.compile(r"\s{2,}")
_PHOTO_INSIDE = re.compile(
    r"(?:记者|通讯员)\s*(?P<name>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3})\s*摄(?!影[^报])"
)
_TITLE = re.compile(r"^\s*原标题[：:]\s*")
_WINDOW = 130
"""Characters at an article's start in which its dateline is looked for."""
_TAIL = 160
_AFTER_TEXT = re.compile(
    r"(?:返回搜狐[，,]?\s*查看更多.*|[（(]?责任编辑[：:].*|分享让更多人看到.*|[（(]完[）)]\s*)\s*$",
    re.S,
)
_SOURCE = re.compile(r"[（(]?(?:文章|本文|视频|图片)?来源[：:丨|]\s*[^\s。，）)]{2,30}[）)]?\s*$")
_EDITED = re.compile(r"(?:责任)?编辑|责编|校对|审核|监制|[一二三初终]审|来源")
_RUN_ON = re.compile(
    rf"(?P<role>{ROLE})\s*[：:/／]?\s*(?P<names>[\u4e00-\u9fff]{{2,4}}(?:[\s、]+(?!\d)[\u4e00-\u9fff]{{2,3}}(?![\u4e00-\u9fff]))*)"
    rf"(?=\s|\d|[“【，]|{ROLE}|报道|$)"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a report says of its origin; None and empty where it does not say.

    Attributes:
        agency: The medium, as written before 电 or 讯: 「新华社」.
        place: As written: 「北京」.
        day: Month and day.
        year: Where the dateline itself gives it.
        authors: Reporters, correspondents, photographers, at the start and then at the end.
    """

    agency: str | None = None
    place: str | None = None
    day: tuple[int, int] | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()

    def date(self, published: datetime.date | None = None) -> datetime.date | None:
        """Return the day with its year: its own, or the latest up to the publication."""
        if self.day is None or (self.year is None and published is None):
            return None
        year = self.year
        try:
            if year is not None:
                return datetime.date(year, *self.day)
            assert published is not None
            found = datetime.date(published.year, *self.day)
            late = found - published > datetime.timedelta(days=31)
            return found.replace(year=found.year - 1) if late else found
        except ValueError:
            return None


def dateline(text: str) -> Dateline:
    """Return agency, place, day and authors of a report from its text's start and end."""
    head = _SPACES.sub(" ", _TITLE.sub("", text[: 3 * _WINDOW]))[:_WINDOW]
    agency, place, day, year, at = _origin(head)
    authors = _opening_authors(head, at) or ()
    authors += _closing_authors(text) + _photographers(text)
    return Dateline(agency, place, day, year, tuple(dict.fromkeys(authors)))


def _origin(
    head: str,
) -> tuple[str | None, str | None, tuple[int, int] | None, int | None, int]:
    """Return agency, place, day, year, and where they end (0 where there are none)."""
    for form in (_DATED, _DATED_ANY, _UNDATED, _UNDATED_ANY, _CREDITED, _LEARNED):
        for match in form.finditer(head):
            if _CITING.search(head[: match.start()]):
                continue
            groups = match.groupdict()
            agency = groups["agency"] or groups.get("agency2")
            day = _day(groups.get("month"), groups.get("day"))
            year = int(groups["year"]) if groups.get("year") else None
            end = match.start("agency") if form is _CREDITED else match.end()
            return agency, groups.get("place"), day, year, end
    return None, None, None, None, 0


def _day(month: str | None, day: str | None) -> tuple[int, int] | None:
    if month is None or day is None or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return int(month), int(day)


def _opening_authors(head: str, at: int) -> tuple[str, ...]:
    for match in _BRACKETS.finditer(head):
        inside = match["inside"]
        after_dateline = 0 < at <= match.start() and not head[at : match.start()].strip()
        if _ROLE_INSIDE.search(inside) or after_dateline:
            found = _valid(names(inside))
            if found:
                return found
    credited: tuple[str, ...] = ()
    for match in _RUN_ON.finditer(head):
        between = only_names(head[at : match.start()]) if at and not credited else ()
        credited += between + tuple(n for n in names(match["names"]) if is_chinese_name(n))
    return credited


def _closing_authors(text: str) -> tuple[str, ...]:
    tail = text[-_TAIL:].rstrip()
    for _ in range(3):
        tail = _AFTER_TEXT.sub("", tail).rstrip()
        found = _bracketed_close(tail) or _plain_close(tail) or cut_photo_credit(tail)[0]
        if found:
            return found
        tail = _SOURCE.sub("", tail).rstrip()
    return ()


def _photographers(text: str) -> tuple[str, ...]:
    """Return who took the pictures whose captions stand in the text."""
    if "摄" not in text:
        return ()
    return tuple(
        name for match in _PHOTO_INSIDE.finditer(text) for name in _valid(names(match["name"]))
    )


def _bracketed_close(tail: str) -> tuple[str, ...]:
    match = re.search(r"[（(【](?P<inside>[^（）()【】]{2,80})[）)】]\s*$", tail)
    if match is None:
        return ()
    inside = match["inside"]
    if _ROLE_INSIDE.search(inside):
        return _valid(names(_SOURCE.sub("", inside)))
    return only_names(inside)


def _plain_close(tail: str) -> tuple[str, ...]:
    last = re.split(r"[。！？]”?", tail)[-1]
    match = _ROLE_INSIDE.search(last)
    if match is None or not last.strip() or len(last) > 80:
        return ()
    return _valid(names(_EDITED.split(last[match.start() :])[0]))


def _valid(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in found if may_be_name(name))
