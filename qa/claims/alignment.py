"""Compares the places where facts stand, by the words around them. Everything here is pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_HAN = re.compile("[\u3400-\u9fff]")
_CLAUSE = re.compile(r"[,，;；。:：\n()（）]")
_ITEM = re.compile(r"[,，;；。:：\n()（）、]")
_LATIN = re.compile(r"[a-z][a-z0-9+.-]*")
_PARTICLES = "的了在是和与有为从到被把将也都这那"
_AROUND = 0.1
"""Weight of the words of a sentence in other clauses, against 1 of those in the fact's own."""
_SHORTEST = 2
"""Chinese characters that a clause has at least."""
_RANGE = 3
"""Characters between two facts that tell one range: 8亿元-9.5亿元."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands, by the words around it: characters, pairs of them, other facts.

    Attributes:
        near: Those of its clause, up to the next fact of its kind.
        around: The others of its sentence.
    """

    near: frozenset[str]
    around: frozenset[str]


def place_of(
    text: str,
    span: tuple[int, int],
    kin: Sequence[tuple[int, int]],
    facts: Sequence[tuple[int, int]],
    told: Sequence[tuple[int, str]] = (),
) -> Place:
    """Return the place of a fact.

    Args:
        text: The sentence, in NFKC, lower case and Simplified characters.
        span: Where the fact begins and ends.
        kin: Spans of facts of its kind, which part the clause between them.
        facts: Spans of all facts: their characters are no words.
        told: Words for the other facts that the sentence tells, and where each begins.
    """
    plain = _without(text, facts)
    opened, closed = _clause(plain, span, _CLAUSE)
    if any(opened <= start < closed for start, _ in kin):  # of a list, each has its own item
        opened, closed = _clause(plain, span, _ITEM)
    start, end = span
    first = max([opened, *(e for _, e in kin if e < start - _RANGE)])
    last = min([closed, *(s for s, _ in kin if end + _RANGE < s)])
    near = _words(plain[first:last]) | {word for at, word in told if first <= at < last}
    around = _words(plain) | {word for _, word in told}
    return Place(frozenset(near), frozenset(around - near))


def _without(text: str, facts: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in facts:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _clause(plain: str, span: tuple[int, int], ends: re.Pattern[str]) -> tuple[int, int]:
    """Return the clause of a fact; a date that makes one by itself belongs to the next."""
    start, end = span
    opened = max((m.end() for m in ends.finditer(plain, 0, start)), default=0)
    closings = [*(m.start() for m in ends.finditer(plain, end)), len(plain)]
    alone = len(_HAN.findall(plain[opened : closings[0]])) < _SHORTEST
    return opened, closings[1] if alone and len(closings) > 1 else closings[0]


def nearness(claimed: frozenset[str], places: Sequence[Place]) -> list[float]:
    """Return how many of the words near to a fact of a claim each of some places has.

    A word that stands at several of them counts less.
    """
    shared = Counter(word for place in places for word in place.near)
    return [
        sum(
            weight / max(1, shared[word])
            for weight, words in ((1, place.near), (_AROUND, place.around))
            for word in claimed & words
        )
        for place in places
    ]


def _words(text: str) -> set[str]:
    pairs = zip(text, text[1:], strict=False)
    return (
        {a + b for a, b in pairs if _HAN.match(a) and _HAN.match(b)}
        | {character for character in _HAN.findall(text) if character not in _PARTICLES}
        | set(_LATIN.findall(text))
    )
