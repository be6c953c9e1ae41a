"""Makes extracted text fit to quote: stray spaces, control and replacement characters."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

REPLACEMENT = "\ufffd"
"""What extraction leaves where it could not read a character."""

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WIDE_MARKS = r"\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff5e"
_QUOTES = r"\u2014\u2018\u2019\u201c\u201d\u2026\u00b7"
_CHINESE = rf"[{_HAN}{_WIDE_MARKS}]"
# A space is stray where one neighbour is Chinese and the other is no Latin word.
_CLOSE_TO_CHINESE = rf"[{_HAN}{_WIDE_MARKS}{_QUOTES}\d%‰+\-]"
_STRAY_SPACE = re.compile(
    rf"(?<={_CHINESE})[ ]+(?={_CLOSE_TO_CHINESE})|(?<={_CLOSE_TO_CHINESE})[ ]+(?={_CHINESE})"
)
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[\n ]*")
_WITHOUT_SPACES = re.compile(rf"[{_HAN}{_WIDE_MARKS}\u3040-\u30ff]")
"""Of a script that sets no space between words."""
_LATIN_BREAK = re.compile(r"(?<=[A-Za-z,.;:?!)\]])\n(?=[A-Za-z(\[])")
# Bounded, so that no file of hostile letters takes long.
_STYLE_RULE = re.compile(
    r"(?:[.#]?[A-Za-z][\w.#:>,+~ -]{0,80})?"  # selector
    r"\{(?=[^{}]{0,2000};)(?:\s*+[\w-]{1,40}+\s*+:[^{};]{0,300}+;?+)++\s*+\}",
    re.ASCII,
)
_HEADLINE_GAP = re.compile(
    rf"(?<=[{_HAN}{_WIDE_MARKS}{_QUOTES}]{{3}}) +(?=[{_HAN}{_WIDE_MARKS}{_QUOTES}]{{3}})"
)
# Most characters are plainly none of those that go; only the others are looked up.
_SUSPECT = re.compile(r"[^\n\t\u0020-\u007e\u3000-\u3029\u4e00-\u9fa5\uff01-\uff5e]")
_GAP = "\ue000"


def clean_text(text: str) -> str:
    """Return running text: one newline between paragraphs, no stray space or control character.

    Spaces between Chinese characters, and between them and figures, go; those around Latin
    words stay. Rules of a style sheet, which careless extraction takes along, go. Nothing else
    is altered, so that what is quoted is what was printed.
    """
    if "{" in text:
        text = _STYLE_RULE.sub("", text)
    text = _SUSPECT.sub(lambda match: "" if _is_noise(match[0]) else match[0], text)
    text = _BREAKS.sub("\n", _SPACES.sub(" ", text))
    return _STRAY_SPACE.sub("", text).strip()


def clean_headline(text: str) -> str:
    """Return a headline on one line; a gap between two phrases stays as one space."""
    text = _SPACES.sub(" ", text.replace("\n", " "))
    return clean_text(_HEADLINE_GAP.sub(_GAP, text)).replace(_GAP, " ")


def join_lines(lines: Sequence[str]) -> str:
    """Join hard-wrapped lines of one paragraph: Latin words get a space, Chinese nothing.

    In Chinese text a break may part a figure, so a space is set there between letters only.
    """
    stripped = [line.strip() for line in lines]
    joined = "".join(stripped[:1])
    for before, line in pairwise(stripped):
        joined += (" " if _are_parted(before, line) else "") + line
    return joined


def _are_parted(before: str, line: str) -> bool:
    if not before or not line or before.endswith("-"):
        return False
    if not (_WITHOUT_SPACES.search(before) or _WITHOUT_SPACES.search(line)):
        return True
    return _LATIN_BREAK.search(f"{before[-1]}\n{line[0]}") is not None


def _is_noise(character: str) -> bool:
    """Control, format (zero width, direction) and unassigned characters, and replacements."""
    if character == _GAP:
        return False
    return character == REPLACEMENT or unicodedata.category(character) in {
        "Cc",
        "Cf",
        "Cs",
        "Cn",
        "Co",
    }
