"""Who is credited with a report: in its opening, at its end, and under its pictures."""

import re
from collections.abc import Iterator
from itertools import takewhile

from embeddings.readers.bylines import ROLE, cut_photo_credit, names, only_names
from embeddings.readers.names import COMMON_WORD, is_chinese_name, may_be_name, split_run
from embeddings.readers.outlets import OUTLETS, PLACES
from embeddings.tokens import word_cutter, word_frequency

_BRACKETS = re.compile(r"[（(【](?P<inside>[^（）()【】]{2,80})[）)】]")
_ROLE = re.compile(ROLE)
_LEAD = (
    rf"(?:{PLACES})?报道|近日|日前|昨[日天]|今[日天年]|近[期年]|当[日天前]|目前|连日|随着|由于|为|在|从|据"
    r"|自|当地|于|记者|图[为片]|[/／]|[文图摄]\s*[/／、图摄）)]"
)
"""Words that a report goes on with after a byline that nothing parts from it."""
_WRITTEN = r"(?:(?:图\s*)?文\s*[/／|｜丨︱]|[►▶▸]\s*文\s)"
_WRITTEN_INSIDE = re.compile(rf"\s*{_WRITTEN}")
_CREDIT = re.compile(
    rf"(?:(?P<written>{_WRITTEN})(?:\s*{OUTLETS}\s*)?(?:{ROLE})?|(?P<role>{ROLE}))"
    rf"(?P<gap>\s*[：:/／|｜丨︱]?\s*)(?:{OUTLETS}\s+)?(?=[\u4e00-\u9fff]{{2}})"
)
_PLAIN_ROLE = frozenset(("记者", "作者"))
_TOKEN = re.compile(
    rf"(?P<token>(?:(?!{ROLE})[\u4e00-\u9fff])+)(?P<more>[\s、]+(?=[\u4e00-\u9fff]{{2}})(?!{ROLE}))?"
)
_BEFORE_LEAD = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?:{_LEAD})")
# Two-character names are often set with a space inside.
SPACED_NAME = re.compile(r"(?<=[\s：:、])([\u4e00-\u9fff])\s([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_NOT_CREDITED = re.compile(
    r"(?:从|在|了解|获悉|注意|采访|日前|近日|今日|昨日|走进|来到|致电|调研|调查|独家|实地|随机|现场|梳理"
    r"|问|会|联系|看到|发现|就此)"
)
_PHOTO = re.compile(
    r"(?:^|(?<=[。！？”）)（(\s发/／段局端]))(?P<name>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2})\s*[/／]?\s*"
    r"摄(?![影像氏取入制食政]|$)"
    r"|(?:记者|通讯员)\s*(?P<credited>[\u4e00-\u9fff](?:[\s、]?[\u4e00-\u9fff]){1,9}?)"
    r"(?:\s*(?:文\s*并?\s*)?[/／、]?\s*摄(?!影[^报]|像)|\s*供图|\s*(?:文\s*)?[/／、]\s*图(?![片为书])|(?<![试意企力地视插截])\s*图(?![片为书]))"
    rf"|(?<![\u4e00-\u9fff])(?P<owner>[\u4e00-\u9fff]{{2,3}})\s*[/／]\s*[^\s，。/／：]{{2,12}}(?:\s[A-Z]+)?\s+图"
    r"|发\s*[（(](?P<foreign>[\u4e00-\u9fff·]{2,20})摄[）)]"
    rf"|(?:拍摄|摄影|摄像)\s*[：:/／|｜丨]\s*(?:{OUTLETS})?(?:记者\s*)?(?P<listed>[\u4e00-\u9fff]{{2,3}})(?![\u4e00-\u9fff])"
)
_BEFORE_NUMBER = re.compile("(?<=[\u4e00-\u9fff]{2})[第近约超逾]$")
_FUNCTION_WORDS = frozenset("向和于都时应经连就对还也再又")
_LEADING = re.compile(rf"^\s*{OUTLETS}\s+(?P<name>[\u4e00-\u9fff]{{2,3}})\s+(?=\d|近日|日前)")
"""A medium and its reporter, by their names alone."""
_RUN_ON_MAX = 12
_TAIL = 160
_CLOSE_MAX = 80
"""Longest line of credits at the end that is read whole."""
_AFTER_TEXT = re.compile(
    r"(?:(?<=[）)】])\s*(?:责任编辑|编辑|责编|校对|审核|关键词)\s*[：:/／|｜丨 ][^。]{1,80}"
    r"|投稿邮箱[：:].*|[【\[]爆料[】\]].*|爆料、.*|声明[：:]\s*此文.*|[^。]{0,12}版权作品，.*"
    r"|返回搜狐[，,]?\s*查看更多.*|[（(\[]?责任编辑[：:].*|分享让更多人看到.*|[（(]完[）)]\s*|本版导读.*"
    r"|本文链接[：:]\s*\S+|新闻线索.*|(?:图片)?版权归.*|[*＊]\S{0,14}独家稿件.*"
    r"|(?:未经授权|转载)[^。]{0,20}。?)\s*$",
    re.S,
)
_SOURCE = re.compile(
    r"[（(【]?(?:文章|本文|视频|图片)?来\s?源[：:丨|]\s*[^\s。，）)】]{2,30}[）)】]?\s*$"
)
_SOURCE_LABEL = re.compile(rf"^\s*来\s?源[：:丨|]\s*{OUTLETS}\s*")
_EDITED = re.compile(
    r"(?:责任|流程|值班|实习|见习)?编辑|责编|摘编|整编|编审|指导[：:]|校对|审核|监制|统筹|设计|[一二三初终]审|来\s?源|出品"
)
_MARKED_CLOSE = re.compile(
    r"[□■●▲◎]\s*(?P<name>[\u4e00-\u9fff\s]{2,5}?)\s*(?:[（(][^（）()]{1,10}[）)]\s*)*$"
)
_SENTENCE_ENDS = ("。", "！", "？", "”", "…")
_EMPLOYER_MIN = 3
_NAME_MAX = 4
_SEPARATED = re.compile("[：:；;，,]")
_BODY = re.compile(
    r"^[\u4e00-\u9fff]{4,}(?:[区县市省镇乡局院队所馆厅社报网台部州村]|[社报网台]\S+)$"
)
_FROM_PLACE = re.compile(r"\s[\u4e00-\u9fff]{2,6}报道\s*$")


