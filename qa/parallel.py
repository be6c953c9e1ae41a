"""The follow-up 「那…呢」: it asks the question before again, of another thing."""

import os
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from embeddings.tokens import simplify_characters, word_frequency
from qa.evidence import NAME_TAGS, NAMES, tagged
from qa.pronouns import pronouns_in
from qa.question import content_of

MAX_PARALLEL = 16
"""Characters of what 「那…呢」 asks about: more is a clause."""

LONGEST_BEFORE = 200
"""Characters of the question before in which a place is looked for: all runs of its nouns are."""

QUESTION_END = r"[?？!！。.…\s]*$"

_LEAD = re.compile(r"^(?:那么?|再看|至于)?[,，、\s]*(?:其中)?")
_PARALLEL = re.compile(rf"^(?P<thing>.+?)呢{QUESTION_END}")
_CLAUSE = re.compile(
    r"要是|如果|假如|万一|什么|为何|为啥|怎么|怎样|如何|谁|哪|几|多少|多[大长高远久]|吗|是不是|有没有|还有"
)
_POINTING = re.compile(r"(?:的)?(?:那|这)(?:一)?[个些家次位项种]$|的$|[,，、\s]+$")
_POINTED = re.compile(
    r"[那这][一二两三四五六七八九十]*"
    r"(?:[个些家次位项种里边儿天年样场支座所件名条]|时候?|会儿|段时间)"
)
"""What points to something said, if it ends where a word does: 那个, 这两家, but not 那家长."""
_NOUNS = ("n", "j", "b", "vn", "t", "m", "eng", "l", "s")
_OF_VERBS = ("ul", "ug", "uz")
"""jieba's tags of 了, 过 and 着: what stands before them is a verb, though it may be a noun."""

_ASPECTS = {
    "是什么时候": "时间|日期",
    "在哪里": "地点|位置|地址",
    "是多少": "人数|人口|数量|总数|金额|总额|面积|重量|长度|高度|宽度|深度|速度|温度|价格|票价"
    "|费用|比例|占比|产量|销量|增速|增幅|投资",
    "是什么": "原因|理由|目的|意义|主题|结果|名称|名字|口号|目标",
}
"""What can be asked of many things, by how it is asked."""


def thing_asked(asked: str) -> str | None:
    """Return what 「那…呢」 asks about, or None if a question is none of that kind."""
    words = tagged(asked)
    # 那曲, 那不勒斯: names that begin as the question does
    named = bool(words) and words[0][1].startswith(NAME_TAGS) and word_frequency(words[0][0]) > 0
    rest = asked if named else _LEAD.sub("", asked)
    match = _PARALLEL.match(rest)
    if match is None or any(_points(words, at) for at in (0, len(asked) - len(rest))):
        return None
    thing = _POINTING.sub("", match["thing"].strip())
    is_thing = 0 < len(thing) <= MAX_PARALLEL and not _CLAUSE.search(thing)
    of_person = any(pronoun.is_person for pronoun in pronouns_in(thing))
    return thing if is_thing and not of_person else None


def _points(words: Sequence[tuple[str, str]], at: int) -> bool:
    """Tell whether what stands at a place points to something said."""
    pointed = _POINTED.match("".join(word for word, _ in words), at)
    return pointed is not None and pointed.end() in accumulate(len(word) for word, _ in words)


def of_the_same(thing: str, before: str) -> str | None:
    """Return the question for another aspect (时间, 面积) of what the one before asks about.

    It takes the place of the aspect asked for before, or else is asked of all that the question
    tells. None where the thing is no aspect.
    """
    asks = next((ask for ask, known in _ASPECTS.items() if re.fullmatch(known, thing)), None)
    if asks is None:
        return None
    before = simplify_characters(before)
    other = re.search("|".join(_ASPECTS.values()), before)
    told = before[: other.start()] if other else f"{content_of(before)} "
    return f"{told}{thing}{asks}？"


def in_its_place(thing: str, before: str) -> str:
    """Return the question before with another thing in the place of what is most like it.

    That is the run of nouns that ends most alike (市级 for 省级), else the first of the same kind
    of name, else the first: the subject.
    """
    before = simplify_characters(before)
    if len(before) > LONGEST_BEFORE:
        return f"{thing} {before}"
    tag = tagged(thing)[-1][1]
    runs = _noun_runs(before)
    if not runs:
        return f"{thing} {before}"
    best = max(runs, key=lambda run: _likeness(run, thing, tag))
    return f"{before[: best.start]}{thing}{before[best.start + best.length :]}"


class _Run(NamedTuple):
    """Nouns that follow each other in a question; ``tag`` is the last one's."""

    start: int
    length: int
    text: str
    tag: str


def _likeness(run: _Run, thing: str, tag: str) -> tuple[int, ...]:
    """Return how well a thing can stand for a run of nouns, more is better."""
    same_name = run.tag == tag and tag.startswith(NAMES)
    alone = -run.length if same_name else 0  # of 「2022年北京」 only the city
    return _common_end(run.text, thing), same_name, alone, -run.start, run.length


def _noun_runs(text: str) -> list[_Run]:
    """Return all runs of nouns, those within longer ones included."""
    words: list[_Run] = []
    at = 0
    for word, tag in tagged(text):
        words.append(_Run(at, len(word), word, tag))
        at += len(word)
    runs = []
    for i in range(len(words)):
        for j in range(i, len(words)):
            after = words[j + 1].tag if j + 1 < len(words) else ""
            if not words[j].tag.startswith(_NOUNS) or (words[j].tag == "vn" and after in _OF_VERBS):
                break
            start, end = words[i].start, words[j].start + words[j].length
            runs.append(_Run(start, end - start, text[start:end], words[j].tag))
    return runs


def _common_end(one: str, other: str) -> int:
    """Return how many characters two texts end alike."""
    return len(os.path.commonprefix([one[::-1], other[::-1]]))
