"""Articles that readers add: looked at first, then in, then out again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import load_index, rebuild
from embeddings.errors import InputError
from qa import uploads
from qa.batch import Batch
from qa.file_names import fit_name, free_name
from qa.uploads import Uploads, uploads_folder, with_uploads
from tests.conftest import BigramEncoder

BRIDGE = "城东大桥通车\n\n本报讯（记者 李明）城东大桥昨日正式通车，全长1260米，总投资3.2亿元。\n"


@pytest.fixture
def index(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "old.txt").write_text("旧闻一则\n\n这是原来就有的一篇文章，讲的是旧城改造。\n")
    rebuild([paper], tmp_path / "index")
    return tmp_path / "index"


def wait_until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not reached() and time.monotonic() < until:
        time.sleep(0.01)


def settled(batch: Batch) -> Batch:
    wait_until(lambda: batch.state not in ("reading", "indexing"))
    return batch


def looked_at(added: Uploads, files: dict[str, str]) -> Batch:
    batch, folder = added.begin()
    for name, text in files.items():
        (folder / name).write_text(text)
    added.read(batch)
    return settled(batch)


def texts(index: Path) -> str:
    return "\n".join(article.text for article in load_index(index).articles())


def test_nothing_goes_in_before_it_was_looked_at(index: Path) -> None:
    added = Uploads(index)
    old = "旧闻一则\n\n这是原来就有的一篇文章，讲的是旧城改造。\n"
    batch = looked_at(added, {"new.txt": BRIDGE, "old.txt": old, "x.exe": "MZ"})
    assert batch.state == "read" and batch.articles == 2
    assert [(found.entry.name, found.known) for found in batch.found] == [
        ("城东大桥通车", False),
        ("旧闻一则", True),
    ]
    assert [skipped.path for skipped in batch.refused] == ["x.exe"]
    assert "1260" not in texts(index) and added.files() == []

    assert settled(added.add(batch.key)).state == "done"
    assert "1260" in texts(index) and "旧城改造" in texts(index)
    assert [name for name, _ in added.files()] == ["new.txt", "old.txt"], "what was refused is gone"
    with pytest.raises(InputError, match="Choose others"):
        added.add(batch.key)


def test_added_files_are_removable(index: Path) -> None:
    added = Uploads(index)
    settled(added.add(looked_at(added, {"new.txt": BRIDGE}).key))
    assert [name for name, _ in added.files()] == ["new.txt"]
    assert settled(added.remove("new.txt")).state == "done"
    assert "1260" not in texts(index) and added.files() == []
    with pytest.raises(InputError, match="Reload the page"):
        added.remove("new.txt")


def test_a_name_that_is_taken_gets_a_number(index: Path) -> None:
    added = Uploads(index)
    for length in (1260, 1280):
        text = BRIDGE.replace("1260", str(length))
        settled(added.add(looked_at(added, {"new.txt": text}).key))
    assert [name for name, _ in added.files()] == ["new-2.txt", "new.txt"]
    assert "1260" in texts(index) and "1280" in texts(index)


def test_names_of_one_batch_that_get_numbers_differ(index: Path) -> None:
    added = Uploads(index)
    settled(added.add(looked_at(added, {"new.txt": BRIDGE}).key))
    batch = looked_at(added, {"new-2.txt": BRIDGE, "new.txt": BRIDGE.replace("1260", "1280")})
    assert settled(added.add(batch.key)).state == "done"
    assert [name for name, _ in added.files()] == ["new-2.txt", "new-3.txt", "new.txt"]


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every rebuild wait until what it gives is called."""
    gate = threading.Event()

    def when_let(*arguments: object) -> object:
        gate.wait(20)
        return rebuild(*arguments)  # type: ignore[arg-type]

    def open_gate() -> None:
        time.sleep(0.2)  # until whoever was to come during the rebuild is there
        gate.set()

    monkeypatch.setattr(uploads, "rebuild", when_let)
    return open_gate


def test_files_of_one_name_that_come_during_a_rebuild_are_all_kept(
    index: Path, let_go: Callable[[], None]
) -> None:
    added = Uploads(index)
    files = [("other.txt", 1240), ("new.txt", 1260), ("new.txt", 1280)]
    batches = [looked_at(added, {name: BRIDGE.replace("1260", str(n))}) for name, n in files]
    for batch in batches:
        added.add(batch.key)
    let_go()
    assert [settled(batch).state for batch in batches] == ["done"] * 3
    assert [name for name, _ in added.files()] == ["new-2.txt", "new.txt", "other.txt"]
    assert all(length in texts(index) for length in ("1240", "1260", "1280"))


