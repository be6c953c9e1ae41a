"""Wrong passwords: after a few of them an address must wait, longer each time."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5
"""Wrong passwords without a wait: people mistype."""
LONGEST = 300.0
"""Seconds of the longest wait."""
_FORGOTTEN = 3600.0
"""Seconds after which an address begins anew."""
_KEPT = 10_000
"""Addresses that are remembered; of more, those that tried longest ago are forgotten."""


class Attempts:
    """Counts wrong passwords by address; used by one thread, or the event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Return the whole seconds that an address must wait before it may try again."""
        wrong, last = self._wrong.get(_network(address), (0, 0.0))
        if wrong < FREE:
            return 0
        pause = min(LONGEST, 2.0 ** min(wrong - FREE, 16))
        return max(0, math.ceil(last + pause - self._clock()))

    def failed(self, address: str) -> None:
        """Note a wrong password."""
        key, now = _network(address), self._clock()
        wrong, last = self._wrong.pop(key, (0, now))
        self._wrong[key] = (1 if now - last > _FORGOTTEN else wrong + 1, now)
        if len(self._wrong) > _KEPT:
            self._wrong.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget what an address got wrong."""
        self._wrong.pop(_network(address), None)


def _network(address: str) -> str:
    """Return what one guest has for himself: an IPv4 address, or the first half of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return address
