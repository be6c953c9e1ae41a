"""Getting ready while the page is served already; no browser needed."""

import threading
import time

import pytest

from qa.chat import warm
from qa.chat.warm import Warmth


def test_a_slow_start_does_not_speak_for_the_snapshot_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live, may_end = ["old"], {"old": threading.Event(), "new": threading.Event()}

    def examples(index: str) -> list[str]:
        assert may_end[index].wait(10)
        return [f"{index}？"]

    monkeypatch.setattr(warm, "live_snapshot", lambda address: live[0])
    monkeypatch.setattr(warm, "load_index", lambda address: live[0])
    monkeypatch.setattr(warm, "ask", lambda question, index: None)
    monkeypatch.setattr(warm, "example_questions", examples)
    warmth = Warmth("index")
    before = set(threading.enumerate())
    warmth.start()
    warmth.wait_until_loaded()
    (slow,) = set(threading.enumerate()) - before
    live[0] = "new"
    warmth.start()
    warmth.wait_until_loaded()
    may_end["new"].set()
    until = time.monotonic() + 10
    while warmth.questions() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    may_end["old"].set()
    slow.join(10)
    assert warmth.questions() == ["new？"]
