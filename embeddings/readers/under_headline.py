"""Lines that stand between a headline and its text: who wrote it, the day, the source."""

import datetime
import re

from embeddings.readers.bylines import names
from embeddings.readers.dates import parse_date
from embeddings.readers.names import COMMON_WORD, is_chinese_name, may_be_name
from embeddings.readers.outlets import ANY_OUTLET, OUTLETS, PLACES
from embeddings.readers.page.furniture import masthead_rest, printed_date
from embeddings.readers.page.lines import PageLine
from embeddings.tokens import word_frequency

_GAP = r"[\s：:/／|｜丨]"
_BYLINE = re.compile(
    rf"^\s*(?:本报|新华社)?(?:(?:记者|通讯员|作者)(?P<gap>{_GAP}*)"
    rf"|(?P<written>文(?:\s*[/／、]?\s*图)?|图\s*[/／、]?\s*文){_GAP}+)(?P<names>\S.{{0,40}})$"
)
_FILED_FROM = re.compile(rf"\s(?:{PLACES})(?:报道|专电)?\s*$")
_LINE_MAX = 60
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[一二][〇○零一二三四五六七八九]{3}年")
_DAY = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*日")
_CLOCK = re.compile(
    r"(?:[上下]午|凌晨|早上|晚上)?\s*(?:(?:T|(?<!\d))\d{1,2}\s*[:：]\s*\d\d(?:\s*[:：]\s*\d\d)?"
    r"(?:Z|[+-]\d\d:?\d\d)?|(?<!\d)\d{1,2}[时時点]\d{0,2}分?)"
)
_WORDS = re.compile(r"\w+")
_LABELS = re.compile(
    r"(?:发[布表稿]|更新|出版|刊发|创建)(?:时间|日期|于)?\s*[：:]?|(?:时间|日期)\s*[：:]?"
    r"|(?:(?:来源|稿源|作者|记者|(?:责任)?编辑|责编|浏览|阅读|点击|评论)[\u4e00-\u9fff]{0,2}\s*[：:]"
    r"|(?:来源|稿源|分享|打印|字号|字体)(?=\s|到|$)).*$"
)
"""What a date is announced by; a source, an editor, a counter or buttons to the line's end."""
_WORD_MAX = 4
"""Characters of one word that may stand beside a date, set off by spaces: a place, a section."""
_MEDIUM = re.compile(rf"(?:{OUTLETS}|{ANY_OUTLET})$")


def byline_authors(line: str) -> tuple[str, ...]:
    """Return the authors of a line that does nothing but name them, or nothing.

    Where neither a space nor a mark parts the role from the names, the line may as well be a
    headline, as 「记者节的由来」 is: then they must have the form of Chinese names.
    """
    match = _BYLINE.match(line)
    if match is None:
        return ()
    found = names(_FILED_FROM.sub("", match["names"]))
    is_name = may_be_name if match["gap"] or match["written"] else _is_plain_name
    return found if all(map(is_name, found)) else ()


def _is_plain_name(text: str) -> bool:
    return is_chinese_name(text) and word_frequency(text) < COMMON_WORD


def is_date_line(line: str) -> bool:
    """Tell whether a line is but a date, with or without its year, and its time and source."""
    if day_of(line) is not None:
        return True
    return len(line) <= _LINE_MAX and _DAY.search(line) is not None and not _beside_date(line)


def day_of(line: str) -> datetime.date | None:
    """Return the day of a line that is but a date, its time and its source, or None.

    Parsing other forms is slow, so that is done only where a year stands.
    """
    if len(line) > _LINE_MAX or not _YEAR.search(line):
        return None
    written = printed_date([PageLine(1, _CLOCK.sub(" ", line), True)])
    if written is None:
        return parse_date(line)
    beside = _beside_date(line)
    if not beside or (beside in _WORDS.findall(line) and _may_stand_beside(beside)):
        return written
    return None


def _may_stand_beside(word: str) -> bool:
    return len(word) <= _WORD_MAX or _MEDIUM.match(word) is not None


def _beside_date(line: str) -> str:
    """Return what is left of a line without its date, its time and its source."""
    rest = masthead_rest(_LABELS.sub(" ", _CLOCK.sub(" ", line)))
    return "".join(_WORDS.findall(_DAY.sub("", rest)))
