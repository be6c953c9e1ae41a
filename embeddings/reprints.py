"""Finds passages that say again what passages before them in a ranking say.

The same report stands in several files: reprinted by another paper, cut shorter, with another
dateline, in Traditional characters. Its chunks are cut elsewhere, so a passage is compared with
all that is shown already and not with one passage: it repeats them if most of its shingles (runs
of characters) are among theirs. That is the containment of Broder, "On the Resemblance and
Containment of Documents" (SEQUENCES 1997), computed exactly: a ranking has few passages.

Reports that follow one pattern (share prices, weather, results) share most of their wording but
not their figures; where figures differ, a passage tells something else.

The constants have the best F1 at a precision of at least 0.98 over half of a set of altered news
articles (``tests/eval/measure_reprints.py``): to hide what is different is worse than to show
something twice.
"""

import re
from collections import Counter
from typing import NamedTuple

from embeddings.tokens import simplify

SHINGLE = 8
"""Characters in a shingle; punctuation and white space left out."""
CONTAINED = 0.8
"""Share of a passage's shingles that the passages shown before must have."""
FIGURES = 0.5
"""Share of its figures that they must have."""

_NOT_WORDS = re.compile(r"[\W_]+")
_FIGURE = re.compile(r"\d+")


class Traits(NamedTuple):
    """What of a text is compared: its shingles and its figures."""

    shingles: frozenset[str]
    figures: frozenset[str]


def traits_of(text: str, shingle: int = SHINGLE) -> Traits:
    """Return what is compared of a text, alike in Traditional and Simplified characters."""
    normal = simplify(_NOT_WORDS.sub("", text))
    starts = range(max(1, len(normal) - shingle + 1))
    return Traits(
        frozenset([normal[at : at + shingle] for at in starts]),
        frozenset(_FIGURE.findall(normal)),
    )


class Shown:
    """The passages shown so far, numbered from 0 in the order in which they came."""

    def __init__(self, contained: float = CONTAINED, figures: float = FIGURES) -> None:
        self._contained = contained
        self._figures_contained = figures
        self._owner: dict[str, int] = {}
        self._figures: list[frozenset[str]] = []

    def repeated_by(self, traits: Traits) -> int | None:
        """Return the number of the shown passage that a text repeats most of, or None."""
        owners = Counter(map(self._owner.__getitem__, traits.shingles & self._owner.keys()))
        if not owners or owners.total() < self._contained * len(traits.shingles):
            return None
        known = frozenset[str]().union(*(self._figures[owner] for owner in owners))
        if len(traits.figures & known) < self._figures_contained * len(traits.figures):
            return None
        return min(owners, key=lambda owner: (-owners[owner], owner))

    def add(self, traits: Traits) -> None:
        """Show another passage."""
        # The first passage that has a shingle owns it.
        self._owner = dict.fromkeys(traits.shingles, len(self._figures)) | self._owner
        self._figures.append(traits.figures)
