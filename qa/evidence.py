"""Looks in a sentence for the kind of thing that a question wants: figures, times, persons."""

import functools
import re
from typing import Any

from qa.question import Question

_DIGITS = r"\d[\d,.]*\d|\d|[〇零一二两三四五六七八九十百千]+(?![\u4e00-\u9fff]?月)"
_SCALE = r"(?:多|余)?[十百千万亿]*(?:多|余)?"
_UNIT = r"(?:个百分点|平方公里|平方米|立方米|公里|公斤|英里|人次|人民币|美元|[%％‰℃]|[\u4e00-\u9fff])?"
_FIGURE = re.compile(rf"(?:百分之)?(?P<number>(?:{_DIGITS}){_SCALE})\s*(?P<unit>{_UNIT})")
_NUMERAL = re.compile(r"\d|[〇零一二两三四五六七八九十百千万亿]")
_TIME = re.compile(
    r"(?:公元前?\s*)?\d{2,4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*[日号])?(?:\s*\d{1,2}\s*时(?:\s*\d{1,2}\s*分)?)?"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?(?:[上中下]旬|底|初)?|\d{1,2}\s*[日号]|\d{1,2}\s*[时点:]\s*\d{1,2}分?"
    r"|[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}[日号])?|\d{1,2}世纪(?:\d{2}年代)?"
    r"|[〇零一二三四五六七八九]{2,4}年|(?:前|昨|今|明|当)[天日年晚]|去年|[周星期礼拜]{1,2}[一二三四五六日天]"
)
_ASKED_UNIT = re.compile(r"(?:多少|几)\s*([\u4e00-\u9fff])")
_ASKED_KIND = re.compile(r"(?:哪(?:一)?[个些种项家座所名支条位]?|什么|何种|which |what )\s*(\w+)")


def type_evidence(question: Question, simplified: str) -> float:
    """Return 1 if a sentence has what the question wants, -1 if it lacks it, 0 if none can tell.

    What the question itself names does not count: 「7月开了几次会」 is not answered by 「7月」.
    """
    if question.wants == "figure":
        found = any(figure not in question.simplified for figure in _figures(simplified))
    elif question.wants == "time":
        found = any(m.group() not in question.simplified for m in _TIME.finditer(simplified))
    elif question.wants == "person":
        found = any(person not in question.simplified for person in _persons(simplified))
    else:
        return 0.0
    return 1.0 if found else -1.0


def unit_evidence(question: Question, simplified: str) -> float:
    """Return 1 if a figure has the unit asked for (「多少家」: 「36家」), else 0."""
    asked = _ASKED_UNIT.search(question.simplified)
    if asked is None:
        return 0.0
    return float(any(m["unit"].startswith(asked[1]) for m in _FIGURE.finditer(simplified)))


def kind_evidence(question: Question, simplified: str) -> float:
    """Return the share of the kind asked for (「哪个园区」: 园区) that a sentence has."""
    asked = _ASKED_KIND.search(question.simplified)
    if asked is None:
        return 0.0
    kind = asked[1][:2]
    return sum(character in simplified for character in kind) / len(kind)


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
    asked = _ASKED_UNIT.search(question.simplified)
    figures = [m for m in _FIGURE.finditer(quote) if m.group() not in question.text]
    if asked is not None:
        figures = [m for m in figures if m["unit"].startswith(asked[1])] or figures
    spans = list(dict.fromkeys(m.group().strip() for m in figures))
    return spans[0] if len(spans) == 1 else None


def _figures(simplified: str) -> list[str]:
    return [m["number"] for m in _FIGURE.finditer(simplified) if _NUMERAL.search(m["number"])]


@functools.lru_cache(maxsize=4096)
def _persons(simplified: str) -> tuple[str, ...]:
    return tuple(
        pair.word
        for pair in _tagger().cut(simplified)
        if pair.flag.startswith("nr") and len(pair.word) > 1
    )


@functools.cache
def _tagger() -> Any:  # noqa: ANN401 - jieba has no types
    from jieba import posseg

    return posseg.POSTokenizer()
