"""Looks in a sentence for the kind of thing that a question wants: figures, times, persons."""

import functools
import re
from collections.abc import Callable

from embeddings.dictionary import word_tagger
from embeddings.sentences import Span
from qa.question import Question

_DIGITS = r"\d[\d,.]*\d|\d|[〇零一二两三四五六七八九十百千]+"
_SCALE = r"(?:多|余)?[十百千万亿]*(?:多|余)?"
_UNIT = (
    r"(?:个百分点|平方公里|平方米|立方米|公里|公斤|英里|人次|人民币|美元|[%％‰℃]|[\u4e00-\u9fff])?"
)
_FIGURE = re.compile(rf"(?:百分之)?(?P<number>(?:{_DIGITS}){_SCALE})\s*(?P<unit>{_UNIT})")
_TIME = re.compile(
    r"(?:公元前?\s*)?\d{2,4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*[日号])?"
    r"(?:\s*\d{1,2}\s*时(?:\s*\d{1,2}\s*分)?)?"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?(?:[上中下]旬|底|初)?|\d{1,2}\s*[日号]"
    r"|\d{1,2}\s*[时点:]\s*\d{1,2}分?|\d{1,2}世纪(?:\d{2}年代)?"
    r"|[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}[日号])?"
    r"|[〇零一二三四五六七八九]{2,4}年|(?:前|昨|今|明|当)[天日年晚]|去年"
    r"|(?:周|星期|礼拜)[一二三四五六日天]"
)
_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿]")
_VAGUE = re.compile(r"一[些点下定切直起样般致]|许多|很多|不少|若干")
_ASKED_UNIT = re.compile(r"(?:多少|几)\s*([\u4e00-\u9fff])")
_ASKED_KIND = re.compile(
    r"(?:哪(?:一)?[个些种项家座所名支条位句]?|什么|何种|which |what )\s*(?P<after>\w+)"
    r"|(?P<before>[\u4e00-\u9fff]{2})(?:是|为|有|由|叫)?(?:多少|几|谁|什么|啥|哪)"
)
_SHORT_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_KEPT_LENGTH = 300
"""Characters of a text whose words are kept for the next time: sentences, and no odd questions."""
NAME_TAGS = ("nr", "ns", "nt", "nz")
"""How jieba's tags begin of persons, places, bodies and other things with a name."""
NAMES = (*NAME_TAGS, "eng")
"""The same, and of foreign words."""
_NAMES_AND_FIGURES = (*NAMES, "m", "x")


def type_evidence(question: Question, simplified: str) -> float:
    """Return 1 if a sentence has the figure, time or person that a question wants, -1 if not.

    What the question itself names does not count: 「7月开了几次会」 is not answered by 「7月」.
    For other wants nothing can be told: 0.
    """
    finders: dict[str, Callable[[str], tuple[str, ...]]] = {
        "figure": _figures,
        "time": _times,
        "person": persons,
    }
    if question.wants not in finders:
        return 0.0
    found = finders[question.wants](simplified)
    return 1.0 if any(item not in question.own for item in found) else -1.0


def unit_evidence(question: Question, simplified: str) -> float:
    """Return 1 if a figure has the unit asked for (「多少家」: 「36家」), -1 if none, else 0."""
    asked = _ASKED_UNIT.search(question.own)
    if asked is None or question.wants != "figure":
        return 0.0
    units = (m["unit"] for m in _FIGURE.finditer(simplified))
    return 1.0 if any(unit.startswith(asked[1]) for unit in units) else -1.0


def kind_evidence(question: Question, simplified: str) -> float:
    """Return the share of the kind asked for (「哪个园区」: 园区) that a sentence has, or 1."""
    asked = _ASKED_KIND.search(question.own)
    if asked is None:
        return 1.0
    kind = (asked["after"] or asked["before"])[:2]
    return sum(character in simplified for character in kind) / len(kind)


def kind_of_span(question: Question, simplified: str) -> float:
    """Return 1 if the words of an answer are of the kind asked for, -1 if not, 0 if unsure."""
    if question.wants == "figure":
        return 1.0 if _NUMERAL.search(simplified) else -1.0
    if question.wants == "time":
        if _TIME.search(simplified):
            return 1.0
        return 0.0 if _NUMERAL.search(simplified) else -1.0
    if question.wants == "person":
        return 1.0 if _SHORT_NAME.fullmatch(simplified) or persons(simplified) else -1.0
    return 0.0


def missing_names(question: Question, simplified: str) -> float:
    """Return the share of the question's names and figures that a text lacks, in 0..1.

    Another year, place or person is another event, however alike the words.
    """
    names = _names(question.simplified)
    return sum(name not in simplified for name in names) / len(names) if names else 0.0


def exact_answer(question: Question, quote: str) -> str | None:
    """Return the figure or time in a quote that the question asks for, verbatim, or None.

    Only where it is plain: the one figure with the unit asked for, or the only time.
    """
    if question.wants == "time":
        times = [m.group() for m in _TIME.finditer(quote)]
        fresh = list(dict.fromkeys(t for t in times if t not in question.text))
        return fresh[0] if len(fresh) == 1 else None
    if question.wants != "figure":
        return None
    figures = [quote[start:end].strip() for start, end in figure_spans(question, quote)]
    return figures[0] if len(set(figures)) == 1 else None


def figure_spans(question: Question, quote: str) -> list[Span]:
    """Return where a quote has figures that the question does not, if any of the unit asked for."""
    asked = _ASKED_UNIT.search(question.own)
    figures = [m for m in _FIGURE.finditer(quote) if m.group() not in question.text]
    if asked is not None:
        figures = [m for m in figures if m["unit"].startswith(asked[1])] or figures
    return [Span(*m.span()) for m in figures]


def _figures(simplified: str) -> tuple[str, ...]:
    return tuple(
        word
        for word, tag in tagged(simplified)
        if tag == "m" and _NUMERAL.search(word) and not _VAGUE.fullmatch(word)
    )


def _times(simplified: str) -> tuple[str, ...]:
    return tuple(match.group() for match in _TIME.finditer(simplified))


def persons(simplified: str) -> tuple[str, ...]:
    """Return the names of persons in a text."""
    return tuple(w for w, tag in tagged(simplified) if tag.startswith("nr") and len(w) > 1)


@functools.lru_cache(maxsize=1024)
def _names(simplified: str) -> tuple[str, ...]:
    return tuple(
        word
        for word, tag in tagged(simplified)
        if tag.startswith(_NAMES_AND_FIGURES)
        and (len(word) > 1 or word.isdigit())
        and re.search(r"\w", word)
        and not _VAGUE.fullmatch(word)
        and not re.search(r"[几多]", word)
    )


def tagged(simplified: str) -> tuple[tuple[str, str], ...]:
    """Return jieba's words of a text, each with its part of speech."""
    return _tagged(simplified) if len(simplified) <= _KEPT_LENGTH else _tag(simplified)


@functools.lru_cache(maxsize=4096)
def _tagged(simplified: str) -> tuple[tuple[str, str], ...]:
    return _tag(simplified)


def _tag(simplified: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair.word, pair.flag) for pair in word_tagger().cut(simplified))
