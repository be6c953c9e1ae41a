"""Serves a web application on one port, to this machine only unless told otherwise."""

import contextlib
import logging
import os
import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from embeddings.errors import WenbaoError

HOST = "127.0.0.1"
PORT_TAKEN = (
    "端口 {port} 用不了（{reason}）。请用 --port 另选一个，例如 --port {other}。",
    "Port {port} cannot be used ({reason}). Choose another with --port, such as --port {other}.",
)
SERVING = "问报 Wenbao  {url}  （Ctrl+C 停止 · to stop）\n"
_SECONDS_TO_SAY_GOODBYE = 1


class PortError(WenbaoError):
    """The port cannot be used."""


def serve_app(build: Callable[[], ASGIApp], port: int, host: str = HOST) -> None:
    """Serve an application until interrupted.

    Args:
        build: Makes the application; called once the port is known to be free.
        port: Where to listen.
        host: On which address.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            build(),
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
    """Cuts the streams that are still open when it ends, which is no error."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End without complaints about what is cut."""
        logging.getLogger("uvicorn.error").disabled = True
        await super().shutdown(sockets)


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
