"""Puts the doors for other programs into one web application."""

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp

from embeddings.address import IndexAddress
from qa.llm import LanguageModel
from qa.service.listening import HOST, serve_app
from qa.service.rest import build_rest
from qa.service.tools import build_tools

_LOCAL_NAMES = ["127.0.0.1", "localhost", "[::1]", "::1"]


def open_doors(app: Starlette, index: IndexAddress, llm: LanguageModel | None = None) -> None:
    """Let an application answer other programs too, under ``/api`` and ``/mcp``.

    Call it before anything is mounted at ``/``.
    """
    open_rest(app, index, llm)
    _open_mcp(app, index, llm)


def open_rest(app: Starlette, index: IndexAddress, llm: LanguageModel | None = None) -> None:
    """Let an application answer under ``/api``."""
    _mount(app, "/api", build_rest(index, llm))


def _open_mcp(app: Starlette, index: IndexAddress, llm: LanguageModel | None) -> None:
    """Let an application speak MCP at ``/mcp`` as long as it runs, to local names only."""
    tools = build_tools(index, llm)
    # Every call is whole in itself: a session would only be lost when the server starts again.
    door = tools.streamable_http_app(streamable_http_path="/mcp", stateless_http=True, host=HOST)
    app.router.routes.extend(door.routes)
    before = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(running: Starlette) -> AsyncIterator[Any]:
        async with before(running) as state, tools.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan


def _mount(app: Starlette, path: str, door: ASGIApp) -> None:
    mount = Mount(path, door)
    # A line break in an address is for the door to answer, too.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    app.router.routes.append(mount)


def only_local_names(app: Starlette) -> None:
    """Refuse requests under another name than this machine's own.

    A site that a reader visits could let its own name lead here (DNS rebinding), and read.
    """
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_LOCAL_NAMES, www_redirect=False)


def build_service(index: IndexAddress, llm: LanguageModel | None = None) -> FastAPI:
    """Return the doors for other programs without the chat page."""
    app = FastAPI(openapi_url=None)
    only_local_names(app)
    open_doors(app, index, llm)
    return app


def serve(index: IndexAddress, port: int = 7860, llm: LanguageModel | None = None) -> None:
    """Serve other programs from an index folder until interrupted, without the chat page.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    serve_app(lambda: build_service(index, llm), port, HOST)
