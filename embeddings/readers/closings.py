"""Who is credited at a report's end, below which a site may have added much of its own."""

import re
from itertools import takewhile

from embeddings.readers.bylines import ROLE, cut_photo_credit, names, only_names
from embeddings.readers.credits import BRACKETS, SPACED_NAME, WRITTEN_INSIDE
from embeddings.readers.listed import listed_names, run_on_name
from embeddings.readers.names import COMMON_WORD, is_chinese_name, may_be_name
from embeddings.readers.outlets import OUTLETS
from embeddings.tokens import word_frequency

_SENT = r"(?<!图)文\s*[/／]|供稿\s*[：:|｜丨/－-]|(?:文字|文图|图文)\s*[：:|｜丨/]"
"""Credits that only a mark tells from running text."""
_ROLE = re.compile(rf"{ROLE}|{_SENT}")
_TAIL = 160
_CLOSE_MAX = 80
"""Longest line of credits at the end that is read whole."""
_FAR_TAIL = 320
"""How far from the end a credit may stand that medium, role and spaces make plain."""
_AFTER_TEXT = re.compile(
    r"(?:(?<=[）)】])\s*(?:责任编辑|编辑|责编|校对|审核|关键词)\s*[：:/／|｜丨 ][^。]{1,80}"
    r"|投稿邮箱[：:].*|[【\[]爆料[】\]].*|爆料、.*|声明[：:]\s*此文.*|[^。]{0,12}版权作品，.*"
    r"|返回搜狐[，,]?\s*查看更多.*|[（(\[]?责任编辑[：:].*|分享让更多人看到.*|[（(]完[）)]\s*|本版导读.*"
    r"|本文链接[：:]\s*\S+|新闻线索.*|(?:图片)?版权归.*|[*＊]\S{0,14}独家稿件.*"
    r"|(?:未经授权|转载)[^。]{0,20}。?"
    rf"|(?<=[）)】])[（(](?:{OUTLETS}|[\u4e00-\u9fff]{{2,8}}(?:日报|晚报|晨报|客户端|新闻网|网))[）)])\s*$",
    re.S,
)
_SOURCE = re.compile(
    rf"[（(【]?(?:文章|本文|视频|图片)?来\s?源[：:丨|]\s*(?:(?!{ROLE})[^\s。，）)】]){{2,30}}[）)】]?\s*$"
)
_SOURCE_LABEL = re.compile(rf"^\s*来\s?源[：:丨|]\s*(?:{OUTLETS}\s*)?")
_EDITED = re.compile(
    r"(?:责任|流程|值班|实习|见习)?编辑|责编|摘编|整编|编审|指导[：:]|校对|审核|监制|统筹|设计|视觉|剪辑\s*[：:|｜丨]|[一二三初终]审|来\s?源|出品"
)
_EDITED_OR_ROLE = re.compile(rf"(?P<edited>{_EDITED.pattern})|{_ROLE.pattern}")
_INTERN = ("实习", "见习")
_OPENED = re.compile("[（(【]")
_MARKED_CLOSE = re.compile(
    r"[□■●▲◎]\s*(?P<name>[\u4e00-\u9fff\s]{2,5}?)\s*(?:[（(][^（）()]{1,10}[）)]\s*)*$"
)
_SENTENCE_ENDS = ("。", "！", "？", "”", "…")
_EMPLOYER_MIN = 3
_BETWEEN = re.compile(r"[\s、]+")
_SEPARATED = re.compile("[：:；;，,]")
_JOINED = re.compile("[/／-]")
_PHOTO = re.compile("(?<=[\u4e00-\u9fff]{2})摄$")
_BODY = re.compile(
    r"^[\u4e00-\u9fff]{4,}(?:[区县市省镇乡局院队所馆厅社报网台部州村]|[社报网台]\S+)$"
)
_UNIT = re.compile(r"[\u4e00-\u9fff]{2,14}(?:[队局院所站办处科室会社园委]|交警|公安|中心)")
_FROM_PLACE = re.compile(r"\s(?:[\u4e00-\u9fff]{2,6}报道|发自[\u4e00-\u9fff]{2,8})\s*$")
_SIGNED_FOR = re.compile(
    r"[^\s。，：:]{2,14}?(?:[报社网闻评台刊队局院会委]|财经|中心)\s+(?P<name>[\u4e00-\u9fff]{2,3})\s*$"
)
_PLAIN_CREDIT = re.compile(
    rf"(?:^|(?<=[\s。！？”）)】│▊✪■□●道])|{OUTLETS})(?P<role>{ROLE})(?P<gap>\s*[：:|｜丨]\s*|\s+)(?=[\u4e00-\u9fff]{{2}})"
)
_ANY_ROLE = re.compile(ROLE)
_SPEAKS = re.compile(r"\s*[：:，,]")


def closing_authors(text: str) -> tuple[str, ...]:
    """Return who is named at a report's end, what a site adds below it left out."""
    tail = text[-_TAIL:].rstrip()
    for _ in range(5):
        tail = _AFTER_TEXT.sub("", tail).rstrip()
        if found := _bracketed(tail) or _plain(tail) or cut_photo_credit(tail)[0]:
            return found
        without_source = _SOURCE.sub("", tail).rstrip()
        if without_source == tail:
            break
        tail = without_source
    return _unsigned(tail) or _far_from_end(text[-_FAR_TAIL:])


