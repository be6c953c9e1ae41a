"""Makes the reader's training examples: questions with a passage that answers, or that does not.

Wrong passages are hard in the ways a user's are: what retrieval finds beside the right passage,
the right passage without the sentence that answers or with a rival in its place, the passage of a
question that differs in little, and the right passage for a question about another year, figure,
person or place. Some right passages have a rival, too (``swaps``).
"""

import datetime
import json
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from embeddings import Index, load_index
from embeddings.chunks import chunk_article
from embeddings.ranking import passage_of
from embeddings.rebuild import index_articles
from embeddings.sentences import Span, sentence_spans
from embeddings.tokens import simplify_characters
from embeddings.types import Article, Chunk, Passage
from qa.spans import context_of
from tests.eval.training.swaps import Pools, about_another, pools_of, rival_of

RETRIEVED = 8
"""Passages retrieved for a question, of which those without the answer are wrong ones."""
MIN_REST = 40
"""Characters that must be left of a passage whose answering sentence is taken away."""
RIVALS = 0.5
"""Share of right passages in which a rival stands beside the sentence that answers."""
SEARCH_BOX = 0.15
"""Share of encyclopedia questions that are turned into bare key words."""

_FILLERS = re.compile(
    r"請問|请问|是什麼|是什么|為何|为何|什麼|什么|哪一[個个年位]|是|的|了|於|于|呢|嗎|吗|？|\?"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a passage; ``answer`` is the offsets in ``text``, or None."""

    question: str
    context: str
    text: str
    answer: tuple[int, int] | None


@dataclass(slots=True)
class Asked:
    """A question with what can be put beside it."""

    question: str
    right: list[Example] = field(default_factory=list)
    retrieved: list[Example] = field(default_factory=list)
    without_sentence: list[Example] = field(default_factory=list)
    of_group: list[Example] = field(default_factory=list)
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class _Qa:
    question: str
    article_id: str
    golds: tuple[str, ...]
    start: int | None
    around: str = ""
    group: int | None = None


def encyclopedia(path: Path) -> list[Asked]:
    """Return the questions of a set in SQuAD layout, contexts retrieved among each other.

    Every second document has its title for a headline; the others are known by their first words.
    """
    articles, questions = [], []
    for number, document in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        title = document.get("title") if number % 2 else None
        for paragraph in document["paragraphs"]:
            identity = f"{path.name}:{len(articles)}"
            articles.append(_article(identity, paragraph["context"], title))
            for qa in paragraph["qas"]:
                golds = tuple(answer["text"] for answer in qa["answers"] if answer["text"])
                if golds:
                    start = qa["answers"][0].get("answer_start")
                    questions.append(_Qa(qa["question"], identity, golds, start))
    return _asked(articles, questions)


def news(questions: Sequence[Path], folder: Path, rest: int) -> list[Asked]:
    """Return the questions written on news articles.

    Args:
        questions: JSON lines with ``article``, ``question`` and ``answers`` (none: a near miss),
            some with the words ``around`` the first answer, which tell where it is meant, and
            the number of a ``group``: questions on an article that differ in little.
        folder: The news articles, JSON lines.
        rest: Further articles to retrieve among, besides those asked about.
    """
    lines = [
        json.loads(line)
        for path in questions
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    wanted = {line["article"] for line in lines}
    records = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    others = [record for record in records if record["id"] not in wanted]
    chosen = random.Random(1).sample(others, rest)
    articles = [
        _article(record["id"], record["text"], None, record["date"])
        for record in records
        if record["id"] in wanted
    ] + [_article(record["id"], record["text"], None, record["date"]) for record in chosen]
    asked = _asked(
        articles,
        [
            _Qa(
                line["question"],
                line["article"],
                tuple(line["answers"]),
                None,
                line.get("around", ""),
                line.get("group"),
            )
            for line in lines
        ],
    )
    return [replace(item, is_news=True) for item in asked]


def epoch(asked: Sequence[Asked], seed: int) -> list[Example]:
    """Return one pass over the questions: of each, a right passage (if any) and a wrong one."""
    chance = random.Random(seed)
    pools = pools_of(
        (item.question for item in asked),
        (_words_of(right) for item in asked for right in item.right[:1]),
    )
    examples = []
    for item in asked:
        question = item.question
        if not item.is_news and chance.random() < SEARCH_BOX:
            question = _FILLERS.sub(" ", question).strip() or question
        for example in _beside(item, pools, chance):
            own = question if example.question == item.question else example.question
            keep = chance.random() < 0.5
            examples.append(replace(example, question=own, context=example.context if keep else ""))
    chance.shuffle(examples)
    return examples


def _beside(item: Asked, pools: Pools, chance: random.Random) -> Iterator[Example]:
    if not item.right:
        near = item.of_group or item.retrieved[:3]
        yield from chance.sample(near, min(2, len(near)))
        return
    right = chance.choice(item.right)
    with_rival, only_rival = _with_rival(right, pools, chance)
    yield with_rival if with_rival and chance.random() < RIVALS else right
    kind = chance.random()
    other = about_another(item.question, right.text, pools, chance) if kind < 0.2 else None
    if other is not None:
        yield replace(right, question=other, answer=None)
    elif kind < 0.35 and only_rival:
        yield only_rival
    elif kind < 0.55 and item.without_sentence:
        yield chance.choice(item.without_sentence)
    elif item.of_group or item.retrieved:
        yield chance.choice(item.of_group or item.retrieved[:4])


def _with_rival(
    right: Example, pools: Pools, chance: random.Random
) -> tuple[Example, Example] | tuple[None, None]:
    """Return the passage with a rival beside the sentence that answers, and with it alone."""
    assert right.answer is not None
    start, end = right.answer
    text, answer = right.text, _words_of(right)
    place = next(s for s in sentence_spans(text) if s.start <= start < s.end)
    sentence = text[place.start : place.end]
    rival = rival_of(sentence, right.question, answer, text, pools, chance)
    if rival is None or end > place.end:
        return None, None
    before, after = text[: place.start], text[place.end :]
    first = chance.random() < 0.5
    moved = len(rival) if first else 0
    both = replace(
        right,
        text=before + (rival + sentence if first else sentence + rival) + after,
        answer=(start + moved, end + moved),
    )
    others = (_without_answers(part, (answer,)) for part in (before, after))
    return both, replace(right, text=rival.join(others), answer=None)


def _words_of(right: Example) -> str:
    assert right.answer is not None
    return right.text[slice(*right.answer)]


def _asked(articles: Sequence[Article], questions: Sequence[_Qa]) -> list[Asked]:
    by_id = {article.id: article for article in articles}
    with tempfile.TemporaryDirectory() as folder:
        index_articles(list(articles), folder)
        index = load_index(folder)
        asked = [_one(index, by_id[qa.article_id], qa) for qa in questions]
    _put_together(asked, questions)
    return asked


def _put_together(asked: Sequence[Asked], questions: Sequence[_Qa]) -> None:
    """Give each question of a group the passages that answer others, but not this one."""
    groups: dict[tuple[str, int], list[tuple[Asked, _Qa]]] = defaultdict(list)
    for item, qa in zip(asked, questions, strict=True):
        if qa.group is not None:
            groups[qa.article_id, qa.group].append((item, qa))
    for group in groups.values():
        texts = {right.text: right for item, _qa in group for right in item.right}
        for item, qa in group:
            item.of_group = [
                replace(right, question=item.question, answer=None)
                for text, right in texts.items()
                if not any(gold in text for gold in qa.golds)
            ]


def _one(index: Index, article: Article, qa: _Qa) -> Asked:
    asked = Asked(simplify_characters(qa.question))
    for chunk in chunk_article(article):
        answer = _answer_in(chunk, qa)
        if answer is None:
            continue
        right = _example(asked.question, article, chunk, answer)
        asked.right.append(right)
        rest = _without_answers(chunk.text, qa.golds)
        if len(rest) >= MIN_REST:
            asked.without_sentence.append(
                replace(right, text=simplify_characters(rest), answer=None)
            )
    for passage in index.search(qa.question, RETRIEVED):
        if not any(gold in passage.text for gold in qa.golds):
            found = index.article(passage.article_id)
            assert found is not None
            asked.retrieved.append(_example(asked.question, found, passage, None))
    return asked


def _answer_in(chunk: Chunk, qa: _Qa) -> tuple[int, int] | None:
    """Return where the answer is in a chunk: where the set says, else where words are nearest."""
    if not qa.golds:
        return None
    gold = qa.golds[0]
    if qa.start is not None:
        inside = chunk.start <= qa.start and qa.start + len(gold) <= chunk.end
        return (qa.start - chunk.start, qa.start - chunk.start + len(gold)) if inside else None
    if qa.around:
        place = chunk.text.find(qa.around)
        start = place + qa.around.index(gold)
        return (start, start + len(gold)) if place >= 0 else None
    places = [m.start() for m in re.finditer(re.escape(gold), chunk.text)]
    if not places:
        return None
    start = max(places, key=lambda place: _shared_characters(qa.question, chunk.text, place))
    return (start, start + len(gold))


def _shared_characters(question: str, text: str, place: int) -> int:
    around = next(
        text[span.start : span.end]
        for span in sentence_spans(text)
        if span.start <= place < span.end
    )
    return len(set(question) & set(around))


def _without_answers(text: str, golds: Sequence[str]) -> str:
    return "".join(
        text[span.start : span.end]
        for span in sentence_spans(text)
        if not any(gold in text[span.start : span.end] for gold in golds)
    )


def _example(
    question: str, article: Article, part: Chunk | Passage, answer: tuple[int, int] | None
) -> Example:
    passage = passage_of(article, Span(part.start, part.end), rank=1, score=1.0)
    context, text = simplify_characters(context_of(passage)), simplify_characters(passage.text)
    return Example(question, context, text, answer)


def _article(identity: str, text: str, headline: str | None, date: str | None = None) -> Article:
    return Article(
        id=identity,
        headline=headline,
        kicker=None,
        authors=(),
        date=datetime.date.fromisoformat(date) if date else None,
        section=None,
        source=identity,
        kind="article",
        text=text,
    )
