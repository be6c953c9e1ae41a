"""Answers one understood question with sentences of the articles, or says that none does."""

from collections.abc import Collection

from embeddings import Filters, Index
from embeddings.types import Passage
from qa.citations import cite, text_of
from qa.evidence import exact_answer
from qa.naming import name_of
from qa.question import Question
from qa.reader import Candidate, read, read_words
from qa.rerank import rerank
from qa.spans import load_span_reader
from qa.stages import Stopwatch
from qa.types import Answer
from qa.weighing import weights_for

PASSAGES = 5
"""Passages that are read for an answer."""
MAX_CITATIONS = 3
CLOSE = 1.7
"""A further sentence is cited if its log-odds are at most this much below the best one's: on the
selection set the answer is then cited in 0.88, at 1.6 sentences an answer."""

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
        # The reader learned from Chinese questions; across scripts, nearness in meaning tells more.
        reader = load_span_reader() if understood.is_chinese else None
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
        if (candidate.sentence.passage.article_id, candidate.sentence.start) not in without
    ]
    passages = rerank(passages, evidence.spans) if evidence.spans else passages
    confidence = model.confidence(ranked[0][0]) if ranked else 0.0
    if confidence < model.bound:
        return _abstention(question, understood, confidence, passages)
    best = [c for score, c in ranked[:MAX_CITATIONS] if score >= ranked[0][0] - CLOSE]
    citations = cite([candidate.sentence for candidate in best])
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
    )


def _exact(understood: Question, best: Candidate) -> str | None:
    if best.exact is None:
        return exact_answer(understood, best.sentence.text)
    passage = best.sentence.passage
    return passage.text[best.exact.start - passage.start : best.exact.end - passage.start] or None


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
