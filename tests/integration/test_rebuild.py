"""Rebuilding: what is reused, what is noticed, and that nothing is lost on the way."""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import numpy as np
import pytest

from embeddings import index as index_module
from embeddings import load_index, verify
from embeddings.errors import InputError, LockError, SnapshotError
from embeddings.manifest import read_manifest
from embeddings.opening import is_live, open_live
from embeddings.rebuild import is_stale, rebuild
from embeddings.snapshot import live_paths
from embeddings.types import Article, Vectors
from tests.conftest import BigramEncoder, make_article

NEWS = {
    "a.txt": "城东大桥通车\n\n城东大桥昨日建成通车，全长860米，双向六车道。",
    "b.txt": "秋粮收购开秤\n\n全市秋粮收购昨日开秤，首日收购稻谷1200吨。",
    "c.txt": "图书馆开门\n\n市图书馆新馆开门迎客，首日接待读者3200人次。",
}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_second_rebuild_encodes_nothing(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    first = rebuild([news], tmp_path / "index")
    second = rebuild([news], tmp_path / "index")
    assert (first.articles, first.chunks, first.encoded, first.reused) == (3, 3, 3, 0)
    assert (second.encoded, second.reused, second.removed) == (0, 3, 0)
    assert second.snapshot == first.snapshot


def test_only_what_changed_is_encoded(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    rebuild([news], tmp_path / "index")
    before = {a.headline: a.id for a in load_index(tmp_path / "index").articles()}
    bigram_encoder.encoded.clear()
    (news / "b.txt").write_text(NEWS["b.txt"].replace("1200", "1300"), encoding="utf-8")
    (news / "c.txt").unlink()
    done = rebuild([news], tmp_path / "index")
    assert (done.articles, done.encoded, done.reused, done.removed) == (2, 1, 1, 2)
    assert len(bigram_encoder.encoded) == 1 and "1300" in bigram_encoder.encoded[0]
    index = load_index(tmp_path / "index")
    assert {a.headline: a.id for a in index.articles()}["城东大桥通车"] == before["城东大桥通车"]
    # carried-over vectors stand in the rows of their own chunks
    texts = [f"{a.headline}\n{a.text}" for a in index.articles()]
    carried = index.dense.at(np.arange(len(texts)))
    assert np.allclose(carried, bigram_encoder.encode_queries(texts), atol=1e-3)


def test_another_model_encodes_everything_anew(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    rebuild([news], tmp_path / "index")
    bigram_encoder.fingerprint = "bigrams-2"
    assert rebuild([news], tmp_path / "index").encoded == 3


def test_other_chunking_is_noticed(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild([news], tmp_path / "index")
    index = load_index(tmp_path / "index")
    assert not is_stale(index, [news])
    monkeypatch.setattr(index_module, "CHUNKS_VERSION", "chunks-other")
    assert is_stale(index, [news])


@pytest.mark.parametrize("change", ["edit", "add", "remove", "other root"])
def test_stale_when_files_change(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, change: str
) -> None:
    rebuild([news], tmp_path / "index")
    roots = [news]
    if change == "edit":
        (news / "a.txt").write_text("新的标题\n\n新的正文。", encoding="utf-8")
    elif change == "add":
        (news / "d.txt").write_text("再一篇文章。", encoding="utf-8")
    elif change == "remove":
        (news / "a.txt").unlink()
    else:
        roots = [news / "a.txt"]
    assert is_stale(load_index(tmp_path / "index"), roots)


def test_equal_texts_share_a_vector_but_stay_two_articles(
    tmp_path: Path, bigram_encoder: BigramEncoder, index_of: Callable[[list[Article]], object]
) -> None:
    text = "城东大桥昨日建成通车。"
    index_of([make_article(text, "x"), make_article(text, "y")])
    assert len(bigram_encoder.encoded) == 1
    (passage,) = load_index(tmp_path / "index").search("大桥", 5)
    assert passage.article_id == "x"
    assert [reprint.article_id for reprint in passage.reprints] == ["y"]


def test_nothing_to_index_leaves_the_old_index(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    done = rebuild([news], tmp_path / "index")
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match="No article"):
        rebuild([tmp_path / "nothing"], tmp_path / "index")
    assert load_index(tmp_path / "index").paths.name == done.snapshot


def test_a_failing_encoder_leaves_the_old_index(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = rebuild([news], tmp_path / "index")
    (news / "d.txt").write_text("又一篇文章来了。", encoding="utf-8")

    def fail(*args: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(bigram_encoder, "encode_documents", fail)
    with pytest.raises(RuntimeError):
        rebuild([news], tmp_path / "index")
    assert load_index(tmp_path / "index").paths.name == done.snapshot


def test_one_writer_at_a_time(news: Path, tmp_path: Path, bigram_encoder: BigramEncoder) -> None:
    rebuild([news], tmp_path / "index")
    (news / "d.txt").write_text("又一篇文章来了。", encoding="utf-8")
    with filelock.FileLock(tmp_path / "index" / "lock"), pytest.raises(LockError, match="Another"):
        # a lock object of its own, as another process would have
        rebuild([news], tmp_path / "index")
    assert rebuild([news], tmp_path / "index").articles == 4


def test_readers_keep_the_snapshot_they_opened(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    rebuild([news], tmp_path / "index")
    old = load_index(tmp_path / "index")
    for number in range(4):
        (news / "d.txt").write_text(f"第{number}次修改。", encoding="utf-8")
        rebuild([news], tmp_path / "index")
    assert len(old.search("大桥通车", 3)) == 3
    assert not is_live(old)
    assert len(list((tmp_path / "index" / "snapshots").iterdir())) == 2


def test_many_threads_find_what_one_finds_and_are_not_held_up(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(120):
        text = f"城东大桥第{number}次检修，历时{number + 2}天，耗资{number * 7}万元。"
        (news / f"{number}.txt").write_text(text, encoding="utf-8")
    rebuild([news], tmp_path / "index")
    index = load_index(tmp_path / "index")
    questions = [f"第{number}次检修历时几天" for number in range(64)]
    expected = [index.search(question, 3) for question in questions]
    encode = bigram_encoder.encode_queries

    def unhurried(texts: Sequence[str]) -> Vectors:
        time.sleep(0.005)  # a real encoder takes as long, and others may run meanwhile
        return encode(texts)

    monkeypatch.setattr(bigram_encoder, "encode_queries", unhurried)
    times: dict[int, list[float]] = {1: [], 16: []}
    for threads, taken in times.items():
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(4):
                began = time.perf_counter()
                found = list(pool.map(lambda question: index.search(question, 3), questions))
                taken.append(time.perf_counter() - began)
                assert found == expected
        del taken[0]  # in which each thread opens the articles for itself
    assert min(times[16]) < min(times[1])


PARTS = [
    "corpus.sqlite",
    "vectors.faiss",
    "facets/days.npy",
    "manifest.json",
    "postings/meta.json",
    "article-postings/meta.json",
]


@pytest.mark.parametrize("damage", ["truncate", "remove", "flip", "empty"])
@pytest.mark.parametrize("part", PARTS)
def test_damage_is_found_on_opening_and_mended_by_rebuilding(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, part: str, damage: str
) -> None:
    rebuild([news], tmp_path / "index")
    path = live_paths(tmp_path / "index").folder / part
    data = path.read_bytes()
    if damage == "truncate":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "remove":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif part == "manifest.json":
        path.write_bytes(data.replace(b'"format": 4', b'"format": 9'))
    else:
        path.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    with pytest.raises(SnapshotError, match="wenbao rebuild"):
        open_live(tmp_path / "index")
    assert rebuild([news], tmp_path / "index").articles == 3
    assert len(load_index(tmp_path / "index").search("大桥", 3)) == 3


def test_damage_that_leaves_the_time_is_found_by_verifying_and_before_copying(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "READ", 0)  # as if every file were large
    (tmp_path / "news").mkdir()
    path = tmp_path / "news" / "a.txt"
    path.write_text(NEWS["a.txt"], encoding="utf-8")
    rebuild([path], tmp_path / "index")
    paths = live_paths(tmp_path / "index")
    intact = paths.vectors.read_bytes()
    stat = paths.vectors.stat()
    paths.vectors.write_bytes(intact[:-1] + bytes([intact[-1] ^ 1]))
    os.utime(paths.vectors, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    load_index(tmp_path / "index")
    with pytest.raises(SnapshotError, match="wenbao rebuild"):
        verify.verify_snapshot(paths, read_manifest(paths))
    path.write_text(NEWS["a.txt"] + "又一句。", encoding="utf-8")
    assert rebuild([path], tmp_path / "index").reused == 0


def test_a_copy_without_its_times_is_read_through_once(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "READ", 0)
    rebuild([news], tmp_path / "index")
    shutil.copytree(tmp_path / "index", tmp_path / "copy", copy_function=shutil.copyfile)
    read: list[str] = []
    digest = verify.sha256_of
    monkeypatch.setattr(verify, "sha256_of", lambda path: read.append(path.name) or digest(path))
    load_index(tmp_path / "copy")
    assert "vectors.faiss" in read
    read.clear()
    paths = live_paths(tmp_path / "copy")
    verify.verify_opening(paths, read_manifest(paths))
    assert "vectors.faiss" not in read


def test_an_index_of_an_older_version_is_told_and_rebuilt(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    rebuild([news], tmp_path / "index")
    path = live_paths(tmp_path / "index").manifest
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "format": 2}), encoding="utf-8")
    with pytest.raises(SnapshotError, match="another version of Wenbao"):
        load_index(tmp_path / "index")
    assert rebuild([news], tmp_path / "index").articles == 3


def test_no_index_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="wenbao rebuild"):
        load_index(tmp_path / "nowhere")


def test_the_manifest_tells_what_it_is_made_of(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    rebuild([news], tmp_path / "index")
    manifest = json.loads(live_paths(tmp_path / "index").manifest.read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["articles"], manifest["chunks"]) == (4, 3, 3)
    assert manifest["model"] == "bigrams"
    assert {"corpus.sqlite", "vectors.faiss"} <= manifest["files"].keys()