def test_servers_on_one_index_add_files_of_one_name_in_turn(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly_free_name(path: Path) -> Path:
        found = free_name(path)
        time.sleep(0.3)  # so that whoever is not kept out finds the same name
        return found

    monkeypatch.setattr(uploads, "free_name", slowly_free_name)
    servers = [Uploads(index), Uploads(index)]
    batches = [
        looked_at(server, {"new.txt": BRIDGE.replace("1260", length)})
        for server, length in zip(servers, ("1260", "1280"), strict=True)
    ]
    for server, batch in zip(servers, batches, strict=True):
        server.add(batch.key)
    assert [settled(batch).error for batch in batches] == [None, None]
    assert [name for name, _ in servers[0].files()] == ["new-2.txt", "new.txt"]
    assert "1260" in texts(index) and "1280" in texts(index)


def test_a_server_that_starts_drops_only_what_nobody_waits_for(index: Path) -> None:
    abandoned = uploads_folder(index) / ".waiting" / "server" / "batch" / "old.txt"
    abandoned.parent.mkdir(parents=True)
    abandoned.write_text(BRIDGE)
    running = Uploads(index)
    assert not abandoned.exists()
    batch = looked_at(running, {"new.txt": BRIDGE})
    Uploads(index)
    assert settled(running.add(batch.key)).state == "done"
    assert "1260" in texts(index)


def test_who_removes_what_another_has_removed_is_told(
    index: Path, let_go: Callable[[], None]
) -> None:
    added = Uploads(index)
    added.folder.mkdir()
    for name in ("new.txt", "other.txt"):
        (added.folder / name).write_text(BRIDGE)
    added.remove("other.txt")
    wait_until(lambda: not (added.folder / "other.txt").exists())
    batches = [added.remove("new.txt"), added.remove("new.txt")]
    let_go()
    assert sorted(settled(batch).state for batch in batches) == ["done", "failed"]
    (error,) = [batch.error for batch in batches if batch.error]
    assert "new.txt was not added" in error.english and added.files() == []


def test_discarded_files_are_gone(index: Path) -> None:
    added = Uploads(index)
    batch = looked_at(added, {"new.txt": BRIDGE})
    added.discard(batch.key)
    assert list(uploads_folder(index).rglob("*.txt")) == []
    with pytest.raises(InputError):
        added.add(batch.key)


@pytest.mark.parametrize("act", ["add", "remove"])
def test_a_rebuild_that_fails_changes_nothing(
    index: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    added = Uploads(index)
    settled(added.add(looked_at(added, {"kept.txt": BRIDGE}).key))
    before = texts(index)
    batch = looked_at(added, {"new.txt": BRIDGE.replace("1260", "1280")})

    def fail(*_: object) -> None:
        raise InputError("坏了", "broken")

    monkeypatch.setattr(uploads, "rebuild", fail)
    done = settled(added.add(batch.key) if act == "add" else added.remove("kept.txt"))
    assert done.state == "failed" and done.error and done.error.english == "broken"
    assert [name for name, _ in added.files()] == ["kept.txt"]
    assert texts(index) == before


def test_lost_originals_are_not_dropped_silently(index: Path, tmp_path: Path) -> None:
    added = Uploads(index)
    batch = looked_at(added, {"new.txt": BRIDGE})
    (tmp_path / "paper").rename(tmp_path / "elsewhere")
    assert settled(added.add(batch.key)).state == "failed"
    assert "旧城改造" in texts(index) and added.files() == []


def test_added_files_come_along_when_the_chat_starts(index: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    assert with_uploads([paper], index) == [paper]
    added = Uploads(index)
    settled(added.add(looked_at(added, {"new.txt": BRIDGE}).key))
    assert with_uploads([paper], index) == [paper, uploads_folder(index)]
    assert with_uploads([], index) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\报纸.pdf", "报纸.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("", "file.txt"),
        ("..", "file.txt"),
        ("a\x00b<c>.txt", "a_b_c_.txt"),
        ("报\u202etxt.exe\u2066\x85.pdf", "报_txt.exe_.pdf"),
        ("\ud800.txt", "_.txt"),
        (f"{'长' * 300}.txt", f"{'长' * 66}.txt"),
        (f"{'𠀀' * 300}.txt", f"{'𠀀' * 50}.txt"),
        (f"{'a' * 300}.txt", f"{'a' * 80}.txt"),
        ("关于加强环境保护工作的通知", "关于加强环境保护工作的通知"),
    ],
)
def test_names_fit_a_folder(given: str, kept: str, tmp_path: Path) -> None:
    assert fit_name(given) == kept
    (tmp_path / kept).touch()


def test_time_left_is_estimated_by_stage() -> None:
    batch = Batch("k", "indexing")
    assert batch.seconds_left is None
    batch.progress("encode", 0, 10)
    assert batch.seconds_left is None
    batch.stage_began -= 4
    batch.progress("encode", 2, 10)
    assert batch.seconds_left == pytest.approx(16, abs=1)
