"""``wenbao rollback``: back to the snapshot before, and what comes after."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Index, load_index
from embeddings.checkup import check_up
from embeddings.errors import InputError, LockError, SnapshotError
from embeddings.opening import open_live
from embeddings.pointer import read_pointer
from embeddings.rebuild import rebuild
from embeddings.rebuild.freshness import bring_up_to_date
from embeddings.rollback import roll_back
from embeddings.snapshot import live_name, live_paths, names_in, snapshot_paths, writing
from qa.cli import app
from tests.conftest import BigramEncoder

FIRST, SECOND, THIRD = "城东大桥昨日通车。", "秋粮收购昨日开秤。", "图书馆昨日开门。"


@pytest.fixture
def news(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    """Two generations: the first with one article, the second with another in its place."""
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    for text in (FIRST, SECOND):
        path.write_text(text, encoding="utf-8")
        rebuild([path.parent], tmp_path / "index")
    return path.parent


@pytest.fixture
def folder(news: Path, tmp_path: Path) -> Path:
    return tmp_path / "index"


def text_of(index: Index) -> str:
    (article,) = index.articles()
    return article.text


def test_it_returns_to_the_snapshot_before_and_back_again(folder: Path) -> None:
    first, second = (p.snapshot for p in (roll_back(folder), roll_back(folder)))
    assert (live_name(folder), text_of(load_index(folder))) == (second, SECOND)
    done = roll_back(folder)
    assert (done.snapshot, done.replaced, done.articles, done.chunks) == (first, second, 1, 1)
    assert done.created == load_index(folder).manifest.created
    assert text_of(load_index(folder)) == FIRST


def test_the_command_says_which_snapshot_and_when_it_was_built(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = live_name(folder)
    with pytest.raises(SystemExit) as ended:
        app(["rollback", "--index", str(folder), "--json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["snapshot"] == live_name(folder) and told["replaced"] == before
    created = load_index(folder).manifest.created
    assert told["created"] == created.isoformat()
    with pytest.raises(SystemExit):
        app(["rollback", "--index", str(folder)])
    shown = capsys.readouterr().out
    assert f"{before}" in shown and load_index(folder).manifest.created.strftime("%Y-") in shown
    assert "撤销" in shown and "undo" in shown


@pytest.mark.parametrize("there_is", ["nothing", "one snapshot"])
def test_without_another_snapshot_nothing_happens(
    tmp_path: Path, bigram_encoder: BigramEncoder, there_is: str
) -> None:
    if there_is == "one snapshot":
        (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
        rebuild([tmp_path / "a.txt"], tmp_path / "index")
    before = read_pointer(tmp_path / "index")
    with pytest.raises(SnapshotError, match="no earlier snapshot.*wenbao rebuild"):
        roll_back(tmp_path / "index")
    assert read_pointer(tmp_path / "index") == before
    assert (tmp_path / "index").exists() == (there_is == "one snapshot")


def test_a_damaged_snapshot_is_not_returned_to(folder: Path) -> None:
    pointer = read_pointer(folder)
    assert pointer is not None and pointer.previous is not None
    vectors = snapshot_paths(folder, pointer.previous).vectors
    data = bytearray(vectors.read_bytes())
    stat = vectors.stat()
    data[-1] ^= 1
    vectors.write_bytes(data)
    os.utime(vectors, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(SnapshotError, match="unchanged.*vectors.faiss"):
        roll_back(folder)
    assert read_pointer(folder) == pointer


def test_a_damaged_live_snapshot_is_left_for_the_one_before(folder: Path) -> None:
    live_paths(folder).corpus.write_bytes(b"")
    with pytest.raises(SnapshotError, match="wenbao rollback"):
        open_live(folder)
    roll_back(folder)
    assert text_of(load_index(folder)) == FIRST


def test_a_lost_pointer_is_put_back(folder: Path) -> None:
    latest = live_name(folder)
    for damage in (b"", b"\xff\xfe", b"../../etc\n"):
        (folder / "current").write_bytes(damage)
        with pytest.raises(SnapshotError, match="wenbao rollback"):
            open_live(folder)
        assert roll_back(folder).snapshot == latest
        assert text_of(load_index(folder)) == SECOND


@pytest.mark.parametrize("command", [roll_back, check_up])
def test_an_index_in_milvus_is_looked_after_there(command: Callable[[str], object]) -> None:
    with pytest.raises(InputError, match="Milvus"):
        command("milvus://127.0.0.1/news")


def test_it_waits_for_no_rebuild(folder: Path) -> None:
    with writing(folder), pytest.raises(LockError):
        roll_back(folder)


def test_an_opened_index_takes_it_up_as_it_takes_up_a_rebuild(folder: Path) -> None:
    held = load_index(folder)
    roll_back(folder)
    assert text_of(load_index(folder)) == FIRST
    assert text_of(held) == SECOND


def test_the_next_rebuild_reads_the_files_as_they_are(news: Path, folder: Path) -> None:
    rolled_back = roll_back(folder)
    done = rebuild([news], folder)
    assert text_of(load_index(folder)) == SECOND
    # from what is live now only what changed is made anew; it is what the next rollback returns to
    assert (done.encoded, done.removed) == (1, 1)
    assert roll_back(folder).snapshot == rolled_back.snapshot
    assert len(names_in(folder)) == 2


def test_a_rebuild_of_the_files_it_was_built_from_changes_nothing(news: Path, folder: Path) -> None:
    (news / "a.txt").write_text(FIRST, encoding="utf-8")
    rolled_back = roll_back(folder)
    assert rebuild([news], folder).snapshot == rolled_back.snapshot
    pointer = read_pointer(folder)
    assert pointer is not None and not pointer.is_rolled_back
    assert pointer.previous == rolled_back.replaced
    (news / "a.txt").write_text(THIRD, encoding="utf-8")
    bring_up_to_date([news], folder)
    assert text_of(load_index(folder)) == THIRD


def test_nothing_rebuilds_on_its_own_what_was_rolled_back(
    news: Path, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    roll_back(folder)
    for paths in (None, [], [news]):
        with caplog.at_level(logging.WARNING):
            bring_up_to_date(paths, folder)
        assert text_of(load_index(folder)) == FIRST
        assert "wenbao rebuild" in caplog.text and "回退" in caplog.text
        caplog.clear()
    other = tmp_path / "other.txt"
    other.write_text(THIRD, encoding="utf-8")
    bring_up_to_date([other], folder)
    assert text_of(load_index(folder)) == THIRD


def test_a_rebuild_over_a_damaged_snapshot_goes_on_from_the_one_before(
    news: Path, folder: Path
) -> None:
    pointer = read_pointer(folder)
    assert pointer is not None
    live_paths(folder).vectors.unlink()
    (news / "b.txt").write_text(FIRST, encoding="utf-8")
    done = rebuild([news], folder)
    assert (done.encoded, done.reused) == (1, 1)
    now = read_pointer(folder)
    assert now is not None and now.previous == pointer.previous
