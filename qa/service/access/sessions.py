"""Browsers that gave the password: each has a token in a cookie, for a working day."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

HOURS = 12
"""How long a browser need not give the password again; no longer than the server runs."""
_KEPT = 10_000
"""Sessions at a time; of more, the oldest end."""


class Sessions:
    """The tokens that are good, as hashes; used by one thread, or the event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def begin(self) -> str:
        """Return a new token."""
        token = secrets.token_urlsafe(32)
        self._until[_mark(token)] = self._clock() + HOURS * 3600
        if len(self._until) > _KEPT:
            self._until.popitem(last=False)
        return token

    def is_good(self, token: str) -> bool:
        """Tell whether a token was given out and its time is not up."""
        until = self._until.get(_mark(token))
        return until is not None and self._clock() < until

    def end(self, token: str) -> None:
        """Let a token be good no more."""
        self._until.pop(_mark(token), None)


def _mark(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
