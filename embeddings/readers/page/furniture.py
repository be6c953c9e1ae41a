"""What stands on a page but in none of its articles.

Mastheads, editors' credits, continuation notes, notices and advertisements.
"""

import datetime
import re
from collections.abc import Sequence

from embeddings.numbers import whole_number
from embeddings.readers.cleaning import clean_text
from embeddings.readers.page.lines import PageLine

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?"
)
_HAN_DATE = re.compile(
    r"(?P<y>[一二三四五六七八九〇○零]{4})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
_WEEKDAY = re.compile(r"星期[一二三四五六日天]|周[一二三四五六日](?![\u4e00-\u9fff])")
_PAGE_NUMBER = re.compile(
    r"第\s*[\d一二三四五六七八九十]{1,3}\s*版|(?<![\dA-Za-z])[A-Z]?\d{1,2}\s*版"
    r"|^[A-D]?\d{1,2}$|(?<![\dA-Za-z])[A-D]\d{1,2}(?![\dA-Za-z])|总第\s*\d+\s*期|^\d{1,2}(?=\s)"
)
_LUNAR = re.compile(r"农历\S{2,12}|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年\S{0,8}")
_CONTACT = re.compile(
    r"(?:新闻)?(?:热线|电话|邮箱|E-?mail|电子信箱|邮编|网址)\s*[：:]?\s*[\w.@-]{5,}", re.I
)
_EDITORS = re.compile(
    r"(?:本版|值班|执行|责任|视觉|图片|文字|见习|首席|版式)*"
    r"(?:编\s*辑|责\s*编|主\s*编|美\s*编|编\s*委|版\s*式|校\s*对|组\s*版|审\s*读|审\s*校|检\s*校|制\s*图|设\s*计"
    r"|统\s*筹|终\s*审|总\s*监|监\s*制)"
    r"\s*[：:/／　 ]\s*(?:[\u4e00-\u9fff·]{1,4}[、，\s]*){1,4}"
)
_NOTE = re.compile(
    r"[（(【\[]?\s*[▶►→☞]*\s*(?:紧接|上接|下转|转|接|详见|更多内容见|相关报道见|见)\s*"
    r"(?:第\s*)?[A-Z]?\s*[\d一二三四五六七八九十]{1,3}\s*(?:、\d+)*\s*版(?:[·：:《“][^（）()，。]{0,12})?\s*[）)】\]]?"
)
_NOTE_LINE = re.compile(rf"^\s*{_NOTE.pattern}\s*$")
_NOTE_AT_EDGE = re.compile(
    r"^\s*[▶►→☞]*\s*(?:紧接|上接)\s*第?\s*[A-Z]?[\d一二三四五六七八九十]{1,3}\s*版\s*"
    r"|(?<=[。！？!?”▶►→☞\n])\s*[▶►→☞]*\s*下转\s*第?\s*[A-Z]?[\d一二三四五六七八九十]{1,3}\s*版\s*$|"
    r"^\s*[（(【\[][▶►→☞\s]*(?:紧接|上接)[^（）()]{1,14}?版[^（）()]{0,10}[）)】\]]\s*"
    r"|[（(【\[][▶►→☞\s]*下转[^（）()]{1,14}?版[^（）()]{0,10}[）)】\]]\s*$"
)
_NOTICE_TITLE = re.compile(
    r"^[\u4e00-\u9fff]{0,8}(?:声明|公告|通告|启事|公示|讣告|广告|招租|招聘|寻人|通知书|催收函)$"
    r"|^[\u4e00-\u9fff]{0,2}(?:通知|启示)$"
)
_NOTICE_WORDS = re.compile(
    r"(?:联系)?(?:电话|热线|手机|传真|联系人|地址|咨询)\s*[：:]\s*[\w（(]|声明作废|特此(?:公告|声明|通告)"
)
_NAMEPLATE = re.compile(
    r"^[\u4e00-\u9fff]{2,6}(?:日报|晚报|时报|晨报|都市报|商报|青年报|周刊|快报)$"
)
_NEWS = "新闻"
_NOTICE_TITLE_MAX = 12
_SECTION_MAX = 7
"""Longest line above the first article, in characters, that is taken for the section's name."""


def is_editors(text: str) -> bool:
    """Tell whether a line does nothing but name editors, as in 「责编 王明 校对 李红」."""
    return not _EDITORS.sub("", text).strip(" 　、，|｜;；") and bool(text.strip())


def is_note(text: str) -> bool:
    """Tell whether a line is but a continuation note, as in 「（下转第三版）」."""
    return text.count("（") == text.count("）") and _NOTE_LINE.match(text) is not None


def without_notes(text: str) -> str:
    """Return a paragraph without the continuation notes at its start and end."""
    return _NOTE_AT_EDGE.sub("", text)


def ends_in_note(text: str) -> bool:
    """Tell whether a text ends with a continuation note, or with the last part of one."""
    return without_notes(text) != text or re.search(r"版\s*[）)】\]]\s*$", text) is not None


def is_notice_title(text: str) -> bool:
    """Tell whether a line heads a notice or an advertisement, as 「遗失声明」 does."""
    bare = "".join(text.split())
    return len(bare) <= _NOTICE_TITLE_MAX and _NOTICE_TITLE.match(bare) is not None


def has_notice_words(text: str) -> bool:
    """Tell whether a text gives a number to call, or has a notice's formulas."""
    return _NOTICE_WORDS.search(text) is not None


def printed_date(lines: Sequence[PageLine]) -> datetime.date | None:
    """Return the day that the masthead names, or None."""
    for line in lines:
        text = "".join(line.text.split())
        match = _DATE.search(text)
        try:
            if match:
                return datetime.date(*(int(match[part]) for part in "ymd"))
            match = _HAN_DATE.search(text)
            if match:
                numerals = (match[part].replace("○", "〇") for part in "ymd")
                return datetime.date(*(whole_number(numeral) or 0 for numeral in numerals))
        except ValueError:
            continue
    return None


def is_masthead(text: str) -> bool:
    """Tell whether a line is a masthead's: a date, a page's number, a nameplate."""
    bare = "".join(text.split())
    rest = masthead_rest(text)
    return (rest != bare and len(rest) <= _SECTION_MAX) or _NAMEPLATE.match(bare) is not None


def is_running_head(text: str) -> bool:
    """Tell whether a line could be nothing but a masthead: it has a weekday or 「第…版」."""
    return is_masthead(text) and bool(_WEEKDAY.search(text) or re.search(r"第.{1,4}版", text))


def masthead_rest(text: str) -> str:
    """Return what is left of a masthead's line without date, number, editors: its section."""
    rest = " ".join(text.split())
    for pattern in (_EDITORS, _DATE, _HAN_DATE, _LUNAR, _WEEKDAY, _CONTACT, _PAGE_NUMBER):
        rest = pattern.sub(" ", rest)
    return re.sub(r"[\s|｜·•/／—-]+", "", rest)


def is_section(text: str) -> bool:
    """Tell whether a line above the first article is short enough for a section's name."""
    return len(clean_text(text)) <= _SECTION_MAX


def section_name(lines: Sequence[PageLine]) -> str | None:
    """Join the masthead's words; 新闻 is set small beside a section's name."""
    words = [rest for line in lines if (rest := clean_text(masthead_rest(line.text)))]
    name = "".join(word for word in words if not _NAMEPLATE.match(word))
    if name.startswith(_NEWS) and len(name) > len(_NEWS):
        name = name.removeprefix(_NEWS) + _NEWS
    return name or None