def _bracketed(tail: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for match in BRACKETS.finditer(tail):
        inside = _SOURCE.sub("", match["inside"])
        if _ROLE.search(inside) or WRITTEN_INSIDE.match(inside):
            found = _valid(names(inside)) or found
        elif match.end() == len(tail):
            found = _signed(_EDITED.split(inside)[0]) or found
        elif tail[: match.start()].rstrip().endswith(_SENTENCE_ENDS):
            several = only_names(inside)  # a picture's caption may follow
            found = (several if len(several) > 1 else ()) or found
    return found


def _signed(inside: str) -> tuple[str, ...]:
    """Return the names that a signature is or ends with: 「海外网 王珊宁」."""
    inside = _JOINED.sub(" ", inside).strip()
    if found := only_names(inside) or _mostly_names(inside):
        return found
    employer, _, last = inside.rpartition(" ")
    if _SEPARATED.search(inside) or len(employer) < _EMPLOYER_MIN or not is_chinese_name(last):
        return ()
    before = employer.split()[-1]
    colleague = is_chinese_name(before) and word_frequency(before) < COMMON_WORD
    return (*_signed(employer), last) if colleague else (last,)


def _mostly_names(inside: str) -> tuple[str, ...]:
    """Return the names of a list in which some have no common surname."""
    listed = names(inside)
    sure = sum(map(is_chinese_name, listed))
    if not listed or not is_chinese_name(listed[0]) or 3 * sure < 2 * len(listed):
        return ()
    return listed if len(listed) > 2 and all(map(may_be_name, listed)) else ()


def _plain(tail: str) -> tuple[str, ...]:
    if marked := _MARKED_CLOSE.search(tail):
        return _valid(names(marked["name"]))
    last = _FROM_PLACE.sub("", re.split(r"[。！？]”?", tail)[-1])
    whole, last = len(last) <= _CLOSE_MAX, last[-_CLOSE_MAX:]
    first = _ROLE.search(last)
    credits = _without_editors(last)
    match = _ROLE.search(credits)
    if first is None or match is None:
        return ()
    before = _leading_names(last[: first.start()]) if whole else ()
    return before + _valid(names(credits[match.start() :]))


def _without_editors(credits: str) -> str:
    """Leave out each editor's name, up to the next role that is none; their interns too."""
    kept, at, edited = "", 0, ""
    for match in _EDITED_OR_ROLE.finditer(credits):
        if edited and "源" not in edited and match[0].startswith(_INTERN):
            continue
        if not edited:
            kept += credits[at : match.start()]
        edited, at = match["edited"] or "", match.start()
    if not edited:
        kept += credits[at:]
    return _OPENED.sub(" ", kept)


def _leading_names(text: str) -> tuple[str, ...]:
    """Return the names that stand before a credit, its medium left out: 「曹再陇 红星新闻」."""
    text = _SOURCE_LABEL.sub("", text)
    found = takewhile(is_chinese_name, _BETWEEN.split(text.strip()))
    return tuple(name for name in found if word_frequency(name) < COMMON_WORD)


def _unsigned(tail: str) -> tuple[str, ...]:
    """Return the names that end a report with no role: 「上游新闻 牛泰编辑：龙春晖」."""
    last = re.split(r"[。！？…）)]”?", tail)[-1]
    last = _SOURCE_LABEL.sub("", _EDITED.split(last)[0] or last).strip()
    if match := _SIGNED_FOR.fullmatch(last):
        found: tuple[str, ...] = (match["name"],)
    else:
        found = tuple(_BETWEEN.split(SPACED_NAME.sub(r"\1\2", last)))
    rare = (is_chinese_name(name) and word_frequency(name) < COMMON_WORD for name in found)
    return found if all(rare) else ()


def _far_from_end(tail: str) -> tuple[str, ...]:
    """Return who is plainly credited above what a site added; nobody who is quoted."""
    found: list[str] = []
    if not _ANY_ROLE.search(tail):
        return ()  # most texts; looking for outlets at every character takes long
    for match in _PLAIN_CREDIT.finditer(tail):
        listed = [*listed_names(tail, match.end(), parted=False)]
        if match["role"].startswith(_INTERN) and not found:
            continue  # an editor's
        if listed and not _SPEAKS.match(
            tail, tail.index(listed[-1], match.end()) + len(listed[-1])
        ):
            found += listed
    return tuple(found)


def _valid(found: tuple[str, ...]) -> tuple[str, ...]:
    whole = (_without_place(_without_unit(_PHOTO.sub("", name))) for name in found)
    return tuple(name for name in whole if may_be_name(name))


def _without_place(name: str) -> str:
    """Cut off what stands behind a name with nothing between: 「杜文婷郫都区」."""
    return (run_on_name(name) or name) if _BODY.search(name) else name


def _without_unit(name: str) -> str:
    """Cut off the office that stands before a name: 「信阳高速交警王方杰」."""
    match = _UNIT.match(name)
    return name[match.end() :] if match and is_chinese_name(name[match.end() :]) else name
