"""Reads the bodies of requests with a bound."""

from starlette.types import Message, Receive


class TooLarge(Exception):
    """There is more than may be."""


class Gone(Exception):
    """Who asked has left before saying all."""


async def read_body(receive: Receive, most: int) -> bytes:
    """Return a request's body.

    Raises:
        TooLarge: It has more than ``most`` bytes.
        Gone: The connection ended before.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        body += message.get("body", b"")
        if len(body) > most:
            raise TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then goes on as ``receive`` does."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
