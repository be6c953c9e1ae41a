"""Rebuilding on several workers gives the same index, whatever becomes of a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_index, rebuild
from embeddings.encoder import EncoderIdentity
from embeddings.errors import InputError, ServerError
from embeddings.rebuild import pipeline
from embeddings.rebuild.processes import Processes
from embeddings.rebuild.workers import hired
from embeddings.types import Progress, Vectors, no_progress
from tests.conftest import CHECKOUT, BigramEncoder

KILL = "WENBAO_TEST_KILL"
"""Names a file: whoever encodes while it is there removes it and dies."""


class MortalEncoder(BigramEncoder):
    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        path = os.environ.get(KILL, "")
        try:
            os.unlink(path)
        except OSError:
            return super().encode_documents(texts, progress)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")


def load_mortal(model: str | None = None) -> MortalEncoder:
    return MortalEncoder()


def double(number: int) -> int:
    return 2 * number


def fail(number: int) -> int:
    raise ValueError(number)


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.fixture(params=["2", "ray"])
def workers(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    encoder = load_mortal()
    identity = EncoderIdentity(encoder.name, encoder.fingerprint)
    monkeypatch.setattr(pipeline, "load_encoder", load_mortal)
    monkeypatch.setattr(pipeline, "encoder_identity", lambda model=None: identity)
    monkeypatch.setenv(KILL, str(tmp_path / "kill"))
    if request.param == "ray":
        monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ray = pytest.importorskip("ray", reason="the extra wenbao[ray] is not installed")
        try:
            ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        except Exception:  # its processes come up slowly on a busy machine: once more, then tell
            ray.shutdown()
            ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        yield "ray"
        ray.shutdown()
    else:
        yield request.param


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(40):
        text = f"第{number}号消息\n\n城东大桥第{number}次检修，历时{number + 2}天。"
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    for name in ("x.txt", "y.txt"):  # one is a duplicate of the other
        (folder / name).write_text("秋粮收购开秤\n\n全市秋粮收购昨日开秤。", encoding="utf-8")
    return folder


def everything(index: Path) -> tuple[object, ...]:
    opened = load_index(index)
    vectors = opened.dense.at(np.arange(opened.manifest.chunks))
    rows = [opened.corpus.packed_terms(row) for row in range(opened.manifest.chunks)]
    manifest = opened.manifest
    return list(opened.articles()), rows, manifest.corpus, manifest.fingerprint, vectors.tolist()


def test_the_index_is_that_of_the_plain_path(news: Path, tmp_path: Path, workers: str) -> None:
    plain = rebuild([news], tmp_path / "plain")
    (tmp_path / "kill").touch()
    done = rebuild([news], tmp_path / "index", workers=workers)
    assert not (tmp_path / "kill").exists()  # a worker died over it
    assert everything(tmp_path / "index") == everything(tmp_path / "plain")
    assert (done.encoded, done.skipped) == (plain.encoded, plain.skipped)
    assert len(done.skipped) == 1
    again = rebuild([news], tmp_path / "index", workers=workers)
    assert (again.encoded, again.snapshot) == (0, done.snapshot)
    (news / "00.txt").write_text("改过的消息\n\n大桥不修了。", encoding="utf-8")
    assert rebuild([news], tmp_path / "index", workers=workers).encoded == 1


def test_results_come_in_order_and_errors_come_through() -> None:
    with hired("2") as workers:
        assert workers is not None
        assert list(workers.map(double, range(20))) == [2 * n for n in range(20)]
        with pytest.raises(ValueError, match="3"):
            list(workers.map(fail, [3]))


def test_who_kills_every_worker_is_told() -> None:
    workers = Processes(1)
    with pytest.raises(ServerError, match="fewer --workers"):
        list(workers.map(die, [1]))
    workers.stop()


def test_no_more_is_under_way_than_workers_need() -> None:
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    with hired("2") as workers:
        assert workers is not None
        results = workers.map(double, items())
        next(results)
        assert drawn <= 5


ORPHANS = """
import os, signal
from embeddings.rebuild.processes import Processes
if __name__ == "__main__":
    print(*Processes(1).map(eval, ["__import__('os').getpid()"]), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_a_rebuild_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(ORPHANS, encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, tmp_path / "killed.py"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    until = time.monotonic() + 20
    while Path(f"/proc/{int(killed.stdout)}").exists():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("wanted", ["0", "-1", "many", "http://host"])
def test_workers_that_cannot_be_meant(wanted: str) -> None:
    with pytest.raises(InputError, match="--workers"), hired(wanted):
        pass
