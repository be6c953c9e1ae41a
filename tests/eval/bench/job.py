"""What the benchmark hands to each system's process, and what comes back. Standard library only:
both environments import it."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """An article, or a chunk of one; ``article`` is the article's id."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """The same for every system.

    Attributes:
        articles: Whole articles, for systems that cut them themselves.
        chunks: The same articles cut by Wenbao, for systems that do not cut.
        model: A sentence-transformers folder.
        depth: Passages wanted for a question.
    """

    articles: tuple[Text, ...]
    chunks: tuple[Text, ...]
    questions: tuple[str, ...]
    model: str
    depth: int


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as given to the user, and the articles that have it."""

    articles: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system did.

    Attributes:
        versions: ``name==version`` of what it is made of.
        index_seconds: From texts to being ready to answer; the model was loaded before.
        query_ms: Time of each question, in order.
        found: Passages of each question, best first.
        peak_mb: Peak memory of its process.
    """

    versions: tuple[str, ...]
    index_seconds: float
    query_ms: tuple[float, ...]
    found: tuple[tuple[Found, ...], ...]
    peak_mb: float


class System(Protocol):
    """A way to find passages. Making one loads its libraries and model."""

    packages: tuple[str, ...]

    def index(self, job: Job) -> None:
        """Take in the texts."""

    def search(self, question: str, depth: int) -> list[Found]:
        """Return passages, best first."""


def write_job(path: Path, job: Job) -> None:
    """Write a job as JSON."""
    path.write_text(json.dumps(dataclasses.asdict(job), ensure_ascii=False), encoding="utf-8")


def read_job(path: Path) -> Job:
    """Read what ``write_job`` wrote."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Job(
        articles=tuple(Text(**text) for text in fields["articles"]),
        chunks=tuple(Text(**text) for text in fields["chunks"]),
        questions=tuple(fields["questions"]),
        model=fields["model"],
        depth=fields["depth"],
    )


def write_outcome(path: Path, outcome: Outcome) -> None:
    """Write an outcome as JSON."""
    path.write_text(json.dumps(dataclasses.asdict(outcome), ensure_ascii=False), encoding="utf-8")


def read_outcome(path: Path) -> Outcome:
    """Read what ``write_outcome`` wrote."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Outcome(
        versions=tuple(fields["versions"]),
        index_seconds=fields["index_seconds"],
        query_ms=tuple(fields["query_ms"]),
        found=tuple(
            tuple(Found(tuple(one["articles"]), one["text"]) for one in found)
            for found in fields["found"]
        ),
        peak_mb=fields["peak_mb"],
    )
