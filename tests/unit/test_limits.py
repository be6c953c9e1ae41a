"""Places, the line before them, and how long things may take."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.service.limits import Limits, middleware
from qa.service.limits.line import Full, Line
from qa.service.limits.pace import Pace
from tests.conftest import finish


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    finish(work())


def test_guests_take_turns() -> None:
    """One with five requests waiting gets no more places than one with a single request."""

    async def work() -> None:
        line, order = Line(1, 10, 5.0), list[str]()

        async def one(guest: str) -> None:
            await line.enter(guest)
            order.append(guest)
            await asyncio.sleep(0)
            line.leave()

        await asyncio.gather(*(one(guest) for guest in ["a", "a", "a", "a", "b", "c", "a"]))
        assert order == ["a", "a", "b", "c", "a", "a", "a"]
        assert (line.taken, line.waiting) == (0, 0)

    run(work)


def test_a_full_line_sends_away_the_last_of_the_longest() -> None:
    async def work() -> None:
        line, outcome = Line(1, 3, 5.0), list[tuple[str, str]]()
        await line.enter("first")

        async def one(guest: str, name: str) -> None:
            try:
                await line.enter(guest)
            except Full:
                outcome.append((name, "full"))
                return
            outcome.append((name, "served"))
            line.leave()

        waiting = [asyncio.create_task(one("a", f"a{n}")) for n in range(4)]
        await asyncio.sleep(0)
        waiting += [asyncio.create_task(one("b", f"b{n}")) for n in range(2)]
        await asyncio.sleep(0.01)
        assert sorted(outcome) == [("a2", "full"), ("a3", "full"), ("b1", "full")]
        line.leave()
        await asyncio.gather(*waiting)
        assert outcome[3:] == [("a0", "served"), ("b0", "served"), ("a1", "served")]
        assert (line.taken, line.waiting) == (0, 0)

    run(work)


def test_nobody_waits_for_ever() -> None:
    async def work() -> None:
        line = Line(1, 3, 0.02)
        await line.enter("a")
        with pytest.raises(Full):
            await line.enter("b")
        cut = asyncio.create_task(line.enter("c"))
        await asyncio.sleep(0)
        cut.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cut
        assert (line.taken, line.waiting) == (1, 0)
        line.leave()
        assert (line.taken, line.waiting) == (0, 0)

    run(work)


def test_a_turn_that_comes_as_its_guest_leaves_goes_to_the_next() -> None:
    async def work() -> None:
        line = Line(1, 3, 5.0)
        await line.enter("a")
        gone, next_one = (asyncio.create_task(line.enter(guest)) for guest in "bc")
        await asyncio.sleep(0)
        line.leave()
        gone.cancel()
        await asyncio.wait([gone])
        await next_one
        assert (line.taken, line.waiting) == (1, 0)

    run(work)


def test_a_guest_may_ask_a_few_at_once_and_then_at_the_pace() -> None:
    now = [0.0]
    pace = Pace(2.0, 3, lambda: now[0])
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait("b") == 0
    now[0] += 0.5
    assert [pace.wait("a") for _ in range(2)] == [0, 1]
    now[0] += 1000
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, 1]


def test_who_asked_longest_ago_is_forgotten() -> None:
    pace = Pace(2.0, 1, lambda: 0.0)
    assert [pace.wait("a") for _ in range(2)] == [0, 1]
    for n in range(9_999):
        pace.wait(f"guest {n}")
    assert pace.wait("guest 0") == 1
    pace.wait("one more")
    assert pace.wait("a") == 0


# --- the middleware --------------------------------------------------------------------------


async def ask(app: ASGIApp, path: str = "/api/ask", body: bytes = b"{}") -> tuple[int, Any]:
    """Send a request whose body comes in two pieces; return status and JSON."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "headers": [],
        "client": ("9.9.9.9", 1),
    }
    half = len(body) // 2
    pieces: list[Message] = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]
    told: list[Message] = []

    async def receive() -> Message:
        return pieces.pop(0)

    async def send(message: Message) -> None:
        told.append(message)

    await app(scope, receive, send)
    whole = b"".join(message.get("body", b"") for message in told[1:])
    return told[0]["status"], json.loads(whole or b"null")


def answering(seconds: float = 0.0, blocking: bool = False) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        if blocking:
            await asyncio.to_thread(time.sleep, seconds)
        else:
            await asyncio.sleep(seconds)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(len(body)).encode()})

    return app


def test_requests_pass_whole() -> None:
    async def work() -> None:
        assert await ask(Limits(answering()), body=b"x" * 1_000_001) == (200, 1_000_001)

    run(work)


def test_more_than_there_are_places_for_are_told_to_come_back() -> None:
    async def work() -> None:
        limits = Limits(answering(0.05), line=Line(2, 2, 5.0))
        told = await asyncio.gather(*(ask(limits) for _ in range(6)))
        assert sorted(status for status, _ in told) == [200] * 4 + [429] * 2
        refused = next(body for status, body in told if status == 429)
        assert "再问" in refused["chinese"] and "Try again" in refused["english"]
        assert (await ask(limits))[0] == 200

    run(work)


def test_who_asks_too_fast_waits() -> None:
    async def work() -> None:
        limits = Limits(answering(), pace=Pace(1.0, 2))
        assert [(await ask(limits))[0] for _ in range(3)] == [200, 200, 429]

    run(work)


def test_too_large_a_request_is_refused_before_it_is_read_whole() -> None:
    async def work() -> None:
        limits = Limits(answering())
        status, body = await ask(limits, body=b"x" * (middleware.MOST_BYTES + 3))
        assert status == 413 and "4 MB" in body["english"]

    run(work)


def test_a_question_that_takes_too_long_is_given_up_and_keeps_its_place() -> None:
    """Its thread cannot be stopped; the next request must not come on top of it."""

    async def work() -> None:
        limits = Limits(answering(0.3, blocking=True), line=Line(1, 1, 0.01))
        limits._seconds = 0.05
        status, body = await ask(limits)
        assert status == 503 and "用时过长" in body["chinese"]
        assert (await ask(limits))[0] == 429
        await asyncio.sleep(0.4)
        limits._seconds = 1.0
        assert (await ask(limits))[0] == 200

    run(work)


def test_a_body_that_never_ends_takes_no_place() -> None:
    async def work() -> None:
        limits = Limits(answering(), line=Line(1, 0, 0.01))
        limits._seconds = 0.2
        told: list[Message] = []

        async def send(message: Message) -> None:
            told.append(message)

        async def never() -> Message:
            await asyncio.sleep(60)
            raise AssertionError

        async def gone() -> Message:
            return {"type": "http.disconnect"}

        scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": []}
        slow = asyncio.create_task(limits(scope, never, send))
        await asyncio.sleep(0)
        assert (await ask(limits))[0] == 200, "others are answered meanwhile"
        await slow
        assert told[0]["status"] == 408
        await limits(scope, gone, send)
        assert len(told) == 2, "nobody is there to be told"
        assert (await ask(limits))[0] == 200

    run(work)


def test_a_failure_gives_its_place_back() -> None:
    async def work() -> None:
        async def failing(scope: Scope, receive: Receive, send: Send) -> None:
            raise RuntimeError("broken")

        limits = Limits(failing, line=Line(1, 0, 0.01))
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await ask(limits)

    run(work)


def test_files_of_the_page_wait_for_nobody() -> None:
    async def work() -> None:
        limits = Limits(answering(), line=Line(0, 0, 0.01))
        assert (await ask(limits, "/page/web/main.js"))[0] == 200
        assert (await ask(limits, "/page/ask"))[0] == 429

    run(work)
