"""Answers one understood question with sentences of the articles, or says that none does."""

import re
from collections.abc import Collection, Sequence

from embeddings import Filters, Index
from embeddings.sentences import Span
from embeddings.tokens import simplify
from embeddings.types import Passage
from qa.citations import cite, text_of
from qa.evidence import exact_answer, kind_of_span
from qa.exact import exact_span
from qa.items import listed_names
from qa.naming import name_of
from qa.question import Question
from qa.reader import Candidate, read, read_words
from qa.rerank import rerank
from qa.spans import load_span_reader
from qa.stages import Stopwatch
from qa.types import Answer, Citation, Item
from qa.weighing import weights_for

PASSAGES = 5
"""Passages that are read for an answer."""
MAX_CITATIONS = 3
CLOSE = 1.7
"""A further sentence is cited if its log-odds are at most this much below the best one's: on the
selection set the answer is then cited in 0.88, at 1.6 sentences an answer."""
MAX_ITEMS = 6
LIST_CONFIDENCE = 0.5
"""From this confidence on, a sentence adds to a list: it is more likely right than wrong."""

_NEWEST = re.compile(
    r"最新的?.{0,4}?(?:一[次场届期份篇]|进展|消息|情况|数据|通报|要求|报道|动态|规定|政策|安排|部署|成果)"
    r"|最近(?:的)?一[次场届期份篇]|\b(?:latest|most recent)\b"
)

Place = tuple[str, int]
"""Where a sentence begins: the article's id and the offset in its text."""


def extract(
    question: str,
    understood: Question,
    index: Index,
    filters: Filters,
    watch: Stopwatch,
    without: Collection[Place] = (),
) -> Answer:
    """Return the one to three sentences that answer, or an abstention.

    Where all things of a kind are asked for, sentences of other passages that answer by
    themselves are cited too, and what each names is an item. Where the latest is asked for, of
    the sentences that would be cited only those of the newest day are.

    Args:
        question: As asked.
        understood: As searched and read.
        index: The opened index.
        filters: The articles to ask.
        watch: Told how long each stage takes.
        without: Sentences that are known already and do not count as an answer.
    """
    with watch.stage("load"):
        encoder = index.encoder
        reader = load_span_reader()
    with watch.stage("search"):
        passages = tuple(index.search(understood.text, PASSAGES, filters))
    with watch.stage("read"):
        if reader is None:
            evidence = read_words(understood, passages, encoder)
        else:
            evidence = read(understood, passages, reader)
    model = weights_for(understood, with_reader=reader is not None)
    scores = model.scores(evidence.features).tolist()
    ranked = [
        (score, candidate)
        for score, candidate in sorted(
            zip(scores, evidence.candidates, strict=True), key=lambda pair: pair[0], reverse=True
        )
        if _place(candidate) not in without
    ]
    passages = rerank(passages, evidence.spans) if evidence.spans else passages
    confidence = model.confidence(ranked[0][0]) if ranked else 0.0
    if confidence < model.bound:
        return _abstention(question, understood, confidence, passages)
    close = [c for score, c in ranked[:MAX_CITATIONS] if score >= ranked[0][0] - CLOSE]
    close.sort(key=lambda candidate: not _is_of_kind(understood, candidate))
    best = _newest(close) if _NEWEST.search(understood.own) else close
    if understood.wants_list:
        best += [c for score, c in ranked if model.confidence(score) >= LIST_CONFIDENCE]
    best = distinct(best)[:MAX_ITEMS]
    wants_fact = understood.wants != "other" and not understood.wants_list
    citations = cite([candidate.sentence for candidate in best], best_first=wants_fact)
    return Answer(
        question=question,
        text=text_of(citations),
        exact=_exact(understood, best[0]),
        abstained=False,
        confidence=confidence,
        citations=citations,
        passages=passages,
        seconds=0.0,
        understood=understood.text,
        items=_items(best, citations) if understood.wants_list else (),
    )


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates in their order, each sentence once: passages may share one."""
    first = dict[Place, Candidate]()
    for candidate in candidates:
        first.setdefault(_place(candidate), candidate)
    return list(first.values())


def _newest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those of the newest day."""
    newest = max(_day(candidate) for candidate in candidates)
    return [candidate for candidate in candidates if _day(candidate) == newest]


def _day(candidate: Candidate) -> int:
    date = candidate.sentence.passage.date
    return date.toordinal() if date else 0


def _place(candidate: Candidate) -> Place:
    return candidate.sentence.passage.article_id, candidate.sentence.start


def _items(candidates: Sequence[Candidate], citations: Sequence[Citation]) -> tuple[Item, ...]:
    """Return what each candidate names, each name once, in the citations' order."""
    numbers = {(citation.article_id, citation.start): citation.n for citation in citations}
    items: dict[str, int] = {}
    for candidate in candidates:
        for name in listed_names(_words_of(candidate)):
            items.setdefault(name, numbers[_place(candidate)])
    return tuple(Item(name, n) for name, n in sorted(items.items(), key=lambda item: item[1]))


def _is_of_kind(understood: Question, candidate: Candidate) -> bool:
    """Tell whether the words found can be a figure or a time, where one is asked for."""
    if candidate.exact is None or understood.wants not in {"figure", "time"}:
        return True
    return kind_of_span(understood, simplify(_words_of(candidate))) >= 0


def _words_of(candidate: Candidate) -> str:
    """Return the words that the reader found, none without a reader."""
    if candidate.exact is None:
        return ""
    passage = candidate.sentence.passage
    return passage.text[candidate.exact.start - passage.start : candidate.exact.end - passage.start]


def _exact(understood: Question, best: Candidate) -> str | None:
    if best.exact is None:
        return exact_answer(understood, best.sentence.text)
    passage = best.sentence.passage
    read = Span(best.exact.start - passage.start, best.exact.end - passage.start)
    start, end = exact_span(understood, passage.text, read)
    return passage.text[start:end].strip() or None


def _abstention(
    question: str, understood: Question, confidence: float, passages: tuple[Passage, ...]
) -> Answer:
    nearest = passages[0] if passages else None
    name = name_of(nearest.headline, nearest.text) if nearest else ""
    if understood.is_chinese:
        text = "报纸里没有找到能回答这个问题的内容。"
        text += f"最接近的文章是《{name}》，但它没有给出答案。" if nearest else ""
    else:
        text = "Nothing in the newspaper answers this question."
        text += f" The nearest article is “{name}”, but it does not say." if nearest else ""
    return Answer(question, text, None, True, confidence, (), passages, 0.0, understood.text)
