"""Gives the headlines of a page to its articles by what they say.

Extraction scatters headlines: after the article, before it, or all at the end. So each headline
is compared with each body by the rare character pairs they share, and all are assigned at once;
where the page has a habit of setting them, above or below, that breaks near ties.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from embeddings.readers.cleaning import clean_headline
from embeddings.readers.page.cohesion import Rarity, pairs
from embeddings.readers.page.lines import LARGE, PageLine

CONTENT_BOUND = 0.22
"""Least score of a headline with the body it is given to."""
ALONE_BOUND = 0.12
"""The same where it fits no other body, by a margin."""
NEIGHBOUR_BOUND = 0.04
"""The same, besides, for a body on the side where the page sets its headlines."""
MARGIN = 0.06
"""A headline must fit its body this much better than any other that has no better headline."""
NEIGHBOUR_BONUS = 0.1
"""What standing beside a body on the page's side is worth, on the same scale."""
CLEAR_SIDE = 0.7
"""Share of sure headlines on one side of their bodies that makes it the page's habit."""
KICKER_COST = 0.15
"""What it costs, on the same scale, to take a line for what its form does not suggest."""
LEAD_SHARE = 0.4
"""Weight of the opening, which headlines are made of, in the score; the rest is the whole."""
PHOTO_SHARE = 0.6
"""Captions are seldom headed: their scores count this much."""
_LEAD = 130

_KICKER_END = re.compile(r"(?:强调|指出|(?:时|会上|中|后|会议)(?:要求|表示|提出))$")
_TWO_PHRASES = re.compile(
    r"^(?P<first>[^\s，。！？：]{4,12})[ 　]+(?P<second>[^\s，。！？：]{4,12})$"
)


@dataclass(frozen=True, slots=True)
class HeadlineLine:
    """A headline or kicker found on a page.

    Attributes:
        text: Cleaned.
        line: Its first line in the file, from 1.
        after: Index of the body it stands after; -1 before the first.
        follows: Whether it stands directly under another headline.
        size: Type size relative to the body's; 1.0 where unknown.
    """

    text: str
    line: int
    after: int
    follows: bool
    size: float = 1.0


@dataclass(slots=True)
class Heading:
    """What an article was given; None where nothing fits."""

    headline: HeadlineLine | None = None
    kicker: HeadlineLine | None = None
    score: float = 0.0


def assign_headlines(
    headlines: Sequence[HeadlineLine], bodies: Sequence[str], photos: Sequence[bool]
) -> tuple[list[Heading], list[HeadlineLine]]:
    """Return the heading of each body, and the headlines that fit none.

    All lines are assigned at once, to a body's headline or to its kicker. A line that ends like
    「…时强调」 can only be a kicker; one of two phrases is rather a kicker, and so is one that
    stands directly above another that fits the same body.
    """
    headings = [Heading() for _ in bodies]
    if not headlines or not bodies:
        return headings, list(headlines)
    whole, lead = _content_scores([h.text for h in headlines], bodies)
    content = (1 - LEAD_SHARE) * whole + LEAD_SHARE * lead
    for scores in (whole, content):
        scores[:, np.array(photos, dtype=bool)] *= PHOTO_SHARE
    given = _assign(headlines, content, whole)
    left = set(range(len(headlines)))
    for i, body, as_kicker in given:
        if not as_kicker:
            headings[body].headline = headlines[i]
            left.discard(i)
    for i, body, as_kicker in given:
        if as_kicker and headings[body].headline is not None:
            headings[body].kicker = headlines[i]
            left.discard(i)
        elif as_kicker and _kicker_form(headlines[i].text) != "ending":
            headings[body].headline = headlines[i]
            left.discard(i)
    left -= _placed_by_setting(sorted(left), headlines, headings, content, photos)
    return headings, [headlines[i] for i in sorted(left)]


def _kicker_form(text: str) -> str:
    """Return what makes a line look like a kicker: its ending, its two phrases, or nothing."""
    if _KICKER_END.search(text):
        return "ending"
    phrases = _TWO_PHRASES.match(text)
    if phrases and abs(len(phrases["first"]) - len(phrases["second"])) <= 2:
        return "phrases"
    return ""


def clean_parts(lines: Sequence[PageLine]) -> list[tuple[list[PageLine], str]]:
    """Return the headlines that lines standing together are, each with its text.

    A first line of a kicker's form is the kicker of the rest.
    """
    first = clean_headline(lines[0].text)
    parts = [list(lines)]
    if len(lines) > 1 and (_kicker_form(first) == "ending" or _is_balanced(first)):
        parts = [list(lines[:1]), list(lines[1:])]
    return [(part, clean_headline("\n".join(line.text for line in part))) for part in parts]


def _is_balanced(text: str) -> bool:
    """Tell whether a line is two phrases of one length, as 「谋划起点高 实施手笔大」."""
    phrases = _TWO_PHRASES.match(text)
    return phrases is not None and len(phrases["first"]) == len(phrases["second"])


def _assign(
    headlines: Sequence[HeadlineLine], content: np.ndarray, whole: np.ndarray
) -> list[tuple[int, int, bool]]:
    """Return (headline, body, whether as its kicker) for all that fit well enough."""
    # Imported here: it takes most of a second, and asking reads no page.
    from scipy.optimize import linear_sum_assignment

    side = _side(headlines, content)
    count = content.shape[1]
    scores = content.copy()
    beside: set[tuple[int, int]] = set()
    for i, headline in enumerate(headlines):
        for offset in (0, 1):
            body = headline.after + offset
            if 0 <= body < count:
                scores[i, body] += NEIGHBOUR_BONUS * side[offset]
                if side[offset] > CLEAR_SIDE:
                    beside.add((i, body))
    as_kicker = scores - content + whole - _kicker_costs(headlines, content)
    as_headline = scores - np.array([[_headline_cost(h)] for h in headlines])
    slots = np.hstack([as_headline, as_kicker])
    rows, columns = linear_sum_assignment(slots, maximize=True)
    taken = {int(column): int(row) for row, column in zip(rows, columns, strict=True)}
    return [
        (row, column % count, column >= count)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if _fits(row, column % count, content, beside)
        and not _rivalled(row, column % count, scores, taken)
    ]


