"""Sentences with one wrong figure, name or date are found out; faithful ones pass."""

import json
from collections import Counter
from pathlib import Path

import pytest

from embeddings import Index, load_index
from embeddings.sentences import Span, sentence_spans
from embeddings.tokens import simplify
from embeddings.types import Article
from embeddings.windows import widen
from qa.claims.check import Evidence, Finding, check

CLAIMS = Path(__file__).with_name("claims.jsonl")
FOUND_OUT, REFUSED = 28, 2
"""Of 30 wrong ones at least, of 30 faithful ones at most."""


def passage_with(index: Index, words: str) -> tuple[Article, str]:
    """Return the article with some words, and the passage that is shown around them."""
    article = next(article for article in index.articles() if words in article.text)
    at = article.text.index(words)
    spans = sentence_spans(article.text)
    sentence = next(span for span in spans if span.start <= at < span.end)
    window = widen(article.text, Span(sentence.start, sentence.end))
    return article, article.text[window.start : window.end]


def finding_of(index: Index, line: dict[str, str]) -> Finding:
    article, passage = passage_with(index, line["passage"])
    sentences = [passage[start:end] for start, end in sentence_spans(passage)]
    told = index.encoder.encode_documents(sentences)
    claim = index.encoder.encode_documents([line["claim"]])[0]
    about = simplify("\n".join([article.headline or "", *article.authors]))
    evidence = Evidence(
        [simplify(sentence) for sentence in sentences],
        about,
        [article.date] if article.date else [],
    )
    return check(line["claim"], simplify(line["claim"]), evidence, (told @ claim).tolist())


@pytest.mark.parametrize("half", ["development", "second", "third"])
def test_claims(seeds_index: Path, half: str) -> None:
    index = load_index(seeds_index)
    lines = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line["half"] == half]
    passed = Counter((line["wrong"] is None, not finding_of(index, line).reason) for line in lines)
    assert passed[False, False] + passed[False, True] == 30
    assert passed[False, False] >= FOUND_OUT, passed
    assert passed[True, False] <= REFUSED, passed
