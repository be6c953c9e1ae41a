"""A server that speaks OpenAI's protocol and says, or does, what a test tells it to."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Script:
    """What the server does next, and what it was asked.

    Attributes:
        pieces: What it says, piece by piece.
        pause: Seconds before each piece.
        status: Of the response.
        body: Sent in place of a stream, if there is one.
        ends: Whether it says that it is done.
        cuts: Whether it closes the connection in the middle of a chunk.
        asked: The bodies of all requests.
        keys: Their ``Authorization``.
    """

    def __init__(self) -> None:
        self.pieces: Sequence[str] = ()
        self.pause = 0.0
        self.status = 200
        self.body: bytes | None = None
        self.ends = True
        self.cuts = False
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []


@contextmanager
def scripted_server() -> Iterator[tuple[str, Script]]:
    """Give the endpoint of a running server and its script."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the library's name
            length = int(self.headers["content-length"])
            script.asked.append(json.loads(self.rfile.read(length)))
            script.keys.append(self.headers.get("authorization", ""))
            self.send_response(script.status)
            streams = script.body is None
            self.send_header("content-type", "text/event-stream" if streams else "application/json")
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self._say(script.body)

        def _say(self, body: bytes | None) -> None:
            if body is not None:
                self.wfile.write(body)
                return
            for piece in script.pieces:
                time.sleep(script.pause)
                self._event({"content": piece}, None)
            if script.cuts:
                self.wfile.write(b'data: {"id": "x", "choices": [{"del')
            elif script.ends:
                self._event({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, delta: dict[str, str], reason: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            chunk = {
                "id": "x",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", script
    finally:
        server.shutdown()
        server.server_close()
