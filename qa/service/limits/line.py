"""A few places, and a short line before them in which guests take turns."""

import asyncio
from collections import OrderedDict, deque


class Full(Exception):
    """There is no place, and the line is full or moves too slowly."""


class Line:
    """Places that requests take one at a time; used by one event loop.

    Whoever has many requests waiting gets a place no sooner than one who has a single one, and
    when the line is full it is the guest with the most who loses the last of them.

    Attributes:
        places: How many there are.
        waiting: How many requests wait.
    """

    def __init__(self, places: int, most_waiting: int, patience: float) -> None:
        """Open a line.

        Args:
            places: How many requests may have a place at a time.
            most_waiting: How many may wait.
            patience: Seconds that each waits at most.
        """
        self.places = places
        self.waiting = 0
        self._most_waiting = most_waiting
        self._patience = patience
        self._free = places
        self._lines: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self.places - self._free

    async def enter(self, guest: str) -> None:
        """Take a place; whoever has one must ``leave`` it.

        Raises:
            Full: There is none to be had.
        """
        if self._free and not self.waiting:
            self._free -= 1
            return
        if self.waiting >= self._most_waiting:
            self._make_room(guest)
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(guest, deque()).append(turn)
        self.waiting += 1
        try:
            await asyncio.wait([turn], timeout=self._patience)
        except BaseException:
            if turn.done() and turn.result():
                self.leave()
            raise
        finally:
            if not turn.done():
                self._give_up(guest, turn)
        if not (turn.done() and turn.result()):
            raise Full

    def leave(self) -> None:
        """Give a place back: to the guest whose turn it is, if anybody waits."""
        if not self._lines:
            self._free += 1
            return
        guest, turns = self._lines.popitem(last=False)
        turns.popleft().set_result(True)
        self.waiting -= 1
        if turns:
            self._lines[guest] = turns  # at the end: the others come first now

    def _make_room(self, guest: str) -> None:
        """Send away the last request of the guest who has the most.

        Raises:
            Full: That would be the newcomer.
        """
        longest = max(self._lines, key=lambda other: len(self._lines[other]), default=guest)
        if len(self._lines.get(longest, ())) <= len(self._lines.get(guest, ())) + 1:
            raise Full
        turn = self._lines[longest][-1]
        self._give_up(longest, turn)
        turn.set_result(False)

    def _give_up(self, guest: str, turn: "asyncio.Future[bool]") -> None:
        turns = self._lines[guest]
        turns.remove(turn)
        self.waiting -= 1
        if not turns:
            del self._lines[guest]
