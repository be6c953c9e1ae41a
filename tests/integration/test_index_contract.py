"""What every index does, wherever it is: on this machine or in Milvus, here Milvus Lite."""

import dataclasses
import datetime
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from embeddings import Filters, Index, load_index, rebuild
from embeddings.address import IndexAddress, address_of
from embeddings.errors import EncoderError, InputError, SnapshotError
from embeddings.opening import live_snapshot
from embeddings.rebuild import index_articles, is_stale
from embeddings.types import Article
from qa.catalogue import listing, names
from qa.service.rest import build_rest
from tests.conftest import BigramEncoder, make_article

JULY, AUGUST = datetime.date(2022, 7, 1), datetime.date(2022, 8, 31)

NEWS = {
    "a.txt": "城东大桥通车\n\n城东大桥昨日建成通车，全长860米，双向六车道。",
    "b.txt": "秋粮收购开秤\n\n全市秋粮收购昨日开秤，首日收购稻谷1200吨。",
    "c.txt": "图书馆开门\n\n市图书馆新馆开门迎客，首日接待读者3200人次。",
}


@pytest.fixture(params=["local", "milvus-lite"])
def address(
    request: pytest.FixtureRequest, tmp_path: Path, bigram_encoder: BigramEncoder
) -> Iterator[IndexAddress]:
    if request.param == "local":
        yield tmp_path / "index"
        return
    reason = "the extra wenbao[milvus] is not installed"
    pytest.importorskip("pymilvus", reason=reason)
    manager = pytest.importorskip("milvus_lite.server_manager", reason=reason)
    found = address_of(f"milvus+lite://{tmp_path}/index")
    yield found
    manager.server_manager_instance.release_server(found.uri)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def dated(name: str, text: str, day: datetime.date | None = None, **fields: object) -> Article:
    return dataclasses.replace(make_article(text, name), date=day, **fields)


LONG = "\n".join(
    f"第{n}段讲城东大桥的第{n}次检修，历时{n + 2}天，用去{7 * n}万元。" for n in range(60)
)
PAGE = "报纸/2022-07/a.txt:1-40"
ARTICLES = [
    dated("a", LONG, JULY, headline="城东大桥", kicker="引题“一”", authors=("姬慧洋", "Tom Li")),
    dated("b", "面包店今日开业，早餐八折。5%的人说\\好_吃。", AUGUST, kind="photo"),
    dated("c", "小学开学典礼。\n学生三百人。", None, source="补充.jsonl:7-7"),
    dated("d", "城東大橋昨日通車，\x0b全長860米。NASA也来了。", JULY, source=PAGE),
]  # fmt: skip
FILTERED = [
    dataclasses.replace(make_article("文。", name), authors=authors, date=date, section=section,
                        source=source, kind=kind)
    for name, authors, date, section, source, kind in (
        ("a", ("姬慧洋", "Tom Li"), JULY, "第2版：要闻", "报纸/2022-07/a.txt:1-40", "article"),
        ("b", ("張 力",), AUGUST, "第12版：体育", "报纸/2022-08/b.pdf#page=3", "photo"),
        ("c", (), None, None, "补充.jsonl:7-7", "article"),
    )
]  # fmt: skip


def found_by(index: Index, question: str, k: int = 5, **named: object) -> list[str]:
    return [passage.article_id for passage in index.search(question, k, **named)]


def test_articles_are_as_they_were(address: IndexAddress) -> None:
    done = index_articles(ARTICLES, address)
    index = load_index(address)
    assert (done.articles, index.manifest.articles) == (4, 4)
    assert done.chunks == index.manifest.chunks > 6
    assert done.snapshot == index.name == live_snapshot(address)
    assert sorted(index.articles(), key=lambda article: article.id) == ARTICLES
    assert [index.article(article.id) for article in ARTICLES] == ARTICLES
    assert index.article("nowhere") is None
    assert index.article_ids() == [article.id for article in index.articles()]
    assert index.newest_day == AUGUST


