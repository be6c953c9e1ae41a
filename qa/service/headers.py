"""Headers that tell browsers how little a response may do."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The content security policy of what is no page."""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Not ``no-referrer``: with it, browsers hide from us too that a form is ours.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class SafeHeaders:
    """ASGI middleware around all that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with headers; no other site may read it."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(message.get("headers", ()))}
                _make_safe(MutableHeaders(raw=message["headers"]))
            await send(message)

        await self._app(scope, receive, told if scope["type"] == "http" else send)


def _make_safe(headers: MutableHeaders) -> None:
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]  # Gradio lets all sites read
    headers.update(_ALWAYS)
    headers.setdefault("Content-Security-Policy", _NOTHING)
    if "etag" not in headers:  # no file of ours: nobody keeps what was answered
        headers.setdefault("Cache-Control", "no-store")
