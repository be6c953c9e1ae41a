"""Asks the news questions of all news articles.

``python -m tests.eval.measure_news ../shared/data`` prints, for each part and by kind of
question, how often a cited sentence has the answer, how often the exact answer is right
(character F1 of CMRC 2018), and what was refused. Choices are made on ``select``; ``report``,
``blind`` and ``english`` are only reported, and whoever wrote the last two had not seen the code.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from embeddings import Index, load_index, rebuild
from qa import Answer, ask
from qa.scores import f1

QUESTIONS = Path(__file__).with_name("news_questions.jsonl")


def is_cited(line: dict[str, object], answer: Answer) -> bool:
    """Tell whether a quote of one of the right articles has one of the answers."""
    articles = {line["article"], *_list(line.get("also"))}
    return any(
        citation.article_id in articles and gold in citation.quote
        for citation in answer.citations
        for gold in _list(line["answers"])
    )


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def asked(index: Index, part: str) -> list[tuple[dict[str, object], Answer]]:
    """Ask all questions of a part."""
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [(line, ask(line["question"], index=index)) for line in lines if line["part"] == part]


def figures(found: Sequence[tuple[dict[str, object], Answer]]) -> dict[str, float]:
    """Return the measures over some questions."""
    answerable = [(line, answer) for line, answer in found if line["answers"]]
    others = [answer for line, answer in found if not line["answers"]]
    measured: dict[str, float] = {"answerable": len(answerable), "answerless": len(others)}
    if answerable:
        count = len(answerable)
        measured["cited"] = sum(is_cited(*pair) for pair in answerable) / count
        measured["exact_f1"] = (
            sum(f1(answer.exact or "", _list(line["answers"])) for line, answer in answerable)
            / count
        )
        measured["refused"] = sum(answer.abstained for _, answer in answerable) / count
    if others:
        measured["answerless_refused"] = sum(a.abstained for a in others) / len(others)
    return {name: round(value, 3) for name, value in measured.items()}


def main(
    data: Path,
    index: Annotated[Path | None, typer.Option(help="Keep the news index here.")] = None,
    details: Annotated[bool, typer.Option(help="Print every question.")] = False,
) -> None:
    """Ask, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = index or Path(temporary)
        rebuild([data / "news"], index=folder)
        collection = load_index(folder)
        for part in ("select", "report", "blind", "english"):
            found = asked(collection, part)
            typer.echo(f"{part}: {json.dumps(figures(found))}")
            kinds = defaultdict(list)
            for line, answer in found:
                kinds[str(line["kind"]).split("-")[0]].append((line, answer))
            for kind, some in sorted(kinds.items()):
                typer.echo(f"  {kind:8} {json.dumps(figures(some))}")
            for line, answer in found if details else ():
                right = is_cited(line, answer) if line["answers"] else answer.abstained
                sys.stdout.write(
                    f"{'ok ' if right else 'BAD'} {answer.confidence:.2f} {line['question']} → "
                    f"{answer.exact} {line['answers']} | {answer.text}\n"
                )


if __name__ == "__main__":
    typer.run(main)
