"""Tells whether an article ends between two texts that no mark or byline parts.

What counts is what is said (do the texts share rare words?) and how it is set (a headline between
them, another column width, a short last line). The weights were fitted by logistic regression on
generated pages, see ``tests/pages.py``.
"""

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import astuple, dataclass

from embeddings.readers.cleaning import clean_text
from embeddings.readers.page.cohesion import Rarity, pairs
from embeddings.readers.page.lines import column_width, width_of
from embeddings.readers.page.pieces import Piece

_LEAD = re.compile(
    r"^[^。]{0,40}?(?:\d+月\d+日|\d+日[，上下晚早]|近日|日前|昨日|昨天|今日|今天|近期|连日来|当地时间"
    r"|记者|获悉|今年|近年来)"
)
_CLOSING = re.compile(
    r"(?:[（(](?:完|本报)?[^（）()。]{0,24}(?:记者|通讯员|完|供稿|整理|编译|综合)[^（）()。]{0,24}[）)]"
    r"|下转.{1,8}版[）)]?)\s*$"
)
_SHORT_LINE = 0.85
_SHORT_HEADING = 7
"""Characters of a heading that says nothing of its kind; subheadings have seldom many more."""
_TAIL = 400
_START = 120
"""Characters of the article so far, from its end and its start, that are compared."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for or against a new article, each about 0..1; also used for the weights.

    Attributes:
        heading: A heading stands between.
        long_heading: It is too long for a subheading.
        stacked: It has several lines, or a kicker.
        tight: One that has no gap around it, as subheadings have none.
        lead: The text begins as news do, with a day or a source.
        closing: The article so far ends with a credit.
        shared: Share of the text's rare pairs that the article so far has.
        usual: The same for the page's other texts, on average.
        onward: The same for the text that follows.
        width: How much the columns' widths differ.
        belongs: How much better the heading fits the text than the article so far.
        elsewhere: How much better the heading fits any other text of the page.
        claimed: How much better a heading that stands elsewhere fits the text than the article
            so far, where it fits no other text more.
        orphaned: How much less any other heading fits the article so far than that one the text.
        common: How well a heading that stands elsewhere fits both.
        marked: Share of the page's articles that open with a mark.
        short_end: The article so far ends in a short line.
    """

    heading: float
    long_heading: float
    stacked: float
    tight: float
    lead: float
    closing: float
    shared: float
    usual: float
    onward: float
    width: float
    belongs: float
    elsewhere: float
    claimed: float
    orphaned: float
    common: float
    marked: float
    short_end: float


WEIGHTS = Evidence(
    heading=0.44,
    long_heading=6.36,
    stacked=-1.95,
    tight=-4.49,
    lead=1.68,
    closing=2.55,
    shared=-21.83,
    usual=2.35,
    onward=3.70,
    width=0.59,
    belongs=0.58,
    elsewhere=1.95,
    claimed=9.89,
    orphaned=-6.35,
    common=-13.52,
    marked=-3.75,
    short_end=0.16,
)
BIAS = -1.41


class Surroundings:
    """The texts of one page, to compare each with the others."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Take the pieces in the order of the page."""
        texts = [piece for piece in pieces if piece.kind == "text"]
        self._texts = [pairs(piece.text) for piece in texts]
        self._place = {id(piece): place for place, piece in enumerate(texts)}
        self._opens = [bool(piece.opens) for piece in texts]
        self._rarity = Rarity(self._texts)
        headings = [piece for piece in pieces if piece.kind == "heading"]
        self._row = {id(heading): row for row, heading in enumerate(headings)}
        terms = [pairs(heading.text) for heading in headings]
        self._fits = [[self._rarity.share(t, text) for text in self._texts] for t in terms]
        opens = sum(bool(piece.opens) for piece in pieces)
        headed = sum(piece.kind == "heading" and not piece.tight for piece in pieces)
        self._marked = opens / max(1, opens, headed)

    def evidence(
        self, so_far: Sequence[Piece], headings: Sequence[Piece], piece: Piece
    ) -> Evidence:
        """Return the evidence for an article's end between ``so_far`` and ``piece``."""
        texts = [p.text for p in so_far if p.kind == "text"]
        joined = "".join(texts)
        held = pairs(joined[-_TAIL:]) | pairs(joined[:_START])
        place = self._place[id(piece)]
        wanted = self._texts[place]
        inside = {self._place[id(p)] for p in so_far if id(p) in self._place}
        others = [i for i in range(len(self._texts)) if i not in inside and abs(i - place) > 1]
        between = {self._row[id(heading)] for heading in headings}
        claimed, orphaned, common = self._claims(inside, place, between)
        last = so_far[-1]
        lengths = [len(clean_text(heading.text)) for heading in headings]
        return Evidence(
            heading=float(bool(headings)),
            long_heading=min(1.0, max(0.0, (max(lengths, default=0) - _SHORT_HEADING) / 8)),
            stacked=float(sum(len(heading.lines) for heading in headings) > 1),
            tight=float(any(heading.tight for heading in headings)),
            lead=float(bool(_LEAD.match("".join(piece.text.split())))),
            closing=float(bool(_CLOSING.search(last.text))),
            shared=self._rarity.share(wanted, held),
            usual=self._mean_share(wanted, others),
            claimed=claimed,
            orphaned=orphaned,
            common=common,
            onward=self._onward(place),
            width=_width_difference(last, piece),
            belongs=sum(self._better(row, {place}, inside) for row in between),
            elsewhere=max(
                (self._better(row, others, {*inside, place}) for row in between), default=0.0
            ),
            marked=self._marked,
            short_end=float(width_of(last.lines[-1].text) < _SHORT_LINE * column_width(last.lines)),
        )

    def _mean_share(self, wanted: Set[str], others: Sequence[int]) -> float:
        if not others:
            return 0.0
        shares = [self._rarity.share(wanted, self._texts[other]) for other in others]
        return sum(shares) / len(shares)

    def _onward(self, place: int) -> float:
        if place + 1 >= len(self._texts) or self._opens[place + 1]:
            return 0.0
        return self._rarity.share(self._texts[place], self._texts[place + 1])

    def _fit(self, row: int, places: Iterable[int]) -> float:
        fits = self._fits[row]
        return max((fits[place] for place in places), default=0.0)

    def _better(self, row: int, here: Iterable[int], there: Iterable[int]) -> float:
        return self._fit(row, here) - self._fit(row, there)

    def _claims(
        self, inside: Set[int], place: int, between: Set[int]
    ) -> tuple[float, float, float]:
        """Return what headings that stand elsewhere say: (claimed, orphaned, common)."""
        claimed = common = 0.0
        claimer = -1
        for row, fits in enumerate(self._fits):
            if row in between:
                continue
            before = self._fit(row, inside)
            common = max(common, min(before, fits[place]))
            if fits[place] >= max(fits) and fits[place] - before > claimed:
                claimed, claimer = fits[place] - before, row
        if claimer < 0:
            return 0.0, 0.0, common
        own = max(
            (self._fit(r, inside) for r in range(len(self._fits)) if r != claimer), default=0.0
        )
        return claimed, max(0.0, claimed - own), common


def log_odds(evidence: Evidence) -> float:
    """Return the log odds of a new article."""
    terms = zip(astuple(WEIGHTS), astuple(evidence), strict=True)
    return BIAS + math.fsum(weight * value for weight, value in terms)


def _width_difference(last: Piece, piece: Piece) -> float:
    if min(len(last.lines), len(piece.lines)) < 2:
        return 0.0
    before, width = column_width(last.lines), column_width(piece.lines)
    return min(abs(before - width) / max(before, width, 1), 0.5)