def test_an_english_question_finds_names_by_their_sound(
    address: IndexAddress, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = np.full(bigram_encoder.dimension, 0.125, np.float32)
    monkeypatch.setattr(bigram_encoder, "_vector", lambda text: same)
    index_articles(ARTICLES, address)
    found = found_by(load_index(address), "How long is Chengdong Daqiao?", 3)
    assert set(found) <= {"a", "d"}


def test_passages_are_verbatim_and_best_first(address: IndexAddress) -> None:
    index_articles(ARTICLES, address)
    index = load_index(address)
    passages = index.search("城东大桥第30次检修历时多少天？", 5)
    assert len(passages) == 5 and "第30次检修" in passages[0].text
    assert [passage.rank for passage in passages] == [1, 2, 3, 4, 5]
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    texts = {article.id: article.text for article in ARTICLES}
    for passage in passages:
        assert texts[passage.article_id][passage.start : passage.end] == passage.text
    assert load_index(address) is index


def test_rankings_are_those_of_the_plain_path(address: IndexAddress, tmp_path: Path) -> None:
    index_articles(ARTICLES, address)
    index_articles(ARTICLES, tmp_path / "plain")
    index, plain = load_index(address), load_index(tmp_path / "plain")
    for question in ("城东大桥全长多少米？", "早餐八折", "第41次检修", "学生 NASA", "？"):
        for filters in (Filters(), Filters(since=JULY, until=AUGUST), Filters(kind="article")):
            ours, theirs = index.search(question, 9, filters), plain.search(question, 9, filters)
            assert [(p.article_id, p.start) for p in ours] == [
                (p.article_id, p.start) for p in theirs
            ]
            assert [p.score for p in ours] == pytest.approx([p.score for p in theirs], abs=1e-4)


def test_filters_leave_what_meets_them_all(address: IndexAddress) -> None:
    index_articles(FILTERED, address)
    index = load_index(address)
    day = datetime.timedelta(1)
    for filters, left in (
        (Filters(), "abc"),
        (Filters(since=JULY), "ab"),
        (Filters(since=JULY + day), "b"),
        (Filters(until=JULY - day), ""),
        (Filters(since=AUGUST, until=AUGUST), "b"),
        (Filters(author="tom li"), "a"),
        (Filters(author="张力"), "b"),
        (Filters(author="姬慧"), ""),
        (Filters(section="2版"), "a"),
        (Filters(section="12版"), "b"),
        (Filters(section="體育"), "b"),
        (Filters(section='"%_'), ""),
        (Filters(kind="photo"), "b"),
        (Filters(article_id="b"), "b"),
        (Filters(article_id='no"where\\\n'), ""),
        (Filters(source="报纸"), "ab"),
        (Filters(source="报纸/2022-07/"), "a"),
        (Filters(source="2022"), ""),
        (Filters(source="./报纸/2022-07/a.txt"), "a"),
        (Filters(source="a.txt:1-40"), "a"),
        (Filters(source="a.txt:1-4"), ""),
        (Filters(source="b.pdf#page=3"), "b"),
        (Filters(source="补充.jsonl"), "c"),
        (Filters(kind="article", since=JULY), "a"),
        (Filters(kind="photo", author="姬慧洋"), ""),
    ):
        assert sorted(index.article_ids(filters)) == list(left), filters
        # they say the same, so all but one are reprints
        found = index.search("文", 5, filters)
        ids = [one.article_id for p in found for one in (p, *p.reprints)]
        assert sorted(ids) == list(left), filters


def test_a_narrow_filter_still_gives_the_best_passages(address: IndexAddress) -> None:
    crowd = [dated(f"crowd-{n}", f"城东大桥全长860米，第{n}次通报。") for n in range(150)]
    few = [
        dated("bread", "面包店今日开业，早餐八折。", JULY, authors=("王五",)),
        dated("bridge", "老桥长二百米。", JULY, authors=("王五",)),
    ]
    index_articles([*crowd, *few], address)
    index = load_index(address)
    found = found_by(index, "城东大桥全长多少米", filters=Filters(author="王五"))
    assert sorted(found) == ["bread", "bridge"]
    assert not {"bread", "bridge"} & set(found_by(index, "城东大桥全长多少米", 100))


def test_reprints_crowd_out_nothing(address: IndexAddress) -> None:
    crowd = [
        dated(f"crowd-{n}", "城东大桥全长860米，昨日建成通车，双向六车道。") for n in range(120)
    ]
    index_articles([*crowd, dated("bridge", "老桥长二百米。")], address)
    passages = load_index(address).search("城东大桥全长多少米", 2)
    assert len(passages[0].reprints) > 50
    assert passages[1].article_id == "bridge"


def test_articles_can_be_browsed(address: IndexAddress) -> None:
    index_articles(ARTICLES, address)
    index = load_index(address)
    listed = listing(index)
    assert [entry.id for entry in listed.entries] == ["b", "a", "d", "c"]
    assert (listed.total, listed.undated) == (4, 1)
    assert [entry.id for entry in listing(index, offset=1, limit=2).entries] == ["a", "d"]
    july = listing(index, Filters(since=JULY, until=JULY))
    assert july.total == 2 and sum(bar.count for bar in july.bars) == 3
    for words, ids in (
        ("大桥", ["a"]), ("5%", ["b"]), ("\\好_吃", ["b"]), ("nasa", ["d"]),
        ("引题 第3段", ["a"]), ("早餐 大桥", []), ("%", ["b"]), ("没有", []),
    ):  # fmt: skip
        assert [entry.id for entry in listing(index, words=words).entries] == ids, words
    assert names(index).authors == (("Tom Li", 1), ("姬慧洋", 1))
    newest = index.newest_articles(1, Filters(kind="article"))
    assert [article.id for article in newest] == ["a"]


def test_only_what_changed_is_encoded(
    address: IndexAddress, news: Path, bigram_encoder: BigramEncoder
) -> None:
    first = rebuild([news], address)
    again = rebuild([news], address)
    assert (first.articles, first.encoded, first.reused) == (3, 3, 0)
    assert (again.encoded, again.reused, again.snapshot) == (0, 3, first.snapshot)
    bigram_encoder.encoded.clear()
    (news / "b.txt").write_text(NEWS["b.txt"].replace("1200", "1300"), encoding="utf-8")
    (news / "c.txt").unlink()
    assert is_stale(load_index(address), [news])
    done = rebuild([news], address)
    assert (done.articles, done.encoded, done.reused, done.removed) == (2, 1, 1, 2)
    assert len(bigram_encoder.encoded) == 1
    assert not is_stale(load_index(address), [news])


def test_what_is_removed_is_found_no_more(address: IndexAddress, news: Path) -> None:
    rebuild([news], address)
    before = load_index(address)
    (bridge,) = [article.id for article in before.articles() if "大桥" in article.text]
    (news / "a.txt").unlink()
    rebuild([news], address)
    index = load_index(address)
    assert index.article(bridge) is None and bridge not in found_by(index, "城东大桥")
    # who opened the old one keeps it
    assert before.article(bridge) is not None and found_by(before, "城东大桥")[0] == bridge


def test_readers_are_not_disturbed_by_rebuilds(address: IndexAddress, news: Path) -> None:
    rebuild([news], address)
    load_index(address).search("大桥", 3)
    stop, failures, seen = threading.Event(), [], set[str]()

    def read() -> None:
        while not stop.is_set():
            try:
                index = load_index(address)
                passages = index.search("城东大桥通车", 3)
                seen.add(index.name)
                assert {len(passages), index.manifest.articles} <= {3, 4}
                assert len(passages) >= 3
            except Exception as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    made = []
    for number in range(2):
        (news / "d.txt").write_text(f"运动会闭幕\n\n第{number}届运动会闭幕。", encoding="utf-8")
        made.append(rebuild([news], address).snapshot)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert load_index(address).name == made[-1]


def test_what_fails_leaves_the_old_index(
    address: IndexAddress, news: Path, bigram_encoder: BigramEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    done = rebuild([news], address)
    (news / "d.txt").write_text("又一篇文章来了。", encoding="utf-8")

    def fail(*args: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(bigram_encoder, "encode_documents", fail)
        with pytest.raises(RuntimeError):
            rebuild([news], address)
    empty = news.with_name("empty")
    empty.mkdir()
    with pytest.raises(InputError, match="No article"):
        rebuild([empty], address)
    assert load_index(address).name == done.snapshot
    assert rebuild([news], address).articles == 4


def test_other_programs_are_answered(address: IndexAddress) -> None:
    index_articles(ARTICLES, address)
    rest = TestClient(build_rest(address))
    found = rest.get("/search", params={"question": "早餐八折", "k": 1}).json()
    assert [passage["article_id"] for passage in found["passages"]] == ["b"]
    listed = rest.get("/articles", params={"limit": 2, "offset": 1}).json()
    assert (listed["total"], len(listed["articles"])) == (4, 2)
    assert rest.get("/articles/d").json()["text"] == ARTICLES[3].text
    assert rest.get("/articles/nowhere").status_code == 404


def test_errors_name_the_remedy(
    address: IndexAddress, news: Path, bigram_encoder: BigramEncoder
) -> None:
    assert live_snapshot(address) is None
    with pytest.raises(SnapshotError, match="wenbao rebuild"):
        load_index(address)
    rebuild([news], address)
    index = load_index(address)
    bigram_encoder.fingerprint = "bigrams-2"
    with pytest.raises(EncoderError, match="Rebuild"):
        index.search("大桥", 3)
