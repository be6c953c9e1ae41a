"""Questions answered: answers and their citations. No I/O."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from embeddings.filters import EVERYTHING, Filters
from embeddings.types import Passage

__all__ = ["Answer", "Citation", "Claim", "Item", "Passage"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: ``article.text[start:end] == quote``.

    Attributes:
        n: Its number in the answer, from 1.
        start: Offset of the quote in the article's text, in characters.
        end: Offset after its last character.
    """

    n: int
    quote: str
    article_id: str
    headline: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a language model wrote, and whether what it cites supports it.

    Attributes:
        text: As written, without its citations.
        citations: The numbers of the quotes that support it; none where nothing does.
        missing: Its words that what it cites does not have, where that is the reason.
    """

    text: str
    citations: tuple[int, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things asked for.

    Attributes:
        text: Its name, verbatim from the quote; of a timeline, the day as YYYY-MM-DD.
        n: The number of the citation that it is from.
    """

    text: str
    n: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question, and on what grounds.

    Attributes:
        text: The quoted sentences, each followed by its ``[n]``: in reading order, or, where a
            fact is asked for, the one that has it first; or, when ``abstained``, that nothing
            was found, with the nearest article's name. Or what a language model wrote, each
            sentence followed by the ``[n]`` of the quotes that support it or marked as
            unverified.
        exact: The shortest exact answer, verbatim from one of the quotes, or None.
        abstained: Nothing relevant enough was found; there are no citations then.
        confidence: 0..1, the estimated probability that the citations hold the answer; of a
            timeline that no sentence by itself would answer, how much of the question is there.
        citations: The evidence, in the order of ``n``.
        passages: What was retrieved, best first; evidence only as far as it is cited.
        seconds: Time taken.
        understood: The question with what it refers to, without what became a filter. So it is
            searched, but in the article under discussion, which needs no such words.
        filters: Those understood from the question, besides any that were given.
        topic: The question that opened the topic that this one belongs to, as searched: its own,
            unless it is a follow-up.
        note: How the answer came about where a language model was to write it, in both languages.
        claims: The sentences that the language model wrote; none where all is quoted.
        items: What a list or timeline is made of, in the citations' order; else empty.
        stages: Seconds of each stage: ``open`` the index, ``load`` encoder and reader (both
            nothing the second time), ``understand``, ``search`` (the question's encoding
            included), ``read`` and a language model's ``write``. A follow-up that is read again
            with the question before it counts twice.
    """

    question: str
    text: str
    exact: str | None
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    seconds: float
    understood: str = ""
    filters: Filters = EVERYTHING
    topic: str = ""
    note: str = ""
    claims: tuple[Claim, ...] = ()
    items: tuple[Item, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict, compare=False)
