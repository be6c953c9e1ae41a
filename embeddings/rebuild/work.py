"""What workers of a rebuild are to those who have work for them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from embeddings.errors import ServerError

IN_FLIGHT = 2
"""Pieces under way for each worker: one that it works on, one that is there when it is done."""
DEATHS = 3
"""Times that a piece may lose its worker before it is to blame."""

Item = TypeVar("Item")
Made = TypeVar("Made")


class Workers(Protocol):
    """Where pieces of work are done. Several threads may use them at once."""

    @property
    def count(self) -> int:
        """How many there are."""

    def map(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """Yield what ``work`` makes of each item, in order; both go to another process.

        So many pieces are under way that no worker waits, and no more are drawn; a piece whose
        worker dies goes to another one.

        Raises:
            ServerError: An item lost its worker again and again.
            Exception: Whatever the work raises.
        """

    def stop(self) -> None:
        """Let them go."""


def gave_up() -> ServerError:
    """Return the error for work that no worker survives."""
    return ServerError(
        "一部分工作接连几次失去工作进程（内存不足？），重建停止；原来的索引照常可用，再次重建会从"
        "已编码之处继续。请减少 --workers。",
        "Some work lost its worker several times in a row (out of memory?), so the rebuild stops; "
        "the index that was live still is, and the next rebuild goes on from what was encoded. "
        "Use fewer --workers.",
    )
