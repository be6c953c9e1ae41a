"""Lets nobody in without the password: browsers through a form, programs with a bearer token."""

from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.service.access.attempts import Attempts
from qa.service.access.login import POLICY, login_page
from qa.service.access.password import Known, Password
from qa.service.access.sessions import HOURS, Sessions
from qa.service.body import Gone, TooLarge, read_body
from qa.service.refusals import refusal, try_later

COOKIE = "wenbao"
LOGIN, LOGOUT = "/login", "/logout"
_MOST_FORM = 10_000
"""Bytes of the form."""
_MOST_WAITING = 50
"""Passwords that wait to be compared; they take turns, so that guesses don't take all cores."""
_BUSY_SECONDS = 5
_BUSY = (
    f"现在等着核对密码的人多，请过 {_BUSY_SECONDS} 秒再试。",
    f"Many passwords wait to be checked just now. Try again in {_BUSY_SECONDS} seconds.",
)
_WRONG = ("密码不对，请再试。", "Wrong password. Try again.")
_SCHEME = b"bearer "


class Gate:
    """ASGI middleware around all that needs the password."""

    def __init__(self, app: ASGIApp, password: Password) -> None:
        self._app = app
        self._known = Known(password)
        self._attempts = Attempts()
        self._sessions = Sessions()
        self._turn = anyio.CapacityLimiter(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it brings the password, or a cookie that stands for it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refused = await self._refused(Request(scope, receive))
            await (refused or self._app)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _refused(self, request: Request) -> Response | None:
        token, path = request.cookies.get(COOKIE, ""), request.scope["path"]
        if path == LOGOUT and request.method == "POST":
            self._sessions.end(token)
            return _to("login", request)
        is_known = self._sessions.is_good(token)
        if path == LOGIN:
            if request.method == "POST":
                return await self._log_in(request)
            return _to("./", request, token) if is_known else _form()
        return None if is_known else await self._without_cookie(request)

    async def _without_cookie(self, request: Request) -> Response | None:
        given = next((v for k, v in request.scope["headers"] if k == b"authorization"), b"")
        if given[: len(_SCHEME)].lower() == _SCHEME:
            if self._is_busy():
                return try_later(_BUSY_SECONDS, *_BUSY)
            wait = await self._seconds_to_wait(request, given[len(_SCHEME) :].strip())
            if wait is None:
                return None
            return try_later(wait, *_too_many(wait)) if wait else _unknown(*_WRONG)
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("login" if request.scope["path"] == "/" else LOGIN, 303)
        return _unknown(
            "需要密码。网页请刷新后登录；程序请带上 Authorization: Bearer 密码。",
            "A password is needed. On the page, reload it and log in; programs send "
            "Authorization: Bearer PASSWORD.",
        )

    async def _log_in(self, request: Request) -> Response:
        words = await _password_in(request)
        if self._is_busy():
            return _form(429, _BUSY, _BUSY_SECONDS)
        wait = await self._seconds_to_wait(request, words.encode("utf-8", "replace"))
        if wait is None:
            return _to("./", request, self._sessions.begin())
        return _form(429, _too_many(wait), wait) if wait else _form(401, _WRONG)

    def _is_busy(self) -> bool:
        return self._turn.statistics().tasks_waiting >= _MOST_WAITING

    async def _seconds_to_wait(self, request: Request, words: bytes) -> int | None:
        """Compare with the password, each address no faster than ``Attempts`` lets it.

        Returns:
            None if it is right, 0 if it is wrong, and seconds if there were too many wrong ones.
        """
        address = request.client.host if request.client else ""
        if self._attempts.wait(address) == 0 and self._known.remembers(words):
            return None
        async with self._turn:
            # Others of this address may have been wrong, or right, meanwhile.
            if wait := self._attempts.wait(address):
                return wait
            if await anyio.to_thread.run_sync(self._known.matches, words):
                self._attempts.succeeded(address)
                return None
            self._attempts.failed(address)
            return 0


async def _password_in(request: Request) -> str:
    try:
        form = await read_body(request.receive, _MOST_FORM)
        fields = parse_qs(form.decode("utf-8", "replace"), max_num_fields=10)
    except (TooLarge, Gone, ValueError):
        return ""
    return fields.get("password", [""])[0]


def _too_many(wait: int) -> tuple[str, str]:
    return (
        f"密码错的次数太多，请过 {wait} 秒再试。",
        f"Too many wrong passwords. Try again in {wait} seconds.",
    )


def _form(status: int = 200, told: tuple[str, str] | None = None, wait: int = 0) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    if wait:
        headers["Retry-After"] = str(wait)
    return HTMLResponse(login_page(told), status, headers)


def _unknown(chinese: str, english: str) -> Response:
    return refusal(401, chinese, english, www_authenticate="Bearer")


def _to(place: str, request: Request, token: str = "") -> Response:
    """Send a browser elsewhere, with a token or without; a proxy may have put us in a folder."""
    response = RedirectResponse(place, 303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=HOURS * 3600 if token else 0,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response
