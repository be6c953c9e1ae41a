"""Refuses requests under a name that nobody gave this server, and those that other sites send.

A site that a reader visits could let its own name lead here (DNS rebinding) and then read, or
send a form here and then change something (CSRF).
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.service.access.settings import LOOPBACK
from qa.service.refusals import refusal

LOCAL_NAMES = (LOOPBACK, "localhost", "::1")


class Hosts:
    """ASGI middleware around all that answers."""

    def __init__(
        self,
        app: ASGIApp,
        names: Sequence[str] = (),
        host: str = LOOPBACK,
        any_address: bool = False,
    ) -> None:
        """Go around an application.

        Args:
            app: The application.
            names: Names that are ours besides those of the machine to itself.
            host: The address that is listened on; there are many of this machine alone.
            any_address: Whether any number is; a name can be made to lead here, not a number.
        """
        self._app = app
        self._names = frozenset((*LOCAL_NAMES, host.lower(), *names))
        self._given = frozenset(names)
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it was sent to us by one of our own pages or by no page."""
        refused = self._refused(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)

    def _refused(self, headers: Headers) -> JSONResponse | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        name = _name_in(f"//{host}")
        if name is None or not (name in self._names or self._any_address and _is_number(name)):
            return refusal(
                400,
                "本服务器不用这个主机名。若要使用，启动时请加 --name 主机名。",
                "This server does not go by that host name. To use it, start with --name HOST.",
            )
        if origin is None or origin.partition("://")[2] == host:
            return None
        if _name_in(origin) in self._given:  # a reverse proxy that puts in a name of its own
            return None
        return refusal(
            403,
            "请求来自别的网站，不予受理。",
            "The request comes from another site and is refused.",
        )


def _name_in(address: str) -> str | None:
    """Return the host name in an address, lower case, or None where there is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return (parts.hostname or "").rstrip(".") or None


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
