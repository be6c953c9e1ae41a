"""How fast one guest may ask: a token bucket for each address."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_KEPT = 10_000
"""Addresses that are remembered; of more, those that asked longest ago are forgotten."""


class Pace:
    """Buckets of tokens that fill again; used by one thread, or the event loop."""

    def __init__(
        self, a_second: float, at_once: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Set a pace.

        Args:
            a_second: Requests a second that an address may make in the long run.
            at_once: Requests that it may make at a time after a pause.
            clock: Seconds.
        """
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, guest: str) -> int:
        """Count a request; return 0, or the whole seconds after which to come back."""
        now = self._clock()
        tokens, last = self._buckets.pop(guest, (float(self._at_once), now))
        tokens = min(float(self._at_once), tokens + (now - last) * self._a_second)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / self._a_second)
        self._buckets[guest] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return wait
