"""Keeps the page from reaching out: no file, font, script or picture from another machine.

Gradio's page template names addresses of its makers, and its scripts could load parts from
content delivery networks. The former are cut out of the page; the latter the browser refuses
because of the content security policy.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio compiles its templates
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)

_REACHES_OUT = re.compile(
    r"<meta\s[^>]*(?:og:|twitter:)[^>]*>\s*"
    r"|<link\s[^>]*href=[\"']https?://[^>]*>\s*"
    r"|<script\s[^>]*src=[\"']https?://[^>]*>\s*</script>\s*"
)


class Shield:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, head: str = "") -> None:
        """Go around an application.

        Args:
            app: The application.
            head: What the page's head has first; it names files of this server only.
        """
        self._app = app
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the policy and without addresses."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            await self._app(_uncompressed(scope), receive, _Rewriter(send, self._head))
        else:
            await self._app(scope, receive, _with_policy(send))


def without_addresses(page: str) -> str:
    """Return a page of Gradio's without what names other machines, marked as Chinese."""
    return _REACHES_OUT.sub("", page).replace('lang="en"', 'lang="zh-CN"', 1)


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _with_policy(send: Send) -> Send:
    async def passed(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_policy(message)
        await send(message)

    return passed


def _add_policy(message: Message) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["Content-Security-Policy"] = POLICY
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"


class _Rewriter:
    """Collects one response and sends it rewritten when it is complete."""

    def __init__(self, send: Send, head: str) -> None:
        self._send = send
        self._head = head
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        headers = Headers(raw=self._start["headers"])
        if headers.get("content-type", "").startswith("text/html") and self._body:
            page = without_addresses(self._body.decode())
            self._body = page.replace("</style>", f"</style>{self._head}", 1).encode()
            MutableHeaders(raw=self._start["headers"])["content-length"] = str(len(self._body))
        _add_policy(self._start)
        await self._send(self._start)
        await self._send({**message, "body": self._body})
