"""Rebuilding what changed gives what rebuilding everything gives."""

import contextlib
import dataclasses
import datetime
import json
import os
import random
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_index
from embeddings.corpus_writer import unpack_terms
from embeddings.readers import formats, read_paths
from embeddings.readers import version as readers_version
from embeddings.readers.draft import Draft, Interrupted, Reading
from embeddings.readers.sandbox import Sandbox
from embeddings.rebuild import (
    Rebuilt,
    building,
    index_articles,
    is_stale,
    pipeline,
    rebuild,
    writing,
)
from embeddings.rebuild.encoded import EncodedStore
from embeddings.snapshot import live_paths
from embeddings.types import Progress, Vectors, no_progress
from tests.conftest import CHECKOUT, BigramEncoder

LONG_AGO = 1_600_000_000


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels of the files that were read, in order."""
    labels: list[str] = []
    original = formats.Documents.read

    def read(self: formats.Documents, path: Path, label: str) -> Iterator[formats.Document]:
        labels.append(label)
        yield from original(self, path, label)

    monkeypatch.setattr(formats.Documents, "read", read)
    return labels


def write(path: Path, text: str, changed: int = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (changed, changed))
    return path


def content(index: Path) -> list[object]:
    """All that a snapshot holds, in order: rows of every table, vectors, postings' answers."""
    opened = load_index(index)
    tables = {
        "articles": "position, id, headline, kicker, authors, date, section, source, kind, text, "
        "file, read_id, read_date",
        "chunks": "*",
        "terms": "*",
        "files": "position, path, label, size, sha256",
        "documents": "*",
        "skipped": "*",
        "authors": "*",
        "sections": "*",
        "sources": "*",
    }
    with contextlib.closing(sqlite3.connect(opened.paths.corpus)) as connection:
        rows = [connection.execute(f"SELECT {c} FROM {t}").fetchall() for t, c in tables.items()]
    vectors = opened.dense.at(np.arange(opened.manifest.chunks)).tolist()
    asked = [
        [dataclasses.astuple(passage) for passage in opened.search(question, 9)]
        for question in ("大桥通车", "第3次修改", "2022年")
    ]
    told = opened.manifest
    return [rows, vectors, asked, told.corpus, told.articles, told.chunks, told.default_date]


def same_as_from_nothing(
    roots: list[Path], index: Path, beside: Path, date: datetime.date | None = None
) -> Rebuilt:
    done, whole = rebuild(roots, index, date=date), rebuild(roots, beside, date=date)
    assert content(index) == content(beside)
    assert done.skipped == whole.skipped
    assert (done.articles, done.chunks) == (whole.articles, whole.chunks)
    return done


def records(*texts: str, **fields: object) -> str:
    lines = [json.dumps({"text": text, **fields}, ensure_ascii=False) for text in texts]
    return "\n".join(lines)


def test_any_change_gives_what_a_whole_rebuild_gives(
    tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    chance = random.Random(7)
    news, names = tmp_path / "news", ["a.txt", "b.txt", "c.jsonl", "d/e.md", "f.zip", "z.xyz"]
    texts = [f"城东大桥第{n}次通车，全长860米。" for n in range(6)]

    def change(name: str) -> None:
        path = news / name
        if path.exists() and chance.random() < 0.3:
            path.unlink()
            return
        some = chance.sample(texts, chance.randint(1, 3))
        if name.endswith(".jsonl"):
            # given ids clash, within the file and with others
            body = records(*some, id=chance.choice(["x", "y"])) + "\n{broken"
        else:
            body = "".join(f"{text}\n" for text in some)
        write(path, body, LONG_AGO + chance.randint(0, 9999))
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as archive:
                for n, text in enumerate(some):  # members may be duplicates of files
                    archive.writestr(f"{n}.txt", f"{text}\n")
            os.utime(path, (LONG_AGO, LONG_AGO + chance.randint(0, 9999)))

    for name in names:
        change(name)
    write(news / "always.txt", "总有一篇文章。")
    for step in range(14):
        day = datetime.date(2022, 7, 18) if step % 5 == 4 else None
        same_as_from_nothing([news], tmp_path / "index", tmp_path / f"whole-{step}", day)
        for name in chance.sample(names, chance.randint(0, 2)):
            change(name)


def test_only_files_that_changed_are_read(
    tmp_path: Path, bigram_encoder: BigramEncoder, read: list[str]
) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / "news" / f"{name}.txt", f"{name}桥昨日通车。")
    rebuild([tmp_path / "news"], tmp_path / "index")
    read.clear()
    write(tmp_path / "news" / "b.txt", "乙桥昨日通车。", LONG_AGO + 1)
    assert rebuild([tmp_path / "news"], tmp_path / "index").encoded == 1
    assert read == ["news/b.txt"]


def test_a_touched_file_is_neither_read_nor_stale(
    tmp_path: Path, bigram_encoder: BigramEncoder, read: list[str]
) -> None:
    path = write(tmp_path / "news" / "a.txt", "城东大桥昨日通车。")
    first = rebuild([path.parent], tmp_path / "index")
    read.clear()
    os.utime(path)
    assert not is_stale(load_index(tmp_path / "index"), [path.parent])
    assert rebuild([path.parent], tmp_path / "index").snapshot == first.snapshot
    assert read == []