def _fits(row: int, body: int, content: np.ndarray, beside: Set[tuple[int, int]]) -> bool:
    """Tell whether a headline says enough of a body: less will do where nothing else is like it."""
    found = content[row, body]
    if found >= CONTENT_BOUND:
        return True
    others = np.delete(content[row], body)
    if others.size and found - others.max() < MARGIN:
        return False
    return bool(found >= (NEIGHBOUR_BOUND if (row, body) in beside else ALONE_BOUND))


def _rivalled(row: int, body: int, scores: np.ndarray, taken: dict[int, int]) -> bool:
    """Tell whether another body, whose own headline fits it less, fits about as well."""
    for other in range(scores.shape[1]):
        if other == body or scores[row, other] <= scores[row, body] - MARGIN:
            continue
        holder = taken.get(other)
        if holder is None or scores[holder, other] < scores[row, other]:
            return True
    return False


def _headline_cost(headline: HeadlineLine) -> float:
    return {"ending": 2.0, "phrases": KICKER_COST, "": 0.0}[_kicker_form(headline.text)]


def _kicker_costs(headlines: Sequence[HeadlineLine], content: np.ndarray) -> np.ndarray:
    """Return what taking a line for each body's kicker costs, shape (headlines, bodies).

    It costs less for a kicker's form, and directly above a headline that fits the same body.
    """
    costs = np.empty(content.shape)
    for i, headline in enumerate(headlines):
        looks = bool(_kicker_form(headline.text))
        costs[i] = KICKER_COST / 2 if looks else 3 * KICKER_COST
        below = headlines[i + 1] if i + 1 < len(headlines) else None
        if below is not None and below.follows and below.size >= headline.size:
            fits = content[i + 1] >= ALONE_BOUND
            costs[i, fits] = 0.0 if looks else 2 * KICKER_COST
    return costs


def _placed_by_setting(
    left: Sequence[int],
    headlines: Sequence[HeadlineLine],
    headings: list[Heading],
    content: np.ndarray,
    photos: Sequence[bool],
) -> set[int]:
    """Give away those left over whose places are clear; return which they were."""
    placed: set[int] = set()
    for i in left:
        target = _above(i, headlines, headings)
        if target is not None:
            headings[target].kicker = headlines[i]
            placed.add(i)
    for i in left:
        body = _under_large_type(i, headlines, headings, content)
        if i not in placed and body is not None and not photos[body]:
            headings[body].headline = headlines[i]
            placed.add(i)
    return placed


def _above(i: int, headlines: Sequence[HeadlineLine], headings: Sequence[Heading]) -> int | None:
    """Return the body whose headline stands directly under a line of a kicker's form."""
    if (
        i + 1 >= len(headlines)
        or not headlines[i + 1].follows
        or not _kicker_form(headlines[i].text)
    ):
        return None
    for body, heading in enumerate(headings):
        if heading.headline is headlines[i + 1] and heading.kicker is None:
            return body
    return None


def _under_large_type(
    i: int, headlines: Sequence[HeadlineLine], headings: Sequence[Heading], content: np.ndarray
) -> int | None:
    """Return the body that stands directly under a headline in large type and has none yet.

    Where type sizes are known so are places: what is set large above a text heads it, whatever
    words it has, unless the page's other headlines stand elsewhere or it fits another body.
    """
    headline, body = headlines[i], headlines[i].after + 1
    if headline.size < LARGE or body >= len(headings) or headings[body].headline is not None:
        return None
    given = [
        heading.headline.after + 1 == place
        for place, heading in enumerate(headings)
        if heading.headline is not None and heading.headline.size >= LARGE
    ]
    stacked = i + 1 < len(headlines) and headlines[i + 1].after == headline.after
    free = [c for c, heading in zip(content[i], headings, strict=True) if heading.headline is None]
    if stacked or sum(given) < CLEAR_SIDE * len(given) or content[i, body] < max(free) - MARGIN:
        return None
    return body


def _side(headlines: Sequence[HeadlineLine], content: np.ndarray) -> tuple[float, float]:
    """Return how much the page sets headlines below (0) and above (1) their bodies, each 0..1."""
    below = above = 1.0
    total = 3.0
    for i, headline in enumerate(headlines):
        best = int(content[i].argmax())
        if content[i, best] < 2 * CONTENT_BOUND:
            continue
        total += 1
        below += best == headline.after
        above += best == headline.after + 1
    return below / total, above / total


def _content_scores(
    headlines: Sequence[str], bodies: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return how well each headline fits each body and its opening, (headlines, bodies), 0..1."""
    wholes = [pairs(body) for body in bodies]
    leads = [pairs(body[:_LEAD]) for body in bodies]
    rarity = Rarity(wholes)
    whole_scores = np.zeros((len(headlines), len(bodies)))
    lead_scores = np.zeros((len(headlines), len(bodies)))
    for i, headline in enumerate(headlines):
        terms = pairs(headline)
        for j, (whole, lead) in enumerate(zip(wholes, leads, strict=True)):
            if terms & whole:
                whole_scores[i, j] = rarity.share(terms, whole)
                lead_scores[i, j] = rarity.share(terms, lead)
    return whole_scores, lead_scores
