"""What shows that an article begins in a line of a page: a mark, a byline, a dateline."""

import functools
import re

from embeddings.readers.bylines import is_byline
from embeddings.readers.cleaning import REPLACEMENT
from embeddings.readers.page.lines import ends_sentence

MARK = re.compile(rf"^\s*(?:{REPLACEMENT}+|[□■●▲◆◇★]+)\s*")
"""The ornament of an opening, or what extraction left of it."""
LOCAL = re.compile(r"^\s*本\s*报\s*(?:综\s*合\s*)?(?:\S{2,6}\d+月\d+日)?[讯电]\s*(?:[（(\s]|\d|$)")
"""「本报讯」: the paper's own report."""
AGENCY = re.compile(
    r"^\s*(?!据)(?:本报|[\u4e00-\u9fff]{2,8}[社网报台闻])\s*[^，。：（(]{0,16}?(?:\d+\s*月\s*)?\d+\s*日\s*(?:电|讯|报道|消息)"
    r"(?!称|说|指出|显示|认为|援引)"
)
"""A dateline: 「新华社北京7月18日电」."""
CAPTION_START = re.compile(r"^\s*(?:▲|△|▼|图为|上图|下图|左图|右图|图①|如图)")
_CITED = re.compile(r"^\s*据[^，。]{2,20}(?:报道|消息|电)[，：:\s]")


@functools.lru_cache(maxsize=4096)
def opening_of(text: str, after: str | None) -> str:
    """Return what opens an article in this line, or nothing.

    ``after`` is the line directly above it, None where there is a gap. Weak marks open only
    where a sentence has ended.
    """
    mark = MARK.match(text)
    if mark and REPLACEMENT in mark[0]:
        return "记号 mark"
    rest = text[mark.end() :] if mark else text
    if LOCAL.match(rest):
        return "本报讯 byline"
    announced = AGENCY.match(rest) or _CITED.match(rest) or is_byline(rest)
    if CAPTION_START.match(text) and not announced:
        return ""
    if after is not None and not ends_sentence(after) and not mark:
        return ""
    if AGENCY.match(rest):
        return "电头 dateline"
    if is_byline(rest) and (mark or after is None):
        return "署名 byline"
    if mark:
        cited = _CITED.match(rest)
        return "据……报道 source" if cited else "记号 mark"
    return ""
