"""Gives the headlines of a page to its articles by what they say.

Extraction scatters headlines: after the article, before it, or all at the end. Position alone
is a poor guide, so each headline is compared with each body by the rare character pairs they
share, and all are assigned at once; position only breaks near ties.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.tokens import simplify

CONTENT_BOUND = 0.3
"""Least share of a headline's rare pairs that must be in the body it is given to."""
NEIGHBOUR_BONUS = 0.1
"""What standing directly before or after a body is worth, on the same scale."""

_KICKER_END = re.compile(r"(?:时|会上|中|后)?(?:强调|指出|要求|表示|提出)$")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class HeadlineLine:
    """A headline or kicker found on a page.

    Attributes:
        text: Cleaned.
        line: Its line in the file, from 1.
        after: Index of the body it stands after; -1 before the first.
        follows: Whether it stands directly under another headline.
    """

    text: str
    line: int
    after: int
    follows: bool


@dataclass(slots=True)
class Heading:
    """What an article was given; None where nothing fits."""

    headline: HeadlineLine | None = None
    kicker: HeadlineLine | None = None


def assign_headlines(
    headlines: Sequence[HeadlineLine], bodies: Sequence[str]
) -> tuple[list[Heading], list[HeadlineLine]]:
    """Return the heading of each body, and the headlines that fit none.

    A line that ends like 「…时强调」 can only be a kicker. So is what is left over after each
    body has its headline, if it stands directly above the headline or fits the body well.
    """
    headings = [Heading() for _ in bodies]
    if not headlines or not bodies:
        return headings, list(headlines)
    content = _content_scores([h.text for h in headlines], bodies)
    left = set(range(len(headlines)))
    candidates = [i for i in sorted(left) if not _KICKER_END.search(headlines[i].text)]
    for i, body in _assign(candidates, headlines, content):
        headings[body].headline = headlines[i]
        left.discard(i)
    for i in sorted(left):
        target = _kicker_target(i, headlines, headings, content)
        if target is not None:
            headings[target].kicker = headlines[i]
            left.discard(i)
    return headings, [headlines[i] for i in sorted(left)]


def _assign(
    candidates: list[int], headlines: Sequence[HeadlineLine], content: np.ndarray
) -> list[tuple[int, int]]:
    # Imported here: it takes most of a second, and asking reads no page.
    from scipy.optimize import linear_sum_assignment

    if not candidates:
        return []
    scores = content[candidates].copy()
    for row, i in enumerate(candidates):
        for body in (headlines[i].after, headlines[i].after + 1):
            if 0 <= body < scores.shape[1]:
                scores[row, body] += NEIGHBOUR_BONUS
    rows, bodies = linear_sum_assignment(scores, maximize=True)
    pairs = zip(rows.tolist(), bodies.tolist(), strict=True)
    return [
        (candidates[row], body)
        for row, body in pairs
        if content[candidates[row], body] >= CONTENT_BOUND
    ]


def _kicker_target(
    i: int,
    headlines: Sequence[HeadlineLine],
    headings: Sequence[Heading],
    content: np.ndarray,
) -> int | None:
    free = [b for b, h in enumerate(headings) if h.headline is not None and h.kicker is None]
    if i + 1 < len(headlines) and headlines[i + 1].follows:
        below = headlines[i + 1]
        for body in free:
            if headings[body].headline is below:
                return body
    if not free:
        return None
    best = max(free, key=lambda body: (content[i, body], -body))
    return best if content[i, best] >= CONTENT_BOUND else None


def _content_scores(headlines: Sequence[str], bodies: Sequence[str]) -> np.ndarray:
    """Return the share of each headline's pairs, weighted by rarity, that each body has."""
    body_pairs = [set(_pairs(body)) for body in bodies]
    frequency = Counter(pair for pairs in body_pairs for pair in pairs)
    scores = np.zeros((len(headlines), len(bodies)))
    for i, headline in enumerate(headlines):
        weights = {
            pair: math.log((len(bodies) + 1) / (frequency[pair] + 0.5)) for pair in _pairs(headline)
        }
        total = sum(weights.values())
        for j, pairs in enumerate(body_pairs):
            shared = sum(weight for pair, weight in weights.items() if pair in pairs)
            scores[i, j] = shared / total if total else 0.0
    return scores


def _pairs(text: str) -> set[str]:
    runs = _NOT_WORDS.split(simplify(text))
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
