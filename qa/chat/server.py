"""Serves the page on one port, to this machine only unless told otherwise."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from embeddings.address import IndexAddress
from qa.chat.page import WEB, build_page, head
from qa.chat.routes import add_routes
from qa.chat.shield import Shield
from qa.chat.theme import theme
from qa.chat.warm import Warmth
from qa.llm import LanguageModel
from qa.service.app import only_local_names, open_doors
from qa.service.listening import HOST, serve_app

_WEB_FILES = Path(__file__).with_name("web")


def serve(
    index: IndexAddress, port: int = 7860, host: str = HOST, llm: LanguageModel | None = None
) -> None:
    """Serve the chat page over an index folder until interrupted.

    Raises:
        PortError: The port is taken, or not ours to take.
    """

    def build() -> FastAPI:
        app = build_app(index, llm)
        if host == HOST:
            only_local_names(app)
        return app

    serve_app(build, port, host)


def build_app(index: IndexAddress, llm: LanguageModel | None = None) -> FastAPI:
    """Return the page as a web application that loads nothing from elsewhere, with other doors."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(Shield, head=head())
    warmth = Warmth(index)
    warmth.start()
    app.mount(f"/{WEB}", StaticFiles(directory=_WEB_FILES))
    add_routes(app, index, warmth, llm)
    open_doors(app, index, llm)
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
    return app
