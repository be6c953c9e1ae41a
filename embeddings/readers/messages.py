"""What the sandbox's two processes say to each other, in JSON.

The child has read hostile bytes. Whatever these made of it, what it says is data: unpickling, as
pipes between processes do by themselves, would let it run code in the process outside.
"""

import datetime
import json
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from embeddings.readers.draft import Draft, LineAccount, Origin, Reading
from embeddings.types import Skipped

_MOST = 1 << 30
"""Bytes of the longest message."""

Message = Reading | str | tuple[str, int, int]
"""A reading, why there is none, or progress in a stage."""


class GarbledError(Exception):
    """A message that is none."""


def send(pipe: Connection, message: Message) -> None:
    """Send a message."""
    told = {type(message).__name__: asdict(message) if isinstance(message, Reading) else message}
    pipe.send_bytes(json.dumps(told, default=_written).encode())


def receive(pipe: Connection) -> Message:
    """Wait for a message.

    Raises:
        EOFError: The other process ended.
        OSError: The pipe is broken.
        GarbledError: What came is no message.
    """
    try:
        ((kind, told),) = json.loads(pipe.recv_bytes(_MOST)).items()
        if kind == "str":
            return str(told)
        if kind == "tuple":
            stage, done, total = told
            return str(stage), int(done), int(total)
        return _reading(told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise GarbledError from error


def _reading(told: dict[str, Any]) -> Reading:
    return Reading(
        tuple(_draft(**fields) for fields in told["drafts"]),
        tuple(Skipped(**fields) for fields in told["skipped"]),
        tuple(LineAccount(**fields) for fields in told["accounts"]),
    )


def _draft(**fields: Any) -> Draft:  # noqa: ANN401 - Draft's
    lines, date = fields.pop("lines"), fields.pop("date")
    return Draft(
        authors=tuple(fields.pop("authors")),
        date=datetime.date.fromisoformat(date) if date else None,
        lines=(int(lines[0]), int(lines[1])) if lines else None,
        origins=tuple(Origin(**origin) for origin in fields.pop("origins")),
        **fields,
    )


def _written(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is in no message")
