"""Question sets in SQuAD layout: CMRC 2018, DRCD, and what readers thought of answers."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from embeddings.errors import InputError
from embeddings.types import Article


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its gold answers and the article they are in."""

    question: str
    golds: tuple[str, ...]
    article_id: str


class _GoldAnswer(BaseModel):
    text: str


class _Qa(BaseModel):
    question: str
    answers: list[_GoldAnswer] = []


class _Paragraph(BaseModel):
    context: str
    qas: list[_Qa] = []


class _Document(BaseModel):
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Document]


def read_questions(path: Path) -> tuple[list[Article], list[Labelled], int]:
    """Return contexts as articles, the questions, and how many had no answer to compare with.

    Raises:
        InputError: The file cannot be read, is not in SQuAD layout, or has no usable question.
    """
    try:
        squad = _Squad.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"读不了 {path}（{error.strerror}）。请检查路径。",
            f"Cannot read {path} ({error.strerror}). Check the path.",
        ) from error
    except ValidationError as error:
        raise InputError(
            f"{path} 不是 SQuAD 格式的问题集。请给 CMRC 2018、DRCD 那样的 JSON 文件。",
            f"{path} is not a question set in SQuAD layout. Name a JSON file like those of CMRC "
            "2018 or DRCD.",
        ) from error
    articles: list[Article] = []
    labelled: list[Labelled] = []
    skipped = 0
    for paragraph in (p for document in squad.data for p in document.paragraphs):
        article = _context(paragraph.context, f"{path.name}:{len(articles) + 1}")
        articles.append(article)
        for qa in paragraph.qas:
            golds = tuple(dict.fromkeys(a.text for a in qa.answers if a.text.strip()))
            if qa.question.strip() and golds:
                labelled.append(Labelled(qa.question, golds, article.id))
            else:
                skipped += 1
    if not labelled:
        raise InputError(
            f"{path} 里没有带答案的问题。请在 answers 里写明正确答案，或换一个文件。",
            f"{path} has no question with an answer. Put right answers in its answers, or name "
            "another file.",
        )
    return articles, labelled, skipped


def _context(text: str, source: str) -> Article:
    """Keep the text as it is: gold answers are looked for in it verbatim."""
    return Article(
        id=source,
        headline=None,
        kicker=None,
        authors=(),
        date=None,
        section=None,
        source=source,
        kind="article",
        text=text,
    )
