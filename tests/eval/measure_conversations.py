"""Holds the forty conversations of ``conversations.jsonl`` and looks at the last answers.

``python -m tests.eval.measure_conversations SHARED [--half develop]`` prints each. A last turn is
right if its first quote is from the right article; how often the quotes have the answer as well
is told besides.
"""

import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from embeddings import Index, load_index, rebuild
from qa import Answer, Conversation, ask
from tests.conftest import CHECKOUT

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")


def conversations(half: str | None = None) -> list[dict[str, Any]]:
    """Return the conversations of a half, or all."""
    lines = CONVERSATIONS.read_text(encoding="utf-8").splitlines()
    return [line for line in map(json.loads, lines) if half in (None, line["half"])]


def indexes(shared: Path, folder: Path) -> dict[str, Index]:
    """Index ``seeds/``, and the reference page with the other articles of ``seeds/``."""
    seeds = CHECKOUT / "seeds"
    others = [seeds / "briefs.jsonl", seeds / "wentian-launch.md"]
    found = {}
    for name, paths in {"seeds": [seeds], "reference": [shared / "seeds", *others]}.items():
        rebuild(paths, folder / name)
        found[name] = load_index(folder / name)
    return found


def held(turns: Sequence[str], index: Index) -> Conversation:
    """Ask the turns of a conversation one after the other."""
    conversation = Conversation()
    for question in turns:
        conversation = conversation.with_answer(ask(question, conversation, index))
    return conversation


def is_right(line: Mapping[str, Any], answer: Answer, index: Index) -> bool:
    """Tell whether the first quote is from the right article."""
    if answer.abstained:
        return False
    article = index.article(answer.citations[0].article_id)
    return article is not None and line["article"] in squash(article.text)


def has_answer(line: Mapping[str, Any], answer: Answer) -> bool:
    """Tell whether the quotes have one of the answers."""
    return any(gold in squash(answer.text) for gold in line["answers"])


def squash(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s", "", text)


def main(
    shared: Path, half: Annotated[str, typer.Option(help="develop or report")] = "develop"
) -> None:
    """Hold the conversations of a half and print them."""
    with tempfile.TemporaryDirectory() as temporary:
        collections = indexes(shared, Path(temporary))
        right = told = 0
        lines = conversations(half)
        for line in lines:
            index = collections[line["on"]]
            answer = held(line["turns"], index).turns[-1].answer
            from_it = is_right(line, answer, index)
            with_it = from_it and has_answer(line, answer)
            right, told = right + from_it, told + with_it
            sys.stdout.write(
                f"{'ok ' if with_it else 'art' if from_it else 'BAD'} {line['kind']:8} "
                f"{' / '.join(line['turns'])} → [{answer.understood}] {answer.confidence:.2f} "
                f"{answer.exact} | {answer.text}\n"
            )
        typer.echo(
            f"{half}: {right} of {len(lines)} from the right article, {told} with the answer"
        )


if __name__ == "__main__":
    typer.run(main)
