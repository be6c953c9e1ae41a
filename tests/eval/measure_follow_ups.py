"""Asks the questions on an article as a conversation: one, then the next two as follow-ups.

``python -m tests.eval.measure_follow_ups ../shared/data/xquad_zh.json`` prints how many of the
follow-ups are answered from their article, refused, or answered wrongly. Names that the first
question has are taken out of them, so that they lean on it.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from embeddings import Index, load_index
from embeddings.rebuild import index_articles
from embeddings.tokens import simplify
from qa import Answer, Conversation, ask
from qa.evidence import NAMES, tagged
from qa.follow_up import follow_up, topic_of
from qa.question_set import Labelled, read_questions

FOLLOW_UPS = 2
"""Asked after the first question on an article."""
_SHORTEST = 4
"""Characters that must be left of a follow-up."""


def shortened(question: str, first: str) -> str:
    """Return a question without the names that the first one has."""
    text, before = simplify(question), simplify(first)
    for word, tag in tagged(before):
        if len(word) > 1 and tag.startswith(NAMES):
            text = text.replace(word, "")
    return text.lstrip("的,，在 ")


def outcomes(index: Index, asked: Sequence[Labelled]) -> Iterator[str]:
    """Yield what became of each follow-up; of none where the first question is not answered."""
    first, *others = asked
    answer = ask(first.question, index=index)
    if answer.abstained or answer.citations[0].article_id != first.article_id:
        return
    conversation = Conversation().with_answer(answer)
    for item in others[:FOLLOW_UPS]:
        question = shortened(item.question, first.question)
        topic = topic_of(conversation, index)
        if len(question) >= _SHORTEST and topic and follow_up(question, topic):
            yield _outcome(item, ask(question, conversation, index))


def _outcome(item: Labelled, answer: Answer) -> str:
    if answer.abstained:
        return "refused"
    right = (c.quote for c in answer.citations if c.article_id == item.article_id)
    return "answered" if any(gold in q for q in right for gold in item.golds) else "wrong"


def main(questions: Path) -> None:
    """Ask, and print the counts."""
    articles, labelled, _skipped = read_questions(questions)
    on_article: dict[str, list[Labelled]] = defaultdict(list)
    for item in labelled:
        on_article[item.article_id].append(item)
    with tempfile.TemporaryDirectory() as folder:
        index_articles(articles, folder)
        index = load_index(folder)
        found = Counter(
            outcome for asked in on_article.values() for outcome in outcomes(index, asked)
        )
    typer.echo(f"{found.total()} follow-ups: {dict(found)}")


if __name__ == "__main__":
    typer.run(main)
