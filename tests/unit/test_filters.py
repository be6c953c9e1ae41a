"""Narrowing a search: which articles stay, and that those are searched to the full."""

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import Filters, Index
from embeddings.corpus import Corpus
from embeddings.corpus_writer import CorpusWriter
from embeddings.dense import DenseIndex
from embeddings.errors import InputError
from embeddings.facets import Facets, FacetsWriter
from embeddings.protocol import UNDATED
from embeddings.ranking import newest_first
from embeddings.sparse import SparseIndex
from embeddings.types import Article
from qa import ask, retrieve
from tests.conftest import dense_index, make_article, sparse_index

JULY = datetime.date(2022, 7, 1)
AUGUST = datetime.date(2022, 8, 31)

ARTICLES = [
    Article(name, None, None, authors, date, section, source, kind, "文。")
    for name, authors, date, section, source, kind in (
        ("a", ("姬慧洋", "Tom Li"), JULY, "第2版：要闻", "报纸/2022-07/a.txt:1-40", "article"),
        ("b", ("張 力",), AUGUST, "第12版：体育", "报纸/2022-08/b.pdf#page=3", "photo"),
        ("c", (), None, None, "补充.jsonl:7-7", "article"),
    )
]
_opened: list[tuple[Path, Corpus]] = []


@pytest.fixture(scope="module", autouse=True)
def _three_articles(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("facets")
    corpus, facets = CorpusWriter(folder / "corpus.sqlite", 1 << 20), FacetsWriter()
    for position, article in enumerate(ARTICLES):
        corpus.add_article(position, article, article, None)
        facets.add(article, 1)
    corpus.finish()
    facets.write(folder / "facets")
    _opened[:] = [(folder / "facets", Corpus(folder / "corpus.sqlite"))]


def positions(filters: Filters, roots: Sequence[str] = ()) -> list[int]:
    return Facets(*_opened[0], roots).rows(filters).tolist()


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(), [0, 1, 2]),
        (Filters(since=JULY), [0, 1]),
        (Filters(since=JULY + datetime.timedelta(1)), [1]),
        (Filters(until=JULY), [0]),
        (Filters(until=JULY - datetime.timedelta(1)), []),
        (Filters(since=AUGUST, until=AUGUST), [1]),
        (Filters(author="姬慧洋"), [0]),
        (Filters(author="tom li"), [0]),
        (Filters(author="张力"), [1]),
        (Filters(author="姬慧"), []),
        (Filters(section="要闻"), [0]),
        (Filters(section="2版"), [0]),
        (Filters(section="12版"), [1]),
        (Filters(section="體育"), [1]),
        (Filters(kind="photo"), [1]),
        (Filters(article_id="b"), [1]),
        (Filters(article_id="nowhere"), []),
        (Filters(kind="article"), [0, 2]),
        (Filters(source="报纸"), [0, 1]),
        (Filters(source="报纸/2022-07/"), [0]),
        (Filters(source="2022-07"), [0]),
        (Filters(source="2022"), []),
        (Filters(source="./报纸/2022-07/a.txt"), [0]),
        (Filters(source="a.txt"), [0]),
        (Filters(source="a.txt:1-40"), [0]),
        (Filters(source="a.txt:1-4"), []),
        (Filters(source="b.pdf#page=3"), [1]),
        (Filters(source="b.pdf"), [1]),
        (Filters(source="补充.jsonl"), [2]),
        (Filters(source="坏\ud800字.txt:1-4"), []),
        (Filters(source="~没有这个用户/a.txt"), []),
        (Filters(source="长" * 5000), []),
        (Filters(kind="article", since=JULY), [0]),
        (Filters(kind="photo", author="姬慧洋"), []),
    ],
    ids=repr,
)
def test_which_articles_stay(filters: Filters, left: list[int]) -> None:
    assert positions(filters) == left


def test_sources_may_be_named_by_paths_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "报纸" / "2022-07").mkdir(parents=True)
    roots = [str(tmp_path / "报纸"), str(tmp_path / "别处" / "补充.jsonl")]
    assert positions(Filters(source=str(tmp_path / "报纸" / "2022-07")), roots) == [0]
    assert positions(Filters(source=str(tmp_path / "报纸")), roots) == [0, 1]
    assert positions(Filters(source=str(tmp_path)), roots) == [0, 1, 2]
    assert positions(Filters(source=str(tmp_path / "别处" / "补充.jsonl:7-7")), roots) == [2]
    assert positions(Filters(source=str(tmp_path / "没有")), roots) == []
    monkeypatch.chdir(tmp_path / "报纸" / "2022-07")
    assert positions(Filters(source="."), roots) == [0]
    assert positions(Filters(source="../2022-08"), roots) == [1]


