"""The follow-up 「那…呢」: it asks the question before again, of another thing."""

import os
import re
from typing import NamedTuple

from embeddings.tokens import simplify_characters
from qa.evidence import NAMES, tagged
from qa.pronouns import pronouns_in

MAX_PARALLEL = 16
"""Characters of what 「那…呢」 asks about: more is a clause."""

LONGEST_BEFORE = 200
"""Characters of the question before in which a place is looked for: all runs of its nouns are."""

QUESTION_END = r"[?？!！。.…\s]*$"

_PARALLEL = re.compile(rf"^(?:那么?|再看|至于)?[,，、\s]*(?:其中)?(?P<thing>.+?)呢{QUESTION_END}")
_CLAUSE = re.compile(
    r"要是|如果|假如|万一|什么|为何|为啥|怎么|怎样|如何|谁|哪|几|多少|多[大长高远久]|吗|是不是|有没有|还有"
)
_POINTING = re.compile(r"(?:的)?(?:那|这)(?:一)?[个些家次位项种]$|的$|[,，、\s]+$")
_NOUNS = ("n", "j", "b", "vn", "t", "m", "eng", "l", "s")


def thing_asked(asked: str) -> str | None:
    """Return what 「那…呢」 asks about, or None if a question is none of that kind."""
    match = _PARALLEL.match(asked)
    if match is None:
        return None
    thing = _POINTING.sub("", match["thing"].strip())
    is_thing = 0 < len(thing) <= MAX_PARALLEL and not _CLAUSE.search(thing)
    of_person = any(pronoun.is_person for pronoun in pronouns_in(thing))
    return thing if is_thing and not of_person else None


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
            if not words[j].tag.startswith(_NOUNS):
                break
            start, end = words[i].start, words[j].start + words[j].length
            runs.append(_Run(start, end - start, text[start:end], words[j].tag))
    return runs


def _common_end(one: str, other: str) -> int:
    """Return how many characters two texts end alike."""
    return len(os.path.commonprefix([one[::-1], other[::-1]]))
