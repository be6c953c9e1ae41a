"""Who is credited with a report: in its opening, at its end, and under its pictures."""

import re
from collections.abc import Iterator

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
    r"(?:^|(?<=[。！？”）)（(\s发/／]))(?P<name>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2})\s*[/／]?\s*"
    r"摄(?![影像氏取入制食政]|$)"
    r"|(?:记者|通讯员)\s*(?P<credited>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3}?)\s*"
    r"(?:文\s*)?[/／、]?\s*(?:摄(?!影[^报])|图(?![片为书]))"
    r"|发\s*[（(](?P<foreign>[\u4e00-\u9fff·]{4,20})摄[）)]"
    r"|(?:拍摄|摄影|摄像)\s*[：:]\s*(?P<listed>[\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])"
)
_BEFORE_NUMBER = re.compile("(?<=[\u4e00-\u9fff]{2})[第近约超逾]$")
_FUNCTION_WORDS = frozenset("向和于都时应经连就对还也再又")
_RUN_ON_MAX = 12
_TAIL = 160
_AFTER_TEXT = re.compile(
    r"(?:返回搜狐[，,]?\s*查看更多.*|[（(\[]?责任编辑[：:].*|分享让更多人看到.*|[（(]完[）)]\s*|本版导读.*"
    r"|本文链接[：:]\s*\S+|新闻线索.*|(?:图片)?版权归.*|[*＊]\S{0,14}独家稿件.*"
    r"|(?:未经授权|转载)[^。]{0,20}。?)\s*$",
    re.S,
)
_SOURCE = re.compile(
    r"[（(【]?(?:文章|本文|视频|图片)?来\s?源[：:丨|]\s*[^\s。，）)】]{2,30}[）)】]?\s*$"
)
_EDITED = re.compile(
    r"(?:责任|流程|值班|实习|见习)?编辑|责编|编审|校对|审核|监制|统筹|设计|[一二三初终]审|来\s?源|出品"
)
_MARKED_CLOSE = re.compile(
    r"[□■●▲◎]\s*(?P<name>[\u4e00-\u9fff\s]{2,5}?)\s*(?:[（(][^（）()]{1,10}[）)]\s*)*$"
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
        if match["name"]:
            found += [n for n in names(match["name"]) if is_chinese_name(n)]
        else:
            found += _valid(names(match["credited"] or match["listed"] or match["foreign"]))
    return tuple(found)


def _bracketed_close(tail: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for match in _BRACKETS.finditer(tail):
        inside = _SOURCE.sub("", match["inside"])
        if _ROLE.search(inside):
            found = _valid(names(inside)) or found
        elif match.end() == len(tail):
            found = only_names(_EDITED.split(inside)[0]) or found
    return found


def _plain_close(tail: str) -> tuple[str, ...]:
    if marked := _MARKED_CLOSE.search(tail):
        return only_names(marked["name"])
    last = _FROM_PLACE.sub("", re.split(r"[。！？]”?", tail)[-1])[-80:]
    match = _ROLE.search(last)
    if match is None:
        return ()
    return _valid(names(_EDITED.split(last[match.start() :])[0]))


def _valid(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in found if may_be_name(name))