def test_what_cannot_be_meant_is_an_error() -> None:
    with pytest.raises(InputError, match="Swap"):
        Filters(since=AUGUST, until=JULY)
    for empty in ({"author": ""}, {"section": " "}, {"source": "\n"}):
        with pytest.raises(InputError, match=next(iter(empty))):
            Filters(**empty)


@settings(max_examples=60, deadline=None)
@given(
    among=st.sets(st.integers(0, 399)).map(sorted),
    depth=st.integers(1, 30),
    words=st.lists(st.integers(0, 29), min_size=1, max_size=6),
)
def test_a_part_is_searched_as_the_whole_would_be(
    tmp_path_factory: pytest.TempPathFactory, among: list[int], depth: int, words: list[int]
) -> None:
    dense, sparse, vectors = _searchable(tmp_path_factory)
    rows = np.array(among, np.int64)

    found, scores = dense.search(vectors[words[0]], depth, rows)
    cosines = vectors[rows] @ vectors[words[0]]
    assert scores == pytest.approx(np.sort(cosines)[::-1][:depth], abs=1e-6)
    assert set(found.tolist()) <= set(among)

    terms = {f"w{word}": float(words.count(word)) for word in words}
    everything = dict(zip(*(side.tolist() for side in sparse.search(terms, 400)), strict=True))
    best = sorted((everything[row] for row in among if row in everything), reverse=True)
    found, scores = sparse.search(terms, depth, rows)
    assert scores.tolist() == best[:depth]
    assert all(everything[row] == score for row, score in zip(found.tolist(), scores, strict=True))
    assert set(found.tolist()) <= set(among)


_built: list[tuple[DenseIndex, SparseIndex, np.ndarray]] = []


def _searchable(factory: pytest.TempPathFactory) -> tuple[DenseIndex, SparseIndex, np.ndarray]:
    if not _built:
        random = np.random.default_rng(0)
        vectors = random.normal(size=(400, 16)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        documents = [[f"w{w}" for w in random.integers(0, 30, size=12)] for _ in range(400)]
        postings = sparse_index(documents, factory.mktemp("postings") / "p")
        vectors = vectors.astype(np.float16).astype(np.float32)
        dense = dense_index(vectors, factory.mktemp("vectors"))
        _built.append((dense, postings, vectors))
    return _built[0]


def test_a_narrow_filter_still_gives_the_best_passages(
    index_of: Callable[[Sequence[Article]], Index],
) -> None:
    crowd = [make_article(f"城东大桥全长860米，第{n}次通报。", f"crowd-{n}") for n in range(300)]
    few = [
        dataclasses.replace(make_article(text, name), date=JULY, authors=("王五",))
        for name, text in (
            ("bread", "面包店今日开业，早餐八折。"),
            ("bridge", "老桥长二百米。"),
            ("school", "小学开学典礼。"),
        )
    ]
    index = index_of([*crowd, *few])
    assert "bridge" not in {p.article_id for p in retrieve("城东大桥全长多少米", 100, index)}
    found = retrieve("城东大桥全长多少米", 5, index, Filters(author="王五"))
    assert {p.article_id for p in found} == {"bread", "bridge", "school"}
    assert [p.rank for p in found] == [1, 2, 3]
    assert retrieve("城东大桥全长多少米", 5, index, Filters(author="王五", kind="photo")) == []


def test_newest_first_among_equals() -> None:
    days = [day.toordinal() if day else UNDATED for day in (None, JULY, AUGUST, None, JULY)]
    hits = [(row, 0.5 + 1e-9 * row) for row in range(len(days))]
    hits.append((0, 0.9))
    ordered = newest_first(hits, [days[row] for row, _ in hits])
    assert [row for row, _ in ordered] == [0, 2, 1, 4, 0, 3]


def test_nothing_left_to_ask_is_an_abstention(seeds_index: Path) -> None:
    filters = Filters(since=datetime.date(2030, 1, 1))
    answer = ask("示范区纪委检查了多少家企业？", index=seeds_index, filters=filters)
    assert answer.abstained
    assert answer.passages == answer.citations == ()
    english = ask("How many companies were inspected?", index=seeds_index, filters=filters)
    assert english.abstained


def test_an_answer_comes_from_what_the_filter_leaves(seeds_index: Path) -> None:
    question = "示范区纪委检查了多少家企业？"
    assert ask(question, index=seeds_index).exact == "36家"
    page = Filters(source="zhoukou-shifanqu-page.txt")
    assert ask(question, index=seeds_index, filters=page).exact == "36家"
    elsewhere = ask(question, index=seeds_index, filters=Filters(source="briefs.jsonl"))
    assert all("briefs.jsonl" in passage.source for passage in elsewhere.passages)
    assert elsewhere.exact != "36家"
