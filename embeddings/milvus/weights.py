"""BM25 over our own terms as sparse vectors, whose inner product is its score.

A document's vector has, for each of its terms, all of the term's part of the score but the
question's weight; a question's vector has its weights. Figures are those of ``sparse``: the same
constants, the same inverse document frequencies, and lengths rounded as tantivy rounds them to a
byte, so rankings are the same. (Milvus' own BM25 function analyses text itself, and Milvus Lite
counts by segment.)
"""

import bisect
import math
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

K1, B = 1.2, 0.75
"""As in tantivy."""
_DIMENSIONS = 2**32 - 1
_NO_TERM = 0
"""The place of what no question asks for, in the vector of a document without terms."""


def _rounded_lengths() -> list[int]:
    """Return the 256 lengths that a byte can tell: four bits of precision above 40."""
    exact = list(range(24))
    for code in range(256 - len(exact)):
        bits, shift = code & 7, (code >> 3) - 1
        exact.append(24 + (bits if shift < 0 else (bits | 8) << shift))
    return exact


_LENGTHS = _rounded_lengths()

Sparse = dict[int, float]
"""Weights by the number of their term."""


class DocumentWeights:
    """Makes the vectors of documents of one collection."""

    def __init__(self, documents: int, terms: int, frequency: Callable[[str], int]) -> None:
        """Begin.

        Args:
            documents: How many there are.
            terms: How many terms they have together, repeated ones counted as often.
            frequency: Tells in how many documents a term occurs.
        """
        self._documents = documents
        self._mean = terms / max(1, documents) or 1.0
        self._frequency = frequency
        self._known: dict[str, float] = {}

    def vector(self, terms: Sequence[str]) -> Sparse:
        """Return the vector of a document's terms."""
        rounded = _LENGTHS[bisect.bisect_right(_LENGTHS, len(terms)) - 1]
        norm = K1 * (1 - B + B * rounded / self._mean)
        vector: Sparse = {}
        for term, count in Counter(terms).items():
            number = term_number(term)
            weight = self._rarity(term) * (1 + K1) * count / (count + norm)
            vector[number] = vector.get(number, 0.0) + weight
        return vector or {_NO_TERM: 1.0}

    def _rarity(self, term: str) -> float:
        if term not in self._known:
            frequency = self._frequency(term)
            others = self._documents - frequency
            self._known[term] = math.log(1 + (others + 0.5) / (frequency + 0.5))
        return self._known[term]


def question_vector(terms: Mapping[str, float]) -> Sparse:
    """Return the vector of a question's terms, each with its weight."""
    vector: Sparse = {}
    for term, weight in terms.items():
        number = term_number(term)
        vector[number] = vector.get(number, 0.0) + weight
    return vector


def term_number(term: str) -> int:
    """Return the number of a term; of ten million terms, one in a thousand shares its number."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) % (_DIMENSIONS - 1) + 1