def test_a_change_in_the_same_moment_and_size_is_noticed(
    tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    path.write_text("城东大桥昨日通车。", encoding="utf-8")
    stat = path.stat()
    rebuild([path.parent], tmp_path / "index")
    path.write_text("城西大桥昨日通车。", encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert rebuild([path.parent], tmp_path / "index").encoded == 1


def test_an_archive_is_read_again_when_what_it_repeats_is_gone(
    tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    path = write(tmp_path / "news" / "a.txt", "城东大桥昨日通车。")
    with zipfile.ZipFile(tmp_path / "news" / "b.zip", "w") as archive:
        archive.writestr("same.txt", "城东大桥昨日通车。")
    done = rebuild([path.parent], tmp_path / "index")
    assert "duplicate of news/a.txt" in done.skipped[0].reason
    path.unlink()
    done = same_as_from_nothing([path.parent], tmp_path / "index", tmp_path / "whole")
    assert (done.articles, done.encoded, done.skipped) == (1, 0, ())


def test_what_was_skipped_is_told_again(tmp_path: Path, bigram_encoder: BigramEncoder) -> None:
    write(tmp_path / "news" / "a.jsonl", records("城东大桥昨日通车。") + "\n{broken")
    write(tmp_path / "news" / "b.exe", "MZ")
    write(tmp_path / "news" / "c.txt", " ")
    first = rebuild([tmp_path / "news"], tmp_path / "index")
    assert len(first.skipped) == 3
    again = rebuild([tmp_path / "news"], tmp_path / "index")
    assert again.skipped == first.skipped and again.snapshot == first.snapshot
    write(tmp_path / "news" / "d.txt", "秋粮收购开秤。")
    assert rebuild([tmp_path / "news"], tmp_path / "index").skipped == first.skipped


def test_what_took_too_long_to_read_is_read_again_by_the_next_rebuild(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, index = tmp_path / "news", tmp_path / "index"
    write(news / "a.txt", "城东大桥昨日通车。")
    write(news / "b.html", "秋粮收购昨日开秤。")

    def take_too_long(*_: object) -> Reading:
        raise Interrupted("用时过长", "took too long")

    monkeypatch.setattr(Sandbox, "read", take_too_long)
    first = rebuild([news], index)
    assert first.articles == 1 and first.skipped[0].reason.endswith("run wenbao rebuild again")
    monkeypatch.setattr(Sandbox, "read", lambda _, __, data, *___: Reading((Draft(data.decode()),)))
    assert not is_stale(load_index(index), [news])
    again = rebuild([news], index)
    assert (again.articles, again.encoded, again.skipped) == (2, 1, ())
    assert rebuild([news], index).snapshot == again.snapshot


def test_other_readers_read_everything_again(
    tmp_path: Path,
    bigram_encoder: BigramEncoder,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path / "news" / "a.txt", "城东大桥昨日通车。")
    rebuild([tmp_path / "news"], tmp_path / "index")
    read.clear()
    monkeypatch.setattr(pipeline, "readers_fingerprint", lambda: "other")
    assert is_stale(load_index(tmp_path / "index"), [tmp_path / "news"])
    assert rebuild([tmp_path / "news"], tmp_path / "index").encoded == 0
    assert read == ["news/a.txt"]


def test_terms_are_made_anew_with_another_version_of_what_makes_them(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, index = write(tmp_path / "news" / "a.txt", "城东大桥昨日通车。"), tmp_path / "index"

    def posted(readers: str) -> str:
        monkeypatch.setattr(pipeline, "readers_fingerprint", lambda: readers)
        rebuild([news], index)
        return unpack_terms(load_index(index).corpus.packed_terms(0))

    first = posted("a")
    monkeypatch.setattr(writing, "terms", lambda text: ["other"])
    assert posted("b") == first
    monkeypatch.setattr(metadata, "version", lambda library: "999")
    assert posted("c") == "other"


def test_terms_are_made_anew_of_articles_that_come_from_no_file(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("城东大桥昨日建成通车，全长860米。", encoding="utf-8")
    articles, _ = read_paths([tmp_path / "a.txt"])
    index_articles(articles, tmp_path / "index")
    monkeypatch.setattr(building, "terms_version", lambda: "others")
    index_articles([*articles, dataclasses.replace(articles[0], id="b")], tmp_path / "index")
    index = load_index(tmp_path / "index")
    assert all("大桥" in unpack_terms(index.corpus.packed_terms(row)).split() for row in (0, 1))


def test_the_readers_fingerprint_changes_with_their_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = readers_version.readers_fingerprint()
    for name in readers_version._BESIDE:
        write(tmp_path / name, (CHECKOUT / "embeddings" / name).read_text(encoding="utf-8"))
    for path in (CHECKOUT / "embeddings" / "readers").rglob("*.py"):
        below = path.relative_to(CHECKOUT / "embeddings")
        write(tmp_path / below, path.read_text(encoding="utf-8"))
    monkeypatch.setattr(readers_version, "_PACKAGE", tmp_path / "readers")
    assert readers_version.readers_fingerprint.__wrapped__() == before
    with (tmp_path / "readers" / "page" / "lines.py").open("a") as file:
        file.write("# changed\n")
    assert readers_version.readers_fingerprint.__wrapped__() != before


def test_a_rebuild_that_finds_nothing_to_do_loads_no_model(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "news" / "a.txt", "城东大桥昨日通车。")
    write(tmp_path / "news" / "b.txt", "秋粮收购昨日开秤。")
    rebuild([tmp_path / "news"], tmp_path / "index")

    def fail(model: str | None = None) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr(pipeline, "load_encoder", fail)
    assert rebuild([tmp_path / "news"], tmp_path / "index").reused == 2
    (tmp_path / "news" / "b.txt").unlink()
    assert rebuild([tmp_path / "news"], tmp_path / "index").removed == 1


class FailingEncoder(BigramEncoder):
    """Encodes some texts, then fails."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.blocks = blocks

    def encode_documents(self, texts: list[str], progress: Progress = no_progress) -> Vectors:
        if not self.blocks:
            raise RuntimeError("out of memory")
        self.blocks -= 1
        return super().encode_documents(texts, progress)


def test_what_was_encoded_before_a_failure_is_not_encoded_again(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, index = tmp_path / "news", tmp_path / "index"
    write(news / "a.jsonl", records(*(f"第{n}座大桥昨日通车。" for n in range(1500))))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "load_encoder", lambda model: FailingEncoder(2))
        with pytest.raises(RuntimeError, match="out of memory"):
            rebuild([news], index)
    assert list((index / "snapshots").iterdir()) == []
    (kept,) = (index / "encoded").iterdir()
    with kept.open("r+b") as file:
        file.truncate(kept.stat().st_size - 3)  # as a crash may leave it
    done = same_as_from_nothing([news], index, tmp_path / "whole")
    assert (done.reused, done.encoded) == (1023, 477)
    assert not (index / "encoded").exists()


def test_what_another_model_encoded_is_not_taken(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, index = tmp_path / "news", tmp_path / "index"
    write(news / "a.jsonl", records(*(f"第{n}座大桥昨日通车。" for n in range(600))))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "load_encoder", lambda model: FailingEncoder(1))
        with pytest.raises(RuntimeError):
            rebuild([news], index)
    bigram_encoder.fingerprint = "bigrams-2"
    assert rebuild([news], index).encoded == 600


def test_a_damaged_record_and_what_follows_it_are_ignored(tmp_path: Path) -> None:
    vectors = np.eye(4, 8, dtype=np.float32)
    EncodedStore(tmp_path, "e").append(np.arange(4), vectors)
    (path,) = (tmp_path / "encoded").iterdir()
    data = bytearray(path.read_bytes())
    data[4 + 2 * (8 + 16 + 4) + 9] ^= 1
    path.write_bytes(data)
    store = EncodedStore(tmp_path, "e")
    found = [store.vector(key) for key in range(4)]
    assert [vector is not None for vector in found] == [True, True, False, False]
    assert np.array_equal(found[1], vectors[1])
    store.append(np.array([9]), vectors[3:])
    assert np.array_equal(EncodedStore(tmp_path, "e").vector(9), vectors[3])
    for rest in (b"\x08", b"\x08\0\0\0", b"\xff\xff\xff\xff" + bytes(99), bytes(99)):
        path.write_bytes(rest)
        assert EncodedStore(tmp_path, "e").vector(1) is None


def test_a_store_leaves_no_file_open(tmp_path: Path) -> None:
    EncodedStore(tmp_path, "e").append(np.arange(4), np.eye(4, 8, dtype=np.float32))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        EncodedStore(tmp_path, "e")
    assert warned == []


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.conftest import BigramEncoder
from embeddings.encoder import EncoderIdentity
from embeddings.rebuild import pipeline

class Encoder(BigramEncoder):
    def encode_documents(self, texts, progress):
        if self.encoded:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_documents(texts, progress)

pipeline.load_encoder = lambda model=None: Encoder()
pipeline.encoder_identity = lambda model=None: EncoderIdentity("bigrams", "bigrams-1")
pipeline.rebuild([Path(sys.argv[1])], Path(sys.argv[2]))
"""


def test_what_was_encoded_before_a_kill_is_not_encoded_again(
    tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    news, index = tmp_path / "news", tmp_path / "index"
    write(news / "a.jsonl", records(*(f"第{n}座大桥昨日通车。" for n in range(800))))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(news), str(index)], cwd=CHECKOUT, check=False
    )
    assert killed.returncode == -9
    done = rebuild([news], index)
    assert (done.reused, done.encoded) == (512, 288)
    assert len(list((index / "snapshots").iterdir())) == 1
    assert live_paths(index).name == done.snapshot
