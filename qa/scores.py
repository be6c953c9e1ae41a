"""Measures of retrieval and of exact answers.

Exact match and F1 are those of CMRC 2018 (Cui et al., "A Span-Extraction Dataset for Chinese
Machine Reading Comprehension", EMNLP 2019): over characters of Chinese and words of other
scripts, punctuation left out, F1 from the longest common run of tokens.
"""

import re
import unicodedata
from collections.abc import Sequence

from embeddings.types import Passage

_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """Return 1.0 if the prediction equals one of the gold answers, else 0.0."""
    return float(any(_tokens(prediction) == _tokens(gold) for gold in golds))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """Return the best F1 of the prediction against the gold answers, 0..1."""
    return max((_f1(_tokens(prediction), _tokens(gold)) for gold in golds), default=0.0)


def article_rank(passages: Sequence[Passage], article_id: str) -> int | None:
    """Return the rank of an article among the distinct articles of a ranking, from 1.

    An article that is listed as a reprint has the rank of the article it is listed with.
    """
    distinct: dict[str, None] = {}
    for passage in passages:
        distinct.setdefault(passage.article_id)
        if _is_of(passage, article_id):
            return len(distinct)
    return None


def answer_rank(passages: Sequence[Passage], article_id: str, golds: Sequence[str]) -> int | None:
    """Return the rank of the first passage that is of the article and has a gold answer."""
    found = (
        rank
        for rank, passage in enumerate(passages, start=1)
        if _is_of(passage, article_id) and any(gold in passage.text for gold in golds)
    )
    return next(found, None)


def _is_of(passage: Passage, article_id: str) -> bool:
    """Tell whether a passage, or a reprint listed with it, is of an article."""
    return article_id in {passage.article_id, *(r.article_id for r in passage.reprints)}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


def _f1(prediction: list[str], gold: list[str]) -> float:
    common = _longest_common_run(prediction, gold)
    if not common:
        return 0.0
    precision, recall = common / len(prediction), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def _longest_common_run(a: list[str], b: list[str]) -> int:
    longest = 0
    previous = [0] * (len(b) + 1)
    for token in a:
        row = [0] * (len(b) + 1)
        for j, other in enumerate(b, start=1):
            if token == other:
                row[j] = previous[j - 1] + 1
                longest = max(longest, row[j])
        previous = row
    return longest
