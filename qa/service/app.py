"""Puts the doors for other programs into one web application."""

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from embeddings.address import IndexAddress
from qa.llm import LanguageModel
from qa.service.access import Access
from qa.service.front import put_front
from qa.service.listening import serve_app
from qa.service.metrics import MetricsPage
from qa.service.rest import build_rest
from qa.service.tools import build_tools


def open_doors(
    app: Starlette, index: IndexAddress, llm: LanguageModel | None = None, guarded: bool = False
) -> None:
    """Let an application answer other programs too: ``/api``, ``/mcp`` and ``/metrics``.

    Call it before anything is mounted at ``/``.

    Args:
        app: The application.
        index: The index folder.
        llm: A language model that writes answers.
        guarded: Whether requests need the password, so that programs are told.
    """
    open_rest(app, index, llm, guarded)
    _open_mcp(app, index, llm)
    app.router.routes.append(Route("/metrics", MetricsPage(index).show))


def open_rest(
    app: Starlette, index: IndexAddress, llm: LanguageModel | None = None, guarded: bool = False
) -> None:
    """Let an application answer under ``/api``."""
    _mount(app, "/api", build_rest(index, llm, guarded))


def _open_mcp(app: Starlette, index: IndexAddress, llm: LanguageModel | None) -> None:
    """Let an application speak MCP at ``/mcp`` as long as it runs."""
    tools = build_tools(index, llm)
    # Every call is whole in itself: a session would only be lost when the server starts again,
    # and a stream of events would only keep it from ending.
    door = tools.streamable_http_app(
        streamable_http_path="/mcp",
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    for route in door.routes:
        if isinstance(route, Route):
            route.methods = {"POST"}
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


def build_service(
    index: IndexAddress, llm: LanguageModel | None = None, access: Access | None = None
) -> ASGIApp:
    """Return the doors for other programs without the chat page.

    Args:
        index: The index folder.
        llm: A language model that writes answers.
        access: Who may ask; default this machine alone.
    """
    access = access or Access()
    app = FastAPI(openapi_url=None)
    open_doors(app, index, llm, access.password is not None)
    return put_front(app, index, access, llm)


def serve(
    index: IndexAddress,
    port: int = 7860,
    llm: LanguageModel | None = None,
    access: Access | None = None,
) -> None:
    """Serve other programs from an index folder until interrupted, without the chat page.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    access = access or Access()
    serve_app(lambda: build_service(index, llm, access), port, access.host)