def opening_authors(head: str, at: int) -> tuple[str, ...]:
    """Return who is named in a report's opening; its dateline ends at ``at``, 0 without one."""
    for match in _BRACKETS.finditer(head):
        inside = match["inside"]
        after_dateline = 0 < at <= match.start() and not head[at : match.start()].strip()
        if _ROLE.search(inside) or _WRITTEN_INSIDE.match(inside) or after_dateline:
            found = _valid(names(inside))
            if found:
                return found
    if (leading := _LEADING.match(head)) and is_chinese_name(leading["name"]):
        return (leading["name"],)
    credited: tuple[str, ...] = ()
    for match in _CREDIT.finditer(head):
        between = only_names(head[at : match.start()]) if at and not credited else ()
        credited += between + tuple(_listed(head, match.end(), _is_parted(match)))
    return credited


def _is_parted(credit: re.Match[str]) -> bool:
    """Tell whether a name must follow: a space or mark does so, or more than the bare role."""
    return bool(credit["gap"] or credit["written"] or credit["role"] not in _PLAIN_ROLE)


def _listed(head: str, at: int, parted: bool) -> Iterator[str]:
    """Yield the names listed from ``at``; the last may run into the text that follows.

    Where not even a space parts the first from the role, it must end clearly: 「记者高兴地说」.
    """
    while match := _TOKEN.match(head, at):
        token = match["token"]
        if head[match.end("token") :][:1].isdigit():
            token = _BEFORE_NUMBER.sub("", token)
        if _NOT_CREDITED.match(token):
            return
        whole = [name for name in split_run(token) if is_chinese_name(name)]
        if "".join(whole) == token:
            yield from whole
        else:
            cut = _before_lead(token, head[match.end("token") :]) or (
                _run_on(token) if parted else ""
            )
            if cut:
                yield cut
            return
        if not match["more"]:
            return
        at, parted = match.end(), True


