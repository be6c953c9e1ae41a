"""Understands a question just enough: what kind of answer it wants, and its content words."""

import functools
import math
import re
from dataclasses import dataclass
from typing import Literal

from embeddings.language import STOP_ENGLISH, is_chinese
from embeddings.tokens import simplify, simplify_characters, word_frequency, words

AnswerType = Literal["figure", "time", "person", "place", "other"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_TYPES: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    (
        "time",
        re.compile(
            r"什么时候|何时|啥时候|哪(?:一)?(?:天|年|月|日|周)|几(?:月|号|日|时)"
            r"|几点(?![\u4e00-\u9fff]{0,2}(?:要求|建议|意见|措施|体会|看法|希望|经验|原则))"
            r"|什么时间|什么日期|哪个(?:月|年份|时间)|(?:日期|时间)(?:是|$|[?？])|哪几天|\bwhen\b"
            r"|\b(?:what|which) (?:date|day|week|month|year|time)\b"
        ),
    ),
    (
        "figure",
        re.compile(
            r"多少|(?<!哪)几(?![乎何内])|[人队次件户票家个]数(?:量|目)?(?=\W*$|是)"
            r"|(?:数量|总数|总额|金额|人次)\W*$|百分之|有多重|多重\W*$"
            r"|(?<![许众很更最诸])多(?:大(?!学)|长(?!期)|高(?!校|中|考)|远|久|宽|快)"
            r"|\bhow (?:many|much|long|far|old|big|large|tall|high|wide|deep|fast|heavy)\b"
            r"|\bwhat (?:percentage|proportion|share|number)\b"
        ),
    ),
    (
        "person",
        re.compile(
            r"谁|哪[一几]?位|哪些?人|何人|什么人|姓名|名叫|叫(?:什么|啥)名?|\bwho(?:se|m)?\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"哪里|哪儿|何处|何地|什么地方|在哪|\bwhere\b"
            r"|哪(?:一)?个?(?:省|市|县|区|镇|村|乡|国|州|城市|地方|地区|社区|园区|广场)"
        ),
    ),
)
_LIST = re.compile(
    r"[两二三四五六七八九十\d](?:大|个|项|件|种|条|点|方面)[\u4e00-\u9fff]{0,6}?(?:是|指|包括|有)(?:的是)?(?:什么|哪)"
    r"|哪些|哪几|哪[两三四五六七八九十]|分别|(?:都|还)?有(?:谁|什么)|\bwhich \w+s\b"
)
_QUESTION_WORDS = re.compile(
    r"请问|什么时候|什么时间|什么地方|什么|为什么|为何|为啥|怎么样|怎么|怎样|如何|多少|何时|何地|何处"
    r"|何人|哪一?[个些位天年月日种条项家所座名支次里儿]|哪|几(?![乎何])|谁|吗|呢|啊|吧|呀|是否|有没有"
    r"|是不是|啥|一共|总共|具体|分别|叫做|告诉我|介绍一下"
)
_STOP_CHINESE = (
    "的了是在和与及或也都就还又被把从到向对给让用以为于由之其这那"
    "有个中上下里后前时会能可他她它们我你您"
)
_STOP = frozenset([*_STOP_CHINESE, "可以", "进行", *STOP_ENGLISH])
_TOTAL = math.log(6.0e7)
"""Logarithm of the number of words that jieba's frequencies were counted in."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    Attributes:
        text: As asked, after its context.
        simplified: The same in NFKC, lower case, Simplified characters.
        own: ``simplified`` without the context.
        wants: The kind of answer.
        wants_list: Whether all things of a kind are asked for.
        weights: Its content words, each with how much it tells (higher is rarer).
        is_chinese: Whether ``own`` is in Chinese, so that articles have its words.
    """

    text: str
    simplified: str
    own: str
    wants: AnswerType
    wants_list: bool
    weights: dict[str, float]
    is_chinese: bool


def understand(text: str, context: str = "") -> Question:
    """Return the question as it was understood.

    Args:
        text: The question.
        context: The question before it in the conversation, whose content counts too, at half
            weight; what kind of answer is wanted, ``text`` alone says.
    """
    simplified = simplify(text)
    wants: AnswerType = next((t for t, pattern in _TYPES if pattern.search(simplified)), "other")
    weights = {word: weight / 2 for word, weight in _content_weights(simplify(context)).items()}
    return Question(
        text=f"{context} {text}".strip(),
        simplified=simplify(f"{context} {text}".strip()),
        own=simplified,
        wants=wants,
        wants_list=bool(_LIST.search(simplified)),
        weights=weights | _content_weights(simplified),
        is_chinese=is_chinese(text),
    )


def content_of(text: str) -> str:
    """Return a question's words without those that only ask."""
    return " ".join(
        re.findall(r"[\w“”《》·]+", _QUESTION_WORDS.sub(" ", simplify_characters(text)))
    )


def coverage(question: Question, simplified_text: str) -> float:
    """Return the share of the question's content, by weight, that a text has, in 0..1.

    A word that is missing counts for the share of its characters that are there, at half.
    """
    total = sum(question.weights.values())
    if not total:
        return 0.0
    found = 0.0
    for word, weight in question.weights.items():
        if word in simplified_text:
            found += weight
        elif _HAN.match(word):
            found += 0.5 * weight * sum(c in simplified_text for c in word) / len(word)
    return found / total


def missing_weight(question: Question, simplified_text: str) -> float:
    """Return the share of the rarest content word that a text lacks in all the content, 0..1."""
    total = sum(question.weights.values())
    missing = [w for word, w in question.weights.items() if word not in simplified_text]
    return max(missing, default=0.0) / total if total else 1.0


def _content_weights(simplified: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for run in re.findall(r"\w+", _QUESTION_WORDS.sub(" ", simplified)):
        for word in words(run):
            if word not in _STOP:
                weights[word] = _weight(word)
    return weights


@functools.lru_cache(maxsize=4096)
def _weight(word: str) -> float:
    return max(1.0, _TOTAL - math.log(1 + word_frequency(word)))
