"""Puts other years, figures, persons and places for those of a question or of a sentence.

So a passage is made that speaks of something else in nearly the same words: a question about
another year, or beside the sentence that answers a rival that says the same of another name with
another answer (Jia and Liang, "Adversarial Examples for Evaluating Reading Comprehension
Systems", arXiv:1707.07328, put such sentences at a passage's end).
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jieba import posseg

_NAME_TAGS = ("nr", "ns", "nt", "nz")
_A_YEAR = "year"
"""Beside jieba's tags of names, what tells a year."""
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=年)")
_FIGURE = re.compile(r"(?<![\d.])\d+(?![\d.])")
_DIGITS = re.compile(r"\d+")
_CHINESE_FIGURE = re.compile(r"[一二两三四五六七八九十百千万亿]+.{1,2}")
_CHINESE_DIGITS = "二三四五六七八九"
_LONGEST_SENTENCE = 120
"""Characters; of a longer one little would be left beside it."""


@dataclass(frozen=True, slots=True)
class Pools:
    """What can be put for something else: names by part of speech, answers by that of their end."""

    names: dict[str, list[str]]
    answers: dict[str, list[str]]


def pools_of(questions: Iterable[str], answers: Iterable[str]) -> Pools:
    """Return the names in questions, which their part of speech tells apart, and the answers."""
    names: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        for tag, _start, word in _names_in(question):
            names[tag].append(word)
    by_end: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        by_end[_end_tag(answer)].append(answer)
    return Pools(names, by_end)


def about_another(question: str, text: str, pools: Pools, chance: random.Random) -> str | None:
    """Ask the same about another year, figure, person or place; None where nothing can change.

    A name or figure that is changed stands in the text, and what it becomes does not.
    """
    years = list(_YEAR.finditer(question))
    if years:
        found = chance.choice(years)
        swaps = [(found.start(), found.group(), _another_year(found.group(), chance))]
    else:
        swaps = [
            (start, word, chance.choice(pools.names[tag]))
            for tag, start, word in _names_in(question)
            if word in text
        ]
        swaps += [
            (m.start(), m.group(), _another_figure(m.group(), chance))
            for m in _FIGURE.finditer(question)
            if m.group() in text
        ]
    if not swaps:
        return None
    start, word, other = chance.choice(swaps)
    if other in text or other == word:
        return None
    return question[:start] + other + question[start + len(word) :]


def rival_of(
    sentence: str, question: str, answer: str, text: str, pools: Pools, chance: random.Random
) -> str | None:
    """Say the same as a sentence of another name, year or figure, with another answer.

    Args:
        sentence: The one that answers.
        question: Only what it shares with the sentence is changed: it tells the two apart.
        answer: The words of the sentence that answer.
        text: The whole passage, in which neither of the new words may stand.
        pools: What can be put for something else.
        chance: Decides.

    Returns:
        The other sentence; None where the question names nothing that the sentence does, or no
        other answer of the kind is known.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    told = [
        (word, _another_year(word, chance) if tag == _A_YEAR else _alike(word, tag, pools, chance))
        for tag, word in _shared(question, sentence)
        if word not in answer and answer not in word
    ]
    other_answer = _another_answer(answer, pools, chance)
    if not told or other_answer is None or other_answer in text:
        return None
    word, other = chance.choice(told)
    if other == word or other in text:
        return None
    return other.join(part.replace(answer, other_answer) for part in sentence.split(word))


def _shared(question: str, sentence: str) -> Iterator[tuple[str, str]]:
    for found in _YEAR.finditer(question):
        if found.group() in sentence:
            yield _A_YEAR, found.group()
    for tag, _start, word in _names_in(question):
        if word in sentence:
            yield tag, word


def _names_in(question: str) -> Iterator[tuple[str, int, str]]:
    position = 0
    for pair in posseg.cut(question):
        if pair.flag in _NAME_TAGS and len(pair.word) > 1:
            yield pair.flag, position, pair.word
        position += len(pair.word)


def _alike(name: str, tag: str, pools: Pools, chance: random.Random) -> str:
    """Return another name of the kind, in half of the cases one that differs in a character."""
    other = chance.choice(pools.names.get(tag) or [name])
    if chance.random() < 0.5:
        return other
    place = chance.randrange(len(name))
    return name[:place] + chance.choice(other) + name[place + 1 :]


def _another_answer(answer: str, pools: Pools, chance: random.Random) -> str | None:
    if _DIGITS.search(answer):
        return _DIGITS.sub(lambda m: _another_figure(m.group(), chance), answer)
    if _CHINESE_FIGURE.fullmatch(answer):
        return re.sub(f"[{_CHINESE_DIGITS}两]", lambda _m: chance.choice(_CHINESE_DIGITS), answer)
    like = [
        other
        for other in pools.answers.get(_end_tag(answer), [])
        if abs(len(other) - len(answer)) <= max(2, len(answer) // 2) and not _DIGITS.search(other)
    ]
    return chance.choice(like) if like else None


def _another_year(year: str, chance: random.Random) -> str:
    return str(int(year) + chance.choice([-10, -3, -2, -1, 1, 2, 3, 10]))


def _another_figure(figure: str, chance: random.Random) -> str:
    if len(figure) == 4 and figure[:2] in ("19", "20"):
        return _another_year(figure, chance)
    if len(figure) <= 2:
        return str(max(1, int(figure) + chance.choice([-3, -2, -1, 1, 2, 5])))
    return str(max(1, round(int(figure) * chance.uniform(0.3, 3))))


def _end_tag(answer: str) -> str:
    return next((pair.flag for pair in reversed(list(posseg.cut(answer)))), "")