def _before_lead(token: str, after: str) -> str:
    match = _BEFORE_LEAD.match(token + after[:1])
    return match["name"] if match and is_chinese_name(match["name"]) else ""


def _run_on(token: str) -> str:
    """Return the name that a text goes on after without a break, cut off as a word."""
    words: list[str] = word_cutter().lcut(token[:_RUN_ON_MAX])
    if words[0] in _FUNCTION_WORDS:
        return ""
    name = "".join(words[:2]) if len(words[0]) == 1 else words[0]
    return name if is_chinese_name(name) and word_frequency(name) < COMMON_WORD else ""


def closing_authors(text: str) -> tuple[str, ...]:
    """Return who is named at a report's end, what a site adds below it left out."""
    tail = text[-_TAIL:].rstrip()
    for _ in range(4):
        tail = _AFTER_TEXT.sub("", tail).rstrip()
        found = _bracketed_close(tail) or _plain_close(tail) or cut_photo_credit(tail)[0]
        if found:
            return found
        without_source = _SOURCE.sub("", tail).rstrip()
        if without_source == tail:
            return ()
        tail = without_source
    return ()


def photographers(text: str) -> tuple[str, ...]:
    """Return who took the pictures whose captions stand in the text."""
    if "摄" not in text and "图" not in text:
        return ()
    found: list[str] = []
    for match in _PHOTO.finditer(text):
        if name := match["name"] or match["owner"]:
            found += [n for n in names(name) if is_chinese_name(n)]
        elif credited := match["credited"]:
            several = only_names(credited)
            alone = len(credited) <= _NAME_MAX and match[0].endswith("摄")
            found += several or (_valid(names(credited)) if alone else ())
        else:
            found += _valid(names(match["listed"] or match["foreign"]))
    return tuple(found)


def _bracketed_close(tail: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for match in _BRACKETS.finditer(tail):
        inside = _SOURCE.sub("", match["inside"])
        if _ROLE.search(inside) or _WRITTEN_INSIDE.match(inside):
            found = _valid(names(inside)) or found
        elif match.end() == len(tail):
            found = _signed(_EDITED.split(inside)[0]) or found
        elif tail[: match.start()].rstrip().endswith(_SENTENCE_ENDS):
            several = only_names(inside)  # a picture's caption may follow
            found = (several if len(several) > 1 else ()) or found
    return found


def _signed(inside: str) -> tuple[str, ...]:
    """Return the names that a signature is or ends with: 「海外网 王珊宁」."""
    if found := only_names(inside):
        return found
    employer, _, last = inside.strip().rpartition(" ")
    if _SEPARATED.search(inside) or len(employer) < _EMPLOYER_MIN or not is_chinese_name(last):
        return ()
    return (*_signed(employer), last) if is_chinese_name(employer.split()[-1]) else (last,)


def _plain_close(tail: str) -> tuple[str, ...]:
    if marked := _MARKED_CLOSE.search(tail):
        return _valid(names(marked["name"]))
    last = _FROM_PLACE.sub("", re.split(r"[。！？]”?", tail)[-1])
    whole, last = len(last) <= _CLOSE_MAX, last[-_CLOSE_MAX:]
    match = _ROLE.search(last)
    if match is None:
        return ()
    before = _leading_names(last[: match.start()]) if whole else ()
    return before + _valid(names(_EDITED.split(last[match.start() :])[0]))


def _leading_names(text: str) -> tuple[str, ...]:
    """Return the names that stand before a credit, its medium left out: 「曹再陇 红星新闻」."""
    text = _SOURCE_LABEL.sub("", text)
    found = takewhile(is_chinese_name, re.split(r"[\s、]+", text.strip()))
    return tuple(name for name in found if word_frequency(name) < COMMON_WORD)


def _valid(found: tuple[str, ...]) -> tuple[str, ...]:
    whole = (_without_place(name) for name in found)
    return tuple(name for name in whole if may_be_name(name))


def _without_place(name: str) -> str:
    """Cut off what stands behind a name with nothing between: 「杜文婷郫都区」."""
    return (_run_on(name) or name) if _BODY.search(name) else name
