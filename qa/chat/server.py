"""Serves the page on one port, to this machine only unless told otherwise."""

import contextlib
import logging
import os
import socket
import sys
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from embeddings.errors import WenbaoError
from qa.chat.page import WEB, build_page, head
from qa.chat.routes import add_routes
from qa.chat.shield import Shield
from qa.chat.theme import theme
from qa.chat.warm import Warmth
from qa.chat.wording import PORT_TAKEN, SERVING

_WEB_FILES = Path(__file__).with_name("web")
_SECONDS_TO_SAY_GOODBYE = 1


class PortError(WenbaoError):
    """The port cannot be used."""


def serve(index: Path, port: int = 7860, host: str = "127.0.0.1") -> None:
    """Serve the chat page over an index folder until interrupted.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    with _listening(host, port) as listener:
        app = build_app(index)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_SECONDS_TO_SAY_GOODBYE,
        )
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(SERVING.format(url=f"http://{shown}:{listener.getsockname()[1]}"))
        sys.stderr.flush()
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Cuts the streams of pages that are still open when it ends, which is no error."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End without complaints about what is cut."""
        logging.getLogger("uvicorn.error").disabled = True
        await super().shutdown(sockets)


def build_app(index: Path) -> FastAPI:
    """Return the page as a web application that loads nothing from elsewhere."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(Shield, head=head())
    warmth = Warmth(index)
    warmth.start()
    app.mount(f"/{WEB}", StaticFiles(directory=_WEB_FILES))
    add_routes(app, index, warmth)
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


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere the option would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        other = port + 1 if 1024 <= port < 65535 else 8000
        raise PortError(
            *(text.format(port=port, reason=reason, other=other) for text in PORT_TAKEN)
        ) from error
    return listener
