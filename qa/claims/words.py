"""The words of a Chinese sentence with those beside them, and which of them a text has."""

import re
from dataclasses import dataclass

from qa.evidence import tagged

HAN = "\u3400-\u9fff"
_KINDS = {"nr": "person", "ns": "place", "s": "place", "nt": "body", "j": "body", "nz": "thing"}
_PARTICLES = "是才为和在对现曾已将又也就都被由从向与及或有把到等前原后约的"
"""Characters that no name is told by, where a word was cut wrongly."""

_FUNCTION_WORDS = (
    "从于以则均还并自所该其再而但时中上下后内外里说称任让使给去来"
    "要会能可应每各共同不没只很更着了过得地"
)
"""Others, which names may have: passed beside a pair that the evidence has."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name where it stands.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
    """

    text: str
    start: int
    end: int

    def told_by(self, other: "Name") -> bool:
        """Tell whether another name is this one, or a longer or shorter form."""
        return self.text in other.text or other.text in self.text


@dataclass(frozen=True, slots=True)
class Word:
    """A word with those beside it.

    Attributes:
        tag: jieba's part of speech.
        start: Where it begins, in characters.
    """

    text: str
    tag: str
    start: int
    before: str
    before_tag: str
    after: str
    after_tag: str

    @property
    def kind(self) -> str | None:
        """What it may name."""
        return _KINDS.get(self.tag[:2]) or _KINDS.get(self.tag[:1])


def words_of(text: str) -> list[Word]:
    """Return jieba's words of a text in order, blanks left out."""
    found, at = [], 0
    for word, tag in tagged(text):
        if word.strip():
            found.append((word, tag, at))
        at += len(word)
    ends = [("", "", 0), *found, ("", "", 0)]
    return [Word(*ends[i], *ends[i - 1][:2], *ends[i + 1][:2]) for i in range(1, len(ends) - 1)]


def covered_places(simplified: str, joined: str) -> set[int]:
    """Return the places of a sentence whose characters the evidence has beside the same others."""
    covered = set[int]()
    for at, pair in enumerate(zip(simplified, simplified[1:], strict=False)):
        if is_han("".join(pair)) and "".join(pair) in joined:
            covered |= {at, at + 1}
    return covered


def is_covered(text: str, start: int, covered: set[int]) -> bool:
    """Tell whether a word was cut wrongly from others of the evidence: 主席奥斯|本, 和共祥路."""
    places = range(start, start + len(text))
    within = any(at in covered and at + 1 in covered for at in places[:-1])
    passed = _PARTICLES + (_FUNCTION_WORDS if within else "")
    return all(at in covered or c in passed for at, c in zip(places, text, strict=True))


def is_han(text: str) -> bool:
    """Tell whether a text is all of Chinese characters; 「·」 parts foreign names."""
    return re.fullmatch(f"[{HAN}·]+", text) is not None
