"""Timelines: to 「…的经过」 and 「…有什么进展」, the dated sentences in the order of their days."""

import dataclasses
import datetime
import re

from embeddings import Filters, Index
from embeddings.tokens import simplify_characters
from qa.citations import citation_of, text_of
from qa.question import Question, coverage, understand
from qa.sentences import Sentence, sentences_of
from qa.types import Answer, Item

PASSAGES = 12
"""Passages whose sentences are looked at."""
ABOUT = 0.5
"""Share of the question's content, by weight, that a passage must have; as in ``follow_up``."""
FEWEST = 2
"""Days of a timeline."""
MOST = 8
"""Sentences of a timeline."""
BESIDE = datetime.timedelta(days=60)
"""How near a day of the year before or after must be for one without its year to be that: in a
paper of December 28 「1月5日」 is to come, in one of November 「2月3日」 is past."""

_END = r"[?？。\s]*$"
_ASKED = re.compile(
    rf"(?:的|梳理|列出).{{0,4}}时间线|(?<![个条])时间线{_END}|(?:的)?(?:来龙去脉|始末|大事记)(?=是|如何|怎|{_END})"
    rf"|(?:的|整个|事[情件]|详细|具体|前后)经过(?=是|如何|怎|{_END})"
    r"|(?:都)?(?:有|取得)(?:了)?(?:什么|哪些|何)(?:新|最新)?的?进展"
    rf"|(?<![取获]得)的?(?:最新)?进展(?=如何|怎么?样|到哪|{_END})"
    r"|\btimeline of\b",
    re.IGNORECASE,
)
_YEARS_AGO = {"前年": 2, "去年": 1, "今年": 0, "明年": -1}
_DAY = re.compile(
    rf"(?:(?:(?P<year>(?:19|20)\d\d)\s?年|(?P<ago>{'|'.join(_YEARS_AGO)}))\s?)?(?<!\d)(?P<month>1[0-2]|[1-9])\s?月\s?"
    r"(?P<day>[12]\d|3[01]|[1-9])\s?[日号]"
)


def wants_timeline(question: Question) -> bool:
    """Tell whether a question asks how something went, step by step."""
    return _ASKED.search(question.own) is not None


def timeline(answer: Answer, question: Question, index: Index, filters: Filters) -> Answer:
    """Return the answer as a timeline, or as it is where fewer than two days are told of.

    Of an abstention the confidence becomes the share of the question's content that each of the
    passages has at least, by which they were chosen: no sentence by itself was likely to answer.

    Args:
        answer: The answer as sentences.
        question: As searched.
        index: The opened index.
        filters: The articles to ask.
    """
    asked = understand(_ASKED.sub(" ", simplify_characters(question.text)))
    passages = index.search(asked.text, PASSAGES, filters) if asked.text.strip() else []
    sentences = sentences_of(passages)
    told = {
        passage: " ".join(s.simplified for s in sentences if s.passage is passage)
        + f" {passage.headline or ''}"
        for passage in passages
    }
    shares = {passage: coverage(asked, text) for passage, text in told.items()}
    dated: dict[tuple[datetime.date, str], Sentence] = {}
    for sentence in sentences:
        day = day_of(sentence)
        if day is not None and shares[sentence.passage] >= ABOUT:
            dated.setdefault((day, sentence.text), sentence)
    likeliest = sorted(dated, key=lambda key: -coverage(asked, dated[key].simplified))[:MOST]
    if len({day for day, _text in likeliest}) < FEWEST:
        return answer
    ordered = sorted(likeliest, key=lambda key: (key[0], dated[key].passage.rank, key[1]))
    citations = tuple(citation_of(n, dated[key]) for n, key in enumerate(ordered, start=1))
    items = tuple(Item(day.isoformat(), n) for n, (day, _text) in enumerate(ordered, start=1))
    least = min(shares[dated[key].passage] for key in ordered)
    return dataclasses.replace(
        answer,
        text=text_of(citations),
        exact=None,
        abstained=False,
        confidence=least if answer.abstained else answer.confidence,
        citations=citations,
        passages=tuple(passages),
        items=items,
    )


def day_of(sentence: Sentence) -> datetime.date | None:
    """Return the first day that a sentence names, or None.

    Without its year it is of the article's, or of the one before or after if it is near there
    (``BESIDE``); in an undated article it is no day.
    """
    published = sentence.passage.date
    for match in _DAY.finditer(sentence.simplified):
        found = [_date(year, match) for year in _years(match, published)]
        days = [day for day in found if day is not None]
        near = [day for day in days if published and abs(day - published) <= BESIDE]
        if days:
            return (near or days)[0]
    return None


def _years(match: re.Match[str], published: datetime.date | None) -> tuple[int, ...]:
    """Return the years that a day may be of, the likeliest first."""
    if match["year"]:
        return (int(match["year"]),)
    if published is None:
        return ()
    if match["ago"]:
        return (published.year - _YEARS_AGO[match["ago"]],)
    return (published.year, published.year - 1, published.year + 1)


def _date(year: int, match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(year, int(match["month"]), int(match["day"]))
    except ValueError:  # 2月30日
        return None
