"""How much two texts of a page have in common: the rare pairs of characters they share."""

import math
import re
from collections import Counter
from collections.abc import Sequence, Set

_NOT_WORDS = re.compile(r"[\W_]+")


class Rarity:
    """How rare each pair of characters is among the texts of one page."""

    def __init__(self, texts: Sequence[Set[str]]) -> None:
        """Count the texts, given as their pairs."""
        frequency = Counter(pair for text in texts for pair in text)
        self._weights = {
            pair: math.log((len(texts) + 1) / (count + 0.5)) for pair, count in frequency.items()
        }
        self._unknown = math.log((len(texts) + 1) / 0.5)

    def weight(self, wanted: Set[str]) -> float:
        """Return the sum of the pairs' weights; a pair that all texts have weighs next to none."""
        get, unknown = self._weights.get, self._unknown
        return sum([get(pair, unknown) for pair in wanted])

    def share(self, wanted: Set[str], held: Set[str]) -> float:
        """Return the share of the wanted pairs, by weight, that are held: 0..1."""
        total = self.weight(wanted)
        return self.weight(wanted & held) / total if total > 0 else 0.0


def pairs(text: str) -> frozenset[str]:
    """Return all pairs of neighbouring characters, punctuation and spaces left out."""
    squashed = _NOT_WORDS.sub("", text)
    return frozenset(map("".join, zip(squashed, squashed[1:], strict=False)))
