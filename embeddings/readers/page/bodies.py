"""Puts the pieces of a page together to bodies: tells where one article ends and another begins.

A mark or a byline opens an article. Where neither stands, a sentence that goes on over a gap
joins; between whole sentences, what is said and how it is set decides (``boundaries``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from embeddings.readers.cleaning import clean_text
from embeddings.readers.page.boundaries import Evidence, Surroundings, log_odds
from embeddings.readers.page.lines import ends_sentence
from embeddings.readers.page.pieces import Piece, goes_on

_SUBHEADING_MAX = 18
"""Longest heading, in characters, that may stand inside an article."""


@dataclass(slots=True)
class Body:
    """An article's or a caption's pieces, in order.

    Attributes:
        why: What its beginning was told from.
    """

    pieces: list[Piece]
    why: str
    photo: bool = False


@dataclass(slots=True)
class Layout:
    """What a page's pieces came to.

    Attributes:
        bodies: In the order of their first lines.
        headings: Each with the index of the body it stands after, -1 before the first.
        aside: Notices, mastheads, editors' credits and notes.
    """

    bodies: list[Body] = field(default_factory=list)
    headings: list[tuple[Piece, int]] = field(default_factory=list)
    aside: list[Piece] = field(default_factory=list)


Decide = Callable[[Sequence[Piece], Piece, Evidence], bool]
"""Tells of an article so far and a further text whether a new article begins."""


def lay_out(pieces: Sequence[Piece], decide: Decide | None = None) -> Layout:
    """Return the bodies of a page, its headings, and what belongs to no article.

    ``decide`` replaces the fitted weights where neither mark nor sentence decides.
    """
    surroundings = Surroundings(pieces)
    layout = Layout()
    current: Body | None = None
    pending: list[Piece] = []
    for piece in pieces:
        if piece.kind == "caption":
            layout.bodies.append(Body([piece], piece.why, photo=True))
        elif piece.kind == "heading":
            pending.append(piece)
        elif piece.kind != "text":
            layout.aside.append(piece)
        else:
            why = _beginning(current, pending, piece, surroundings, decide)
            if current is None or why:
                _put_aside(layout, pending)
                current = Body([piece], why)
                layout.bodies.append(current)
            else:
                for heading in pending:
                    _take_in(layout, current, heading)
                current.pieces.append(piece)
            pending = []
    _put_aside(layout, pending)
    return layout


def _take_in(layout: Layout, body: Body, heading: Piece) -> None:
    """Keep a heading inside an article: as text, as its subheading, or else aside."""
    if heading.fills or ends_sentence(heading.text):
        heading.kind, heading.why = "text", "满行 full line of the column"
        body.pieces.append(heading)
    elif len(clean_text(heading.text)) <= _SUBHEADING_MAX:
        heading.why = "小标题 subheading"
        body.pieces.append(heading)
    else:
        _put_aside(layout, [heading])


def _put_aside(layout: Layout, headings: Sequence[Piece]) -> None:
    layout.headings += [(heading, len(layout.bodies) - 1) for heading in headings]


def _beginning(
    current: Body | None,
    headings: Sequence[Piece],
    piece: Piece,
    surroundings: Surroundings,
    decide: Decide | None,
) -> str:
    """Return why an article begins with this text, or nothing where it goes on."""
    if piece.opens:
        return piece.opens
    if current is None:
        return "首篇 first text"
    if goes_on(current.pieces[-1].lines) and not headings:
        return ""
    evidence = surroundings.evidence(current.pieces, headings, piece)
    begins = (
        decide(current.pieces, piece, evidence) if decide is not None else log_odds(evidence) > 0
    )
    return "内容与版式 content and setting" if begins else ""
