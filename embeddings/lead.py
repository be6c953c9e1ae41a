"""What an article without a headline is known by: its first words."""

import re

LONGEST = 32
"""Characters; about as long as a headline."""
_SHORTEST = 8
_BEFORE = re.compile(
    r"^\s*(?:原标题[：:])?\s*(?:[^，。]{2,20}?(?:日电|[日报网商]讯)\s*(?:[（(][^）)]{0,40}[）)])?)?\s*"
)
"""What comes before the first words: a label, a dateline, its reporters."""
_END = re.compile(r"[，。；！？,;!?（(\n]")


def lead_of(text: str) -> str:
    """Return how a text begins, up to the end of a clause where there is one.

    Encyclopedias and reports name there what they are about, and not again in every paragraph:
    a passage from further down does not say of whom it speaks.
    """
    opening = _BEFORE.sub("", text[: 4 * LONGEST])[:LONGEST]
    ends = [end.start() for end in _END.finditer(opening) if end.start() >= _SHORTEST]
    return opening[: ends[-1]].strip() if ends else opening.strip()
