"""From hits to passages: one ranking for every kind of index.

What is searched tells its nearest vectors and its best terms; joining them, ordering equals and
putting reprints together is the same wherever they come from.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from embeddings.across import (
    MEANING_TELLS,
    NAME_WEIGHT,
    heard,
    names_of,
    query_vector,
)
from embeddings.cores import cores
from embeddings.fusion import DEPTH, WORDS_TELL, ArticleOfRow, Hits, fuse
from embeddings.language import is_chinese
from embeddings.lead import lead_of
from embeddings.reprints import Shown, traits_of
from embeddings.sentences import Span
from embeddings.tokens import query_terms
from embeddings.types import Article, Chunk, Encoder, Passage, Reprint, Vectors
from embeddings.windows import widen

SCORE_DIGITS = 6
"""Decimals of a passage's score; passages that agree in them are equals."""

_beside = ThreadPoolExecutor(cores(), thread_name_prefix="wenbao-terms")

LOOK_AHEAD = 5
"""Hits below the last passage that are looked at for reprints: they score nearly as it does."""


class Searched(Protocol):
    """The part of an index that is searched: all of it, or what filters leave."""

    def __len__(self) -> int:
        """How many chunks it has."""

    def nearest(self, vector: Vectors, depth: int) -> Hits:
        """Return the ``depth`` chunks nearest to a vector of shape (1, dimension), by row."""

    def by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        """Return the ``depth`` chunks best by BM25, by row."""

    def articles_by_terms(self, terms: Mapping[str, float], depth: int) -> Hits:
        """Return the ``depth`` articles best by BM25, each by its number."""

    @property
    def article_of_row(self) -> ArticleOfRow:
        """The number of the article of each row that was returned."""

    def days(self, rows: Sequence[int]) -> list[int]:
        """Return the day of publication of each returned row's article, counted from year 1."""

    def chunk(self, row: int) -> tuple[Chunk, Article]:
        """Return the chunk of a returned row with its article; best rows are asked for first."""


def search(part: Searched, encoder: Encoder, question: str, k: int) -> list[Passage]:
    """Return the ``k`` best passages of a part, as ``Index.search`` describes."""
    asked = query_terms(question)
    # Postings are read outside the interpreter's lock, while the question is encoded.
    by_article = _beside.submit(part.articles_by_terms, asked, DEPTH)
    by_chunk = _beside.submit(part.by_terms, asked, DEPTH)
    vector = query_vector(encoder, question)
    chinese = is_chinese(question)
    weights, names = (WORDS_TELL, []) if chinese else (MEANING_TELLS, names_of(question))
    depth = DEPTH
    while True:
        sides = part.nearest(vector, depth), by_chunk.result(), by_article.result()
        hits = fuse(*sides, part.article_of_row, weights=weights)
        days = part.days([row for row, _score in hits])
        hits = _with_names(part, names, hits) if names else hits
        passages = distinct(part, newest_first(hits, days), k)
        if len(passages) == k or depth >= len(part):
            return passages
        # Many reprints of few reports: what is different lies deeper.
        depth *= 4
        by_chunk = _beside.submit(part.by_terms, asked, depth)


def _with_names(
    part: Searched, names: Sequence[str], hits: Sequence[tuple[int, float]]
) -> list[tuple[int, float]]:
    """Return hits in their order, the first of them scored also by the names they have."""
    told = {row: heard(names, *part.chunk(row)) for row, _score in hits[:DEPTH]}
    most = 1 + NAME_WEIGHT
    return [(row, (score + NAME_WEIGHT * told.get(row, 0.0)) / most) for row, score in hits]


def newest_first(hits: Sequence[tuple[int, float]], days: Sequence[int]) -> list[tuple[int, float]]:
    """Order hits by score as shown, then by date, newest first, then by row."""
    shown = [
        (-round(score, SCORE_DIGITS), -day) for (_, score), day in zip(hits, days, strict=True)
    ]
    order = sorted(range(len(hits)), key=lambda i: (shown[i], hits[i][0]))
    return [hits[i] for i in order]


def distinct(part: Searched, hits: Sequence[tuple[int, float]], k: int) -> list[Passage]:
    """Return the ``k`` best passages that tell different things, with their reprints.

    Chunks are widened to passages; a chunk that such a passage holds already is left out.
    """
    shown, passages, reprints = Shown(), list[Passage](), list[list[Reprint]]()
    taken: dict[str, list[Span]] = {}
    for at, (row, score) in enumerate(hits):
        if len(passages) == k and at >= k + LOOK_AHEAD:
            break
        chunk, article = part.chunk(row)
        own = taken.setdefault(article.id, [])
        if any(span.start <= chunk.start and chunk.end <= span.end for span in own):
            continue
        number = shown.repeated_by(traits_of(chunk.text))
        if number is not None and passages[number].article_id != article.id:
            reprints[number].append(_reprint(chunk, article))
        elif len(passages) < k:
            window = widen(article.text, Span(chunk.start, chunk.end), own)
            own.append(window)
            passage = passage_of(article, window, len(passages) + 1, score)
            shown.add(traits_of(passage.text))
            reprints.append([])
            passages.append(passage)
    return [
        dataclasses.replace(passage, reprints=tuple(found)) if found else passage
        for passage, found in zip(passages, reprints, strict=True)
    ]


def passage_of(article: Article, window: Span, rank: int, score: float) -> Passage:
    """Return a part of an article as a passage with a rank and a score."""
    has_lead = article.headline is None and bool(article.text[: window.start].strip())
    return Passage(
        rank=rank,
        score=round(score, SCORE_DIGITS),
        text=article.text[window.start : window.end],
        article_id=article.id,
        headline=article.headline,
        authors=article.authors,
        date=article.date,
        source=article.source,
        start=window.start,
        end=window.end,
        lead=lead_of(article.text) if has_lead else "",
    )


def _reprint(chunk: Chunk, article: Article) -> Reprint:
    return Reprint(
        article_id=article.id,
        headline=article.headline,
        authors=article.authors,
        date=article.date,
        source=article.source,
        start=chunk.start,
        end=chunk.end,
    )
