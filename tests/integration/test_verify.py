"""``wenbao verify``, and a process that has an index open while something happens to it."""

import json
import logging
import os
import shutil
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from embeddings import Index, load_index, opening, verify
from embeddings.checkup import check_up
from embeddings.console import run
from embeddings.errors import SnapshotError
from embeddings.manifest import checksum_line, read_manifest
from embeddings.opening import open_live
from embeddings.pointer import read_pointer
from embeddings.rebuild import rebuild
from embeddings.rollback import roll_back
from embeddings.snapshot import live_paths, snapshot_paths
from qa.cli import app
from qa.service.app import build_service
from tests.conftest import BigramEncoder

FIRST, SECOND = "城东大桥昨日通车，全长860米。", "秋粮收购昨日开秤，首日收购1200吨。"


@pytest.fixture
def folder(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    """Two generations of an index."""
    (tmp_path / "news").mkdir()
    for name, text in (("a.txt", FIRST), ("b.txt", SECOND)):
        (tmp_path / "news" / name).write_text(text, encoding="utf-8")
        rebuild([tmp_path / "news"], tmp_path / "index")
    return tmp_path / "index"


def flip(path: Path, at: int = -1, leaves_time: bool = False) -> None:
    stat, data = path.stat(), bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    if leaves_time:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def verified(
    folder: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run(lambda: app(["verify", "--index", str(folder), *options]))
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_an_intact_index_is_told_to_be(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verified(folder, capsys, "--json")
    told = json.loads(out)
    assert (code, err, told["intact"], told["leftovers"]) == (0, "", True, [])
    live, before = told["snapshots"]
    assert (live["is_live"], live["articles"], live["chunks"]) == (True, 2, 2)
    assert (before["is_live"], before["articles"], before["problems"]) == (False, 1, [])
    assert live["files"] > 15 and live["bytes"] > 0 and live["created"]
    code, out, err = verified(folder, capsys)
    assert code == 0 and out.count("完好 intact") == 2


def test_it_tells_what_is_wrong_file_by_file(folder: Path) -> None:
    paths = live_paths(folder)
    flip(paths.vectors, leaves_time=True)
    paths.corpus.unlink()
    (paths.facets / "days.npy").write_bytes(b"")
    (live, before) = check_up(folder).snapshots
    found = {problem.file: problem.english for problem in live.problems}
    assert "changed" in found.pop("vectors.faiss")
    assert "missing" in found.pop("corpus.sqlite")
    assert "size" in found.pop("facets/days.npy")
    assert not found and not before.problems


@pytest.mark.parametrize(
    ("damaged", "remedy"),
    [
        ("live", "wenbao rollback"),
        ("before", "live snapshot is intact"),
        ("both", "Rebuild the index with wenbao rebuild"),
    ],
)
def test_the_remedy_fits_what_is_damaged(
    folder: Path, capsys: pytest.CaptureFixture[str], damaged: str, remedy: str
) -> None:
    pointer = read_pointer(folder)
    assert pointer is not None and pointer.previous is not None
    names = {"live": [pointer.live], "before": [pointer.previous]}
    for name in names.get(damaged, [pointer.live, pointer.previous]):
        flip(snapshot_paths(folder, name).vectors, leaves_time=True)
    code, out, err = verified(folder, capsys)
    assert code == 2 and "vectors.faiss" in out and remedy in err and "错误" in err
    code, out, err = verified(folder, capsys, "--json")
    assert code == 2 and not json.loads(out)["intact"] and remedy in err


def test_a_manifest_is_checked_too(folder: Path) -> None:
    manifest = live_paths(folder).manifest
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"model": "bigrams"', '"model": "bigrans"'), encoding="utf-8")
    assert not check_up(folder).intact
    with pytest.raises(SnapshotError, match="manifest.json"):
        open_live(folder)


def test_the_counts_are_checked_where_every_file_is_as_written(folder: Path) -> None:
    """A manifest that was made for other contents, as by a bug of ours."""
    paths = live_paths(folder)
    wrong = read_manifest(paths).model_copy(update={"articles": 3})
    paths.manifest.write_text(wrong.model_dump_json(), encoding="utf-8")
    paths.manifest_checksum.write_bytes(checksum_line(paths.manifest.read_bytes()))
    live, _ = check_up(folder).snapshots
    assert live.problems


def test_leftovers_are_told_and_no_damage(folder: Path) -> None:
    (folder / "snapshots" / "20200101T000000-abcdef").mkdir()
    checkup = check_up(folder)
    assert checkup.intact and checkup.leftovers == ("snapshots/20200101T000000-abcdef",)


def test_a_bad_new_snapshot_leaves_the_one_that_is_open_answering(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = load_index(folder)
    (folder.parent / "news" / "c.txt").write_text("图书馆开门。", encoding="utf-8")
    newer = rebuild([folder.parent / "news"], folder)
    opening._opened.popitem()  # as in a process that did not build it
    flip(snapshot_paths(folder, newer.snapshot).vectors)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert load_index(folder) is before
    (line,) = caplog.messages
    assert before.paths.name in line and "vectors.faiss" in line and "wenbao rebuild" in line
    assert before.search("大桥", 1)[0].text == FIRST
    roll_back(folder)
    assert load_index(folder) is before


def test_a_process_without_an_open_snapshot_is_told(folder: Path) -> None:
    opening._opened.clear()
    flip(live_paths(folder).vectors)
    with pytest.raises(SnapshotError, match="vectors.faiss"):
        load_index(folder)


def test_threads_that_come_after_a_snapshot_was_dropped_can_ask(folder: Path) -> None:
    held = load_index(folder)
    found: list[str] = []
    shutil.rmtree(held.paths.folder)
    thread = threading.Thread(
        target=lambda: found.extend(passage.text for passage in held.search("大桥", 1))
    )
    thread.start()
    thread.join()
    assert found == [FIRST]


def opened_without_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """Open an index as if all its files were large."""
    monkeypatch.setattr(verify, "READ", 0)
    opening._opened.clear()
    return load_index(folder)


def test_a_changed_letter_is_never_quoted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = live_paths(folder).corpus
    flip(corpus, corpus.read_bytes().find("860米".encode()) + 1, leaves_time=True)
    index = opened_without_reading(folder, monkeypatch)
    with pytest.raises(SnapshotError, match="corpus.sqlite"):
        index.search("大桥有多长", 2)
    with pytest.raises(SnapshotError, match="corpus.sqlite"):
        list(index.articles())


def test_a_vector_out_of_bounds_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = live_paths(folder).vectors
    data = bytearray(vectors.read_bytes())
    stat = vectors.stat()
    for at in range(len(data) - 128, len(data), 2):
        data[at + 1] ^= 0x40  # the highest bit of the exponent
    vectors.write_bytes(data)
    os.utime(vectors, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    index = opened_without_reading(folder, monkeypatch)
    with pytest.raises(SnapshotError, match="wenbao rebuild"):
        index.search("大桥", 2)


def test_whoever_may_read_an_index_may_use_it(folder: Path) -> None:
    modes = {path.stat().st_mode for path in live_paths(folder).folder.rglob("*") if path.is_file()}
    assert len(modes) == 1


def test_a_server_tells_of_damage_and_takes_up_the_next_rebuild(folder: Path) -> None:
    opening._opened.clear()  # as in a process that opens the index now
    with TestClient(build_service(folder), base_url="http://localhost") as client:

        def found() -> tuple[int, str]:
            told = client.get("/api/search", params={"question": "大桥有多长", "k": 1})
            return told.status_code, told.text

        assert found()[0] == 200 and "860米" in found()[1]
        parts = [path for path in live_paths(folder).folder.rglob("*") if path.is_file()]
        for path in parts:
            if path.stat().st_size:
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        code, told = found()
        assert code == 503 and "wenbao rebuild" in told
        rebuild([folder.parent / "news"], folder)
        assert found()[0] == 200 and "860米" in found()[1]
        shutil.rmtree(folder)
        assert found()[0] == 200 and "860米" in found()[1]
