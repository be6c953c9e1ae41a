"""Where a report comes from: the dateline it opens with, and who is credited with it.

「新华社北京7月28日电（记者王小明）」 names agency, place, day and author. The text keeps its
dateline: place and day are facts a reader may ask for.
"""

import datetime
import re
from dataclasses import dataclass
from typing import NamedTuple

from embeddings.readers.bylines import LOST_BREAK, ROLE, only_names
from embeddings.readers.closings import closing_authors
from embeddings.readers.credits import PLAIN_ROLES, SPACED_NAME, opening_authors
from embeddings.readers.listed import listed_names
from embeddings.readers.outlets import ANY_OUTLET, OUTLET, OUTLETS, PLACES, SECTION
from embeddings.readers.photographers import photographers

_DAY = r"(?:(?P<year>\d{4})\s*年\s*)?(?:年)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
_PLACE = r"(?P<place>(?!原创|综合)(?:(?![网报社讯稿]|新闻)[\u4e00-\u9fff·]){2,8}?)"
_SAYS = r"(?:专?电|讯|综合消息|消息|报道)(?!显示|称)"
_START = r"(?:^|(?<=[\s【（(]))"
_EDITION = r"(?:[-－][\u4e00-\u9fff]{2,4})"
_DATED = re.compile(
    rf"(?P<agency>{OUTLETS}{_EDITION}?)\s*{_PLACE}?\s*(?:[（(][^（）()]{{2,40}}[）)])?{_DAY}\s*{_SAYS}"
)
_DATED_ANY = re.compile(rf"{_START}(?P<agency>{ANY_OUTLET})\s*{_PLACE}?\s*{_DAY}\s*{_SAYS}")
_AFTER_MARK = r"(?=[\s，,：:（(）)【】\d]|记者|通讯员|为|近|日前|昨|今|从|随着)"
_UNDATED = re.compile(
    rf"(?P<agency>{OUTLETS}(?:\s{OUTLET})?)\s*(?:综合)?讯{_AFTER_MARK}"
    rf"|{_START}(?P<agency6>{OUTLETS})\s*讯(?!息)"
    rf"|{_START}(?P<agency2>{OUTLET}{SECTION}?)(?:综合)?(?:消息[，：:\s（(]|报道(?:[，：:\s】]|记者))"
    rf"|(?P<agency4>{OUTLETS})(?:综合)?消息[：:，]"
    rf"|(?P<agency3>本报)综合(?=\s)|(?P<agency5>晨报|导报)讯(?=\s*[（(]\s*(?:记者|通讯员))"
)
_UNDATED_ANY = re.compile(
    rf"(?:^|(?<=[\s。？！【]))(?P<agency>{ANY_OUTLET})\s*讯{_AFTER_MARK}"
    rf"|^(?P<agency2>[\u4e00-\u9fff]{{1,4}}网)讯(?!息)"
)
_CREDITED = re.compile(
    rf"(?P<agency>{OUTLETS}(?:\s{OUTLET})?)(?:《[^》]{{1,8}}》)?[\s|｜丨]*{ROLE}"
    rf"|(?P<agency2>{OUTLETS}(?:\s{OUTLET})?)\s+(?P<names>(?:[\u4e00-\u9fff]{{2,3}}[、\s]+){{1,5}}){ROLE}"
    rf"|{_START}(?P<agency3>[\u4e00-\u9fff]{{2,4}}(?:[日晚晨早商时快]报|都市报|全媒体|在线|之声|网)){ROLE}(?=\s)"
    rf"|【(?P<agency4>[\u4e00-\u9fff]{{2,10}})\s{ROLE}(?=\s)"
)
# A picture's credit says nothing of the report.
_PICTURED = re.compile(
    r"[\s：:|｜丨]*[\u4e00-\u9fff]{2,4}(?:[、\s]+[\u4e00-\u9fff]{2,4})?\s*[/／]?\s*(?:摄(?!影报道)|图|制[表图])"
)
_DAY_BEFORE = r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:[上下中]午|晚间?|凌晨|傍晚)?[，,]?\s*"
_DAY_INSIDE = r"(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日(?:[上下中]午|晚间?|凌晨|傍晚)?[，,]?\s*"
_LEARNED = re.compile(
    rf"(?:{_DAY_BEFORE})?《?(?P<agency>{OUTLETS})》?(?:[（(][\w.]+[）)])?(?:记者)?(?:{_DAY_INSIDE}|\d{{1,2}}日)?"
    r"(?:从[^。]{2,60}?(?:获悉|了解到|得知|$)|获悉|独家获悉|了解到)"
)
_WRITTEN_FOR = re.compile(
    rf"(?:文|作者)\s*[/／|｜丨︱：:\s]\s*(?P<agency>{OUTLETS})(?:\s+|{ROLE}\s*)(?=[\u4e00-\u9fff]{{2}})"
    rf"|^\s*(?P<agency2>{OUTLETS})\s+(?=[\u4e00-\u9fff]{{2,3}}\s+(?:\d|近日|日前))"
)
_DAY_ONLY = re.compile(
    rf"(?:^|(?<=[\s。？！，]))(?P<agency>)(?:{_DAY}\s*(?:电|讯|消息)(?=[\s，,（(《]|据|记者))"
)
# 「北京电（钟欣）」 has no day, 「湖北襄阳8月1日电【通讯员…】」 no agency.
_PLACED = re.compile(rf"(?P<agency>{OUTLETS})(?P<place>{PLACES})电\s*(?=[（(【])")
_DAY_AND_PLACE = re.compile(rf"(?P<agency>)(?P<place>(?:{PLACES}){{1,2}}){_DAY}\s*电\s*(?=[（(【])")
_ROLE = re.compile(ROLE)
# Each form with what it cannot be without: that is found sooner than a medium's name.
_SAID = re.compile(rf"日\s*{_SAYS}")
_FORMS = (
    (_DATED, _SAID),
    (_DATED_ANY, _SAID),
    (_UNDATED, re.compile("讯|消息|报道|本报综合")),
    (_UNDATED_ANY, re.compile("讯")),
    (_CREDITED, _ROLE),
    (_WRITTEN_FOR, re.compile(r"文|作者|^\s*\S+\s+[\u4e00-\u9fff]{2,3}\s")),
    (_LEARNED, re.compile("从|获悉|了解到")),
    (_PLACED, re.compile("电")),
    (_DAY_AND_PLACE, _SAID),
    (_DAY_ONLY, _SAID),
)
_AT_END = re.compile(
    rf"(?P<agency>{OUTLET})\s*{_PLACE}?\s*{_DAY}\s*专?电\s*(?:[（(][^（）()]*[）)])?\s*$"
)
# 「讯 7月26日从发布会上了解到」: the day is the report's.
_LEARNED_ON = re.compile(rf"\s*{_DAY_BEFORE}(?:记者)?从(?!业|事)")
_CAPTION = re.compile(
    r"^[^。]{2,60}。?[^。，]{0,16}(?:资料图|供图|图|摄)"
    r"|^(?:\d{4}年)?\d{1,2}月\d{1,2}日.{2,65}。[^。，]{2,16}(?:资料图|供图|\s图|摄)$"
)
"""A picture's, which may stand before the opening sentence; of two sentences if it has a day."""
_CITING = re.compile(r"@\S{2,12}\s*$|(?:(?<![数证占收单票])据|援引)\s*[^，。]{0,12}$")
_TOLD = re.compile(r"(?:据|告诉|接受|对|向)\s*$")
_LONG_NAME = re.compile(r"[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{2}")
_GAP = re.compile(r"[\s：:|｜丨]*")
_SPACES = re.compile(r"\s{2,}")
_TITLE = re.compile(r"^\s*原标题[：:]\s*")
_WINDOW = 130
"""Characters at an article's start in which its dateline is looked for."""
_SIGNED = 60
"""The same at its end, where a commentary's dateline stands."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a report says of its origin; None and empty where it does not say.

    Articles keep the authors only. The day is not made their date where they have none: datelines
    leave the year to the paper (none of 4,215 news articles names it), which is then unknown.

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
        if self.day is None:
            return None
        try:
            if self.year is not None:
                return datetime.date(self.year, *self.day)
            if published is None:
                return None
            found = datetime.date(published.year, *self.day)
            late = found - published > datetime.timedelta(days=31)
            return found.replace(year=found.year - 1) if late else found
        except ValueError:
            return None


def dateline(text: str) -> Dateline:
    """Return agency, place, day and authors of a report from its text's start and end."""
    head = LOST_BREAK.sub("", _SPACES.sub("\n", _TITLE.sub("", text[: 3 * _WINDOW]))[:_WINDOW])
    head = SPACED_NAME.sub(r"\1\2", head)
    origin = _origin(head)
    authors = opening_authors(head, origin.end)
    if origin.day is None and (signed := _AT_END.search(text[-_SIGNED:].rstrip())):
        origin = _read(signed, 0)
    authors += closing_authors(text) + photographers(text)
    named = tuple(dict.fromkeys(authors))
    return Dateline(origin.agency, origin.place, origin.day, origin.year, named)


