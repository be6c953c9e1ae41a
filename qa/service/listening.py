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
from qa.service import logs
from qa.service.access.settings import LOOPBACK

PORT_TAKEN = (
    "端口 {port} 用不了（{reason}）。请用 --port 另选一个，例如 --port {other}。",
    "Port {port} cannot be used ({reason}). Choose another with --port, such as --port {other}.",
)
SERVING = "问报 Wenbao  {url}  （Ctrl+C 停止 · to stop）\n"
STOPPING = "等 {count} 个回答说完再停；再按 Ctrl+C 立即停止。 · Stopping after {count} answers; "
STOPPING += "Ctrl+C again to stop at once.\n"
GRACE = 70
"""Seconds that answers under way are given to finish when the server is told to stop: those of
``limits`` and a language model's, and some."""
KEPT_ALIVE = 75
"""Seconds that an idle connection is kept: longer than those who ask keep it (nginx: 60), or they
send a question into a connection that is just being closed."""
MOST_CONNECTIONS = 800
"""Connections at a time: most systems let a process have 1,024 files and connections."""


class PortError(WenbaoError):
    """The port cannot be used."""


def serve_app(build: Callable[[], ASGIApp], port: int, host: str = LOOPBACK) -> None:
    """Serve an application until interrupted.

    Args:
        build: Makes the application; called once the port is known to be free.
        port: Where to listen.
        host: On which address.

    Raises:
        PortError: The port is taken, or not ours to take.
    """
    with _listening(host, port) as listener:
        if as_json := logs.is_json():
            logs.log_json()
        config = uvicorn.Config(
            build(),
            log_config=None if as_json else uvicorn.config.LOGGING_CONFIG,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=KEPT_ALIVE,
            timeout_graceful_shutdown=GRACE,
        )
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"
        if as_json:
            logs.tell("serving", url=url)
        else:
            _say(SERVING.format(url=url))
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config).run(sockets=[listener])


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


class _Server(uvicorn.Server):
    """Lets answers finish when it ends; cuts what has not after ``GRACE``, which is no error."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End when all answers under way are given, or at a second interrupt."""
        logging.getLogger("uvicorn.error").disabled = True
        count = len(self.server_state.tasks)
        if logs.is_json():
            logs.tell("stopping", answers=count)
        elif count:
            _say(STOPPING.format(count=count))
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
