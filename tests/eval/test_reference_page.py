"""Forty questions on the reference page, in words that are not the page's.

Thirty have their answer on the page, ten are near to it but have none. ``pytest -s`` prints each.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from embeddings import Index, load_index, rebuild
from qa import Answer, ask

QUESTIONS = Path(__file__).with_name("reference_page_questions.json")
ANSWERED_FLOOR = 26
ABSTAINED_FLOOR = 8
EXACT_FLOOR = 25
OTHER_SCRIPTS_FLOOR = 7


@pytest.fixture(scope="module")
def index(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("reference")
    rebuild([shared / "seeds"], folder)
    return load_index(folder)


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_right(item: dict[str, object], answer: Answer, index: Index) -> bool:
    """The answer stands in the text or the first quote, and that quote is of the right article."""
    if answer.abstained:
        return False
    first = answer.citations[0]
    article = index.article(first.article_id)
    said = squash(answer.text) + squash(first.quote)
    right_article = article is not None and str(item["article"]) in squash(article.text)
    golds = item["answers"]
    assert isinstance(golds, list)
    return right_article and any(squash(gold) in said for gold in golds)


def is_exact(item: dict[str, object], answer: Answer) -> bool:
    """The exact answer has a gold one in it and little else."""
    golds, exact = item["answers"], squash(answer.exact or "")
    assert isinstance(golds, list)
    return any(
        squash(gold) in exact and len(exact) <= max(3 * len(squash(gold)), 20) for gold in golds
    )


def asked(index: Index, group: str) -> list[tuple[dict[str, object], Answer]]:
    items = json.loads(QUESTIONS.read_text(encoding="utf-8"))[group]
    found = [(item, ask(item["question"], index=index)) for item in items]
    for item, answer in found:
        verdict = is_right(item, answer, index) if "answers" in item else answer.abstained
        sys.stdout.write(
            f"{'ok ' if verdict else 'BAD'} {item['id']} {answer.confidence:.2f} "
            f"{item['question']} → {answer.text} | {answer.exact}\n"
        )
    return found


def test_answerable_questions(index: Index) -> None:
    found = asked(index, "answerable")
    assert sum(is_right(item, answer, index) for item, answer in found) >= ANSWERED_FLOOR


def test_exact_answers(index: Index) -> None:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for item, answer in asked(index, "answerable"):
        by_kind[str(item["kind"])].append(is_exact(item, answer))
    for kind, right in by_kind.items():
        sys.stdout.write(f"{kind}: {sum(right)} of {len(right)}\n")
    assert sum(map(sum, by_kind.values())) >= EXACT_FLOOR


def test_unanswerable_questions(index: Index) -> None:
    found = asked(index, "unanswerable")
    assert all(answer.citations == () for _, answer in found if answer.abstained)
    assert sum(answer.abstained for _, answer in found) >= ABSTAINED_FLOOR


def test_traditional_and_english_questions(index: Index) -> None:
    found = asked(index, "other_scripts")
    assert sum(is_right(item, answer, index) for item, answer in found) >= OTHER_SCRIPTS_FLOOR
