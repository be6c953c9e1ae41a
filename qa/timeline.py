"""Timelines: to 「…的经过」 and 「…有什么进展」, the dated sentences in the order of their days."""

import dataclasses
import datetime
import re

from embeddings import Filters, Index
from qa.citations import citation_of, text_of
from qa.question import Question, coverage, understand
from qa.sentences import Sentence, sentences_of
from qa.types import Answer, Item

PASSAGES = 12
"""Passages whose sentences are looked at."""
ABOUT = 0.5
"""Share of the question's content, by weight, that a passage must have; as in ``follow_up``."""
FEWEST, MOST = 2, 8
"""Days of a timeline."""

_END = r"[?？。\s]*$"
_ASKED = re.compile(
    rf"(?:的|梳理|列出).{{0,4}}时间线|(?<![个条])时间线{_END}|(?:的)?(?:来龙去脉|始末|大事记)(?=是|如何|怎|{_END})"
    rf"|(?:的|整个|事[情件]|详细|具体|前后)经过(?=是|如何|怎|{_END})"
    r"|(?:都)?(?:有|取得)(?:了)?(?:什么|哪些|何)(?:新|最新)?的?进展"
    rf"|(?<![取获]得)的?(?:最新)?进展(?=如何|怎么?样|到哪|{_END})"
    r"|\btimeline of\b"
)
_DAY = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?<!\d)(?P<month>1[0-2]|[1-9])\s?月\s?"
    r"(?P<day>[12]\d|3[01]|[1-9])\s?[日号]"
)


def wants_timeline(question: Question) -> bool:
    """Tell whether a question asks how something went, step by step."""
    return _ASKED.search(question.own) is not None


def timeline(answer: Answer, question: Question, index: Index, filters: Filters) -> Answer:
    """Return the answer as a timeline, or as it is where fewer than two days are told of.

    Args:
        answer: The answer as sentences.
        question: As searched.
        index: The opened index.
        filters: The articles to ask.
    """
    asked = understand(_ASKED.sub(" ", question.text))
    passages = index.search(asked.text, PASSAGES, filters) if asked.text.strip() else []
    sentences = sentences_of(passages)
    about = {
        passage
        for passage in passages
        if coverage(
            asked,
            " ".join(s.simplified for s in sentences if s.passage is passage)
            + f" {passage.headline or ''}",
        )
        >= ABOUT
    }
    dated: dict[tuple[datetime.date, str], Sentence] = {}
    for sentence in sentences:
        day = day_of(sentence)
        if day is not None and sentence.passage in about:
            dated.setdefault((day, sentence.text), sentence)
    likeliest = sorted(dated, key=lambda key: -coverage(asked, dated[key].simplified))[:MOST]
    if len({day for day, _text in likeliest}) < FEWEST:
        return answer
    ordered = sorted(likeliest, key=lambda key: (key[0], dated[key].passage.rank, key[1]))
    citations = tuple(citation_of(n, dated[key]) for n, key in enumerate(ordered, start=1))
    items = tuple(Item(day.isoformat(), n) for n, (day, _text) in enumerate(ordered, start=1))
    return dataclasses.replace(
        answer,
        text=text_of(citations),
        exact=None,
        abstained=False,
        citations=citations,
        passages=tuple(passages),
        items=items,
    )


def day_of(sentence: Sentence) -> datetime.date | None:
    """Return the first day that a sentence names, in the article's year if it names none."""
    published = sentence.passage.date
    for match in _DAY.finditer(sentence.simplified):
        month, day = int(match["month"]), int(match["day"])
        if match["year"]:
            year = int(match["year"])
        elif published:
            year = published.year - ((month, day) > (published.month, published.day))
        else:
            year = datetime.MINYEAR  # still in order within an undated paper
        try:
            return datetime.date(year, month, day)
        except ValueError:
            continue
    return None
