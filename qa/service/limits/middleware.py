"""Keeps the server quick for everybody: nobody asks too much, and nothing takes for ever.

A request is read whole before it gets a place, so that a slow line takes none, and gives its
place back when its answer begins: all that costs the machine is done then. What a language model
says later costs a thread only, and ``qa.llm`` bounds how many it is asked at a time.
"""

import asyncio
import logging
from collections.abc import Awaitable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embeddings.cores import cores
from qa.service import metrics
from qa.service.body import Gone, TooLarge, read_body, replayed
from qa.service.limits.line import Full, Line
from qa.service.limits.pace import Pace
from qa.service.refusals import refusal, try_later

PLACES = 2 * cores()
"""Requests that are worked on at a time: on one core each, and one more that waits for disks."""
WAITING = 16 * cores()
"""Requests that wait for a place."""
PATIENCE = 2.0
"""Seconds that a request waits for a place: then it is better to come back later."""
A_SECOND, AT_ONCE = 20.0, 100
"""Requests of one address: in the long run and after a pause. An office shares an address."""
SECONDS = 30.0
"""What a request may take; with a language model, its time is added."""
INSIDE = 200
"""Requests that are being read, wait or are worked on, together."""
MOST_BYTES = 4 << 20
"""Of a request's body."""
MOST_BYTES_OF = {"/page/export": 32 << 20}
"""A conversation that a reader wants to keep has what was read for all its questions."""
UPLOADS, UPLOADS_WAITING = 2, 8
"""Forms with files that are taken in at a time, and that wait."""
UPLOAD_SECONDS = 600.0
_UPLOADS = "/page/uploads"
_DOORS = ("/api/", "/page/")
_FREE = "/page/web/"

_log = logging.getLogger(__name__)


class Limits:
    """ASGI middleware around all that works for a request."""

    def __init__(
        self,
        app: ASGIApp,
        more_places: int = 0,
        more_seconds: float = 0.0,
        line: Line | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Go around an application.

        Args:
            app: The application.
            more_places: How many requests wait for something else than this machine.
            more_seconds: How long they may.
            line: Where requests wait, if not as long as the constants above say.
            pace: How fast an address may ask, if not as those say.
        """
        self._app = app
        self._seconds = SECONDS + more_seconds
        self._line = line or Line(PLACES + more_places, WAITING, PATIENCE)
        self._uploads = Line(UPLOADS, UPLOADS_WAITING, PATIENCE)
        self._pace = pace or Pace(A_SECOND, AT_ONCE)
        self._inside = 0
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in its turn, or ask the guest to come back later."""
        if scope["type"] != "http" or not _is_work(scope["path"]):
            await self._app(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._admit(scope, receive, send)
        except Gone:
            return
        except _Refused as refused:
            metrics.REFUSED.labels(refused.reason).inc()
            await refused.response(scope, receive, send)
        finally:
            self._inside -= 1

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request, wait for its turn, and have it answered."""
        guest = scope["client"][0] if scope.get("client") else ""
        is_upload = scope["path"] == _UPLOADS and scope["method"] == "POST"
        line, seconds = self._line, self._seconds
        if wait := self._pace.wait(guest):
            raise _Refused(_too_fast(wait), "pace")
        if self._inside > INSIDE:
            raise _Refused(_all_busy(), "full")
        if is_upload:
            line, seconds = self._uploads, UPLOAD_SECONDS
        else:
            most = MOST_BYTES_OF.get(scope["path"], MOST_BYTES)
            receive = replayed(await _read(receive, most, self._seconds), receive)
        try:
            await line.enter(guest)
        except Full:
            raise _Refused(_all_busy(), "full") from None
        await self._answer(scope, receive, send, line, seconds)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, line: Line, seconds: float
    ) -> None:
        """Let the application answer, and speak in its place when the time is up."""
        has_place, has_begun, is_late = True, False, False

        def leave(*_: object) -> None:
            nonlocal has_place
            if has_place:
                has_place = False
                line.leave()

        async def told(message: Message) -> None:
            nonlocal has_begun
            if is_late:
                return
            if message["type"] == "http.response.start":
                has_begun = True
                leave()
            await send(message)

        work = asyncio.ensure_future(_run(self._app(scope, receive, told)))
        work.add_done_callback(leave)
        try:
            await asyncio.wait([work], timeout=seconds)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.done():
            return work.result()
        # A thread cannot be stopped: until it ends, its place stays taken.
        is_late = True
        self._late.add(work)
        work.add_done_callback(self._ended_late)
        metrics.REFUSED.labels("late").inc()
        _log.warning("A request took more than %g seconds", seconds)
        if not has_begun:
            await _too_long()(scope, receive, send)

    def _ended_late(self, work: "asyncio.Task[None]") -> None:
        self._late.discard(work)
        if not work.cancelled() and (error := work.exception()):
            _log.error("A request failed after its time was up", exc_info=error)


class _Refused(Exception):
    def __init__(self, response: JSONResponse, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


async def _run(work: Awaitable[None]) -> None:
    await work


async def _read(receive: Receive, most: int, seconds: float) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            return await read_body(receive, most)
    except TooLarge:
        raise _Refused(
            refusal(
                413,
                f"请求太大，最多 {most >> 20} MB。",
                f"The request is too large: {most >> 20} MB at most.",
                connection="close",
            ),
            "large",
        ) from None
    except TimeoutError:
        raise _Refused(
            refusal(
                408,
                "请求迟迟没有传完。",
                "The request did not arrive in time.",
                connection="close",
            ),
            "slow",
        ) from None


def _is_work(path: str) -> bool:
    return path == "/mcp" or path.startswith(_DOORS) and not path.startswith(_FREE)


def _too_fast(wait: int) -> JSONResponse:
    return try_later(
        wait,
        f"问得太快了，请过 {wait} 秒再问。",
        f"That was too fast. Ask again in {wait} s.",
    )


def _all_busy() -> JSONResponse:
    return try_later(
        2,
        "现在提问的人多，请过几秒再问。",
        "Many people are asking just now. Try again in a few seconds.",
    )


def _too_long() -> JSONResponse:
    return refusal(
        503,
        "这个问题用时过长，已放弃。请换个简短的问法。",
        "This question took too long and was given up. Ask in fewer words.",
    )
