"""Keeps the page from reaching out, and others from reaching in through Gradio.

Gradio's page template names addresses of its makers, and its scripts could load parts from
content delivery networks. The former are cut out of the page; the latter the browser refuses
because of the content security policy, which also lets no script run that the page did not come
with. Of what Gradio's server offers (uploads, files, a proxy, a queue), the page needs its frame
only, and the rest is not there.
"""

import base64
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.service.refusals import refusal

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' {scripts}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""The page's; ``scripts`` are the hashes of those that stand in it."""

_OURS = ("/page/", "/api/", "/mcp", "/metrics")
_FRAME = ("/assets/", "/static/", "/theme.css", "/favicon.ico")
"""What of Gradio's the page asks for, besides itself."""
_SAID = (b"accept-encoding", b"x-forwarded-", b"forwarded", b"cookie")
"""Headers that Gradio must not go by: it would send another page."""
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
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
        """Pass a request on if it is for us or for the frame; rewrite the page."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith((*_OURS, *_FRAME)):
            await self._app(scope, receive, send)
        elif path == "/" and scope["method"] in ("GET", "HEAD"):
            await self._app(_bare(scope), receive, _Rewriter(send, self._head))
        else:
            absent = refusal(404, "没有这个地址。", "There is no such address.")
            await absent(scope, receive, send)


def without_addresses(page: str) -> str:
    """Return a page of Gradio's without what names other machines, marked as Chinese."""
    return _REACHES_OUT.sub("", page).replace('lang="en"', 'lang="zh-CN"', 1)


def _bare(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if not name.startswith(_SAID)]
    return {**scope, "headers": headers, "query_string": b""}


def _policy_of(page: str) -> str:
    """Return the content security policy of a page: of inline scripts it allows its own only."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page))
    hashes = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return POLICY.format(scripts=" ".join(hashes))


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
            changed = MutableHeaders(raw=self._start["headers"])
            changed["Content-Length"] = str(len(self._body))
            changed["Content-Security-Policy"] = _policy_of(self._body.decode())
            changed["Cache-Control"] = "no-store"
        await self._send(self._start)
        await self._send({**message, "body": self._body})
