"""Serves the page on one port, to this machine only unless told otherwise."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from embeddings.address import IndexAddress
from qa.chat.page import WEB, build_page, head
from qa.chat.routes import add_routes
from qa.chat.shield import Shield
from qa.chat.theme import theme
from qa.chat.warm import Warmth
from qa.llm import LanguageModel
from qa.service.access import Access
from qa.service.app import open_doors
from qa.service.front import put_front
from qa.service.listening import serve_app

_WEB_FILES = Path(__file__).with_name("web")


class _WebFiles(StaticFiles):
    """The page's own files, which a browser keeps but asks about each time.

    Left to guess how long each is good, it would mix modules of two versions after an upgrade.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def serve(
    index: IndexAddress,
    port: int = 7860,
    llm: LanguageModel | None = None,
    access: Access | None = None,
) -> None:
    """Serve the chat page over an index folder until interrupted.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    access = access or Access()
    serve_app(lambda: build_app(index, llm, access), port, access.host)


def build_app(
    index: IndexAddress, llm: LanguageModel | None = None, access: Access | None = None
) -> ASGIApp:
    """Return the page as a web application that loads nothing from elsewhere, with other doors.

    Args:
        index: The index folder.
        llm: A language model that writes answers.
        access: Who may ask; default this machine alone.
    """
    access = access or Access()
    guarded = access.password is not None
    app = FastAPI(openapi_url=None)
    app.add_middleware(Shield, head=head(guarded))
    warmth = Warmth(index)
    warmth.start()
    app.mount(f"/{WEB}", _WebFiles(directory=_WEB_FILES))
    add_routes(app, index, warmth, llm)
    open_doors(app, index, llm, guarded)
    gr.mount_gradio_app(
        app,
        build_page(),
        path="/",
        theme=theme(),
        favicon_path=str(_WEB_FILES / "favicon.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
    )
    return put_front(app, index, access, llm)
