"""What became of each question of an evaluation: one JSON object a line."""

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError
from embeddings.types import Passage
from qa.question import AnswerType, understand
from qa.scores import answer_rank, article_rank, exact_match, f1
from qa.types import Answer


@dataclass(frozen=True, slots=True)
class Detail:
    """One question asked.

    Attributes:
        kind: The kind of answer that the question was understood to want.
        gold: The right answers.
        article: The article they are in.
        article_rank: Its rank among the distinct articles found, or None.
        answer_rank: The rank of the first passage of it that has a right answer, or None.
        answer: What was said, quotes with their numbers.
        em: Exact match of ``exact``, 0 or 1.
        first_passage: The passage ranked first: what was taken for the best.
        seconds: Time that asking took.
    """

    question: str
    kind: AnswerType
    gold: tuple[str, ...]
    article: str
    article_rank: int | None
    answer_rank: int | None
    answer: str
    exact: str | None
    em: float
    f1: float
    abstained: bool
    confidence: float
    first_article: str | None
    first_passage: str | None
    seconds: float


Write = Callable[[Detail], None]


def detail_of(
    gold: Sequence[str], article_id: str, answer: Answer, passages: Sequence[Passage]
) -> Detail:
    """Compare an answer, and the passages in the order in which they are shown, with the gold."""
    first = passages[0] if passages else None
    return Detail(
        question=answer.question,
        kind=understand(answer.question).wants,
        gold=tuple(gold),
        article=article_id,
        article_rank=article_rank(passages, article_id),
        answer_rank=answer_rank(passages, article_id, gold),
        answer=answer.text,
        exact=answer.exact,
        em=exact_match(answer.exact or "", gold),
        f1=f1(answer.exact or "", gold),
        abstained=answer.abstained,
        confidence=round(answer.confidence, 4),
        first_article=first.article_id if first else None,
        first_passage=first.text if first else None,
        seconds=round(answer.seconds, 4),
    )


@contextmanager
def writing_details(path: Path | None) -> Iterator[Write]:
    """Give a function that writes details to a file as they come, or nowhere.

    Raises:
        InputError: The file cannot be written.
    """
    if path is None:
        yield lambda detail: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"无法写入 {path}（{error.strerror}）。请检查文件夹是否存在、有无权限。",
            f"Cannot write {path} ({error.strerror}). Check that its folder exists and may be "
            "written to.",
        ) from error
    with file:

        def write(detail: Detail) -> None:
            file.write(json.dumps(dataclasses.asdict(detail), ensure_ascii=False) + "\n")
            file.flush()

        yield write