class _Origin(NamedTuple):
    """The parts of a dateline, and where it ends in the text; 0 where there is none."""

    agency: str | None = None
    place: str | None = None
    day: tuple[int, int] | None = None
    year: int | None = None
    end: int = 0


def _origin(head: str) -> _Origin:
    for form, hint in _FORMS:
        if not hint.search(head):
            continue
        for match in form.finditer(head):
            before = head[: match.start()]
            if (_TOLD if form in {_LEARNED, _CREDITED} else _CITING).search(before):
                continue
            if form is _CREDITED and not _is_signed(head, match):
                continue
            if form is _LEARNED and "。" in _CAPTION.sub("", before):
                break  # no dateline, but told in the course of the report
            origin = _read(match, _end(match, form))
            if origin.day is None and (learned := _LEARNED_ON.match(head, origin.end)):
                return origin._replace(day=_day(learned["month"], learned["day"]))
            return origin
    return _Origin()


def _is_signed(head: str, credit: re.Match[str]) -> bool:
    """Tell whether a medium's role names somebody, and for a report rather than a picture."""
    if credit["names"]:
        return bool(only_names(credit["names"]))
    at = credit.end()
    if _PICTURED.match(head, at):
        return False
    gap = _GAP.match(head, at)
    parted = bool(gap and gap[0]) or not head[:at].endswith(PLAIN_ROLES)
    at = gap.end() if gap else at
    return _LONG_NAME.match(head, at) is not None or any(listed_names(head, at, parted))


def _end(match: re.Match[str], form: re.Pattern[str]) -> int:
    """Where authors may follow: a credit's role itself announces the first."""
    if form is not _CREDITED:
        return match.end()
    return match.end("agency2") if match["agency2"] else match.start()


def _read(match: re.Match[str], end: int) -> _Origin:
    groups = match.groupdict()
    agency = groups["agency"] or next(
        (groups[f"agency{n}"] for n in range(2, 7) if groups.get(f"agency{n}")), None
    )
    day = _day(groups.get("month"), groups.get("day"))
    day = day or _day(groups.get("month2"), groups.get("day2"))
    year = int(groups["year"]) if groups.get("year") else None
    return _Origin(agency, groups.get("place"), day, year, end)


def _day(month: str | None, day: str | None) -> tuple[int, int] | None:
    if month is None or day is None or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return int(month), int(day)
