"""Tells whoever starts and watches the server how it is: ``/healthz`` and ``/readyz``."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from embeddings import load_index
from embeddings.address import IndexAddress
from embeddings.errors import WenbaoError
from embeddings.opening import is_passed_over
from qa.service.refusals import refusal

ALIVE, READY = "/healthz", "/readyz"

_log = logging.getLogger(__name__)


class Health:
    """ASGI middleware in front of all others: probes know neither a name nor the password."""

    def __init__(self, app: ASGIApp, index: IndexAddress) -> None:
        self._app = app
        self._index = index
        self._is_looking = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer probes, and pass on all else."""
        path = scope.get("path") if scope["type"] == "http" else None
        if path == ALIVE:
            await JSONResponse({"status": "ok"})(scope, receive, send)
        elif path == READY:
            is_ready = await self._is_ready()
            answer = self._ready() if is_ready else _not_ready()
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _is_ready(self) -> bool:
        """Tell whether questions can be answered; one probe at a time waits for the models."""
        if self._is_looking:
            return False
        self._is_looking = True
        try:
            return await run_in_threadpool(self._look)
        finally:
            self._is_looking = False

    def _ready(self) -> JSONResponse:
        """Say that questions are answered, and whether that is in spite of a damaged index."""
        return JSONResponse({"status": "ready", "index_damaged": is_passed_over(self._index)})

    def _look(self) -> bool:
        try:
            _ = load_index(self._index).encoder
        except WenbaoError as error:
            _log.warning("Not ready: %s", error.english)
            return False
        return True


def _not_ready() -> JSONResponse:
    return refusal(
        503,
        "还没有准备好：索引或模型还在载入，或者打不开（详情见日志）。",
        "Not ready: index and model are being loaded, or cannot be (the log says why).",
        retry_after="2",
    )
