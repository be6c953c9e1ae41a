"""The server's log: lines of JSON for machines, plain text for who sits before it.

What people ask is in no line of JSON: no query of an address, no body, and of an exception its
kind and where it came from, but not its message, which may repeat what was asked. Plain text has
Python's whole traceback with the message: whoever sits before it wants to see what went wrong.
"""

import json
import logging
import os
import sys
import time
import traceback
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embeddings.errors import InputError

SETTING = "WENBAO_LOG"
_FORMS = ("json", "text")
_OURS = "fields"
"""The attribute of a record that has more fields for its line."""
_DEPTH = 2
"""Parts of a path that are told: the rest may name an article."""
_QUIET = ("/page/web/", "/assets/", "/static/", "/healthz", "/readyz", "/metrics")

_log = logging.getLogger("wenbao.requests")


class JsonLines(logging.Formatter):
    """Makes one JSON object of each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, _OURS, {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _chain(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def is_json() -> bool:
    """Tell whether the log is lines of JSON: on request, or where nobody sits before it.

    Raises:
        InputError: The setting is neither ``json`` nor ``text``.
    """
    wanted = os.environ.get(SETTING, "")
    if wanted and wanted not in _FORMS:
        raise InputError(
            f"{SETTING} 应为 json 或 text，现为 {wanted}。",
            f"{SETTING} must be json or text, not {wanted}.",
        )
    return wanted == "json" or not wanted and not sys.stderr.isatty()


def log_json() -> None:
    """Write all logging to standard error as lines of JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("wenbao").setLevel(logging.INFO)


def tell(message: str, **fields: object) -> None:
    """Log something about the server with fields of its own."""
    logging.getLogger("wenbao").info(message, extra={_OURS: fields})


class RequestLog:
    """ASGI middleware that logs each request when it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log what became of it."""
        if scope["type"] != "http" or scope["path"].startswith(_QUIET):
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            fields = {
                "method": scope["method"],
                "path": "/".join(scope["path"].split("/")[: _DEPTH + 1])[:80],
                "status": status or 500,
                "seconds": round(time.perf_counter() - began, 4),
                "client": scope["client"][0] if scope.get("client") else None,
            }
            _log.info("request", extra={_OURS: fields})


def _chain(error: BaseException) -> list[dict[str, object]]:
    """Return an exception and its causes, the last first, without their messages."""
    told: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None and len(told) < 5:
        frames = traceback.extract_tb(current.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"kind": type(current).__name__, "at": places})
        current = current.__cause__ or current.__context__
    return told
