"""Files on their way into an index, or out of it, and what becomes of them in the background."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from embeddings.errors import WenbaoError
from embeddings.rebuild import Rebuilt
from embeddings.types import Skipped
from qa.catalogue import Entry

MAX_SHOWN = 200
"""Articles of a batch that are shown before it goes in."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found in what a reader wants to add.

    Attributes:
        known: Whether the index has it already.
    """

    entry: Entry
    known: bool


@dataclass(slots=True)
class Batch:
    """Files on their way into the index, or out of it.

    Attributes:
        state: ``reading`` and ``indexing`` are under way; after ``read`` a reader decides.
        stage: What is under way: a stage of ``rebuild``.
        stage_began: When that stage began, in seconds of the monotonic clock.
        articles: How many were found; ``found`` holds the first ``MAX_SHOWN``.
        rebuilt: What the rebuild did, once ``done``.
        error: Why it ``failed``.
    """

    key: str
    state: Literal["reading", "read", "indexing", "done", "failed"]
    stage: str = "read"
    done: int = 0
    total: int = 0
    stage_began: float = field(default_factory=time.monotonic)
    articles: int = 0
    found: tuple[Found, ...] = ()
    refused: tuple[Skipped, ...] = ()
    rebuilt: Rebuilt | None = None
    error: WenbaoError | None = None

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note how far it is."""
        if stage != self.stage:
            self.stage, self.stage_began = stage, time.monotonic()
        self.done, self.total = done, total

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the stage's remaining time in seconds, or None while it can't be told."""
        if not 0 < self.done <= self.total:
            return None
        return (time.monotonic() - self.stage_began) / self.done * (self.total - self.done)


def in_background(batch: Batch, work: Callable[[], None]) -> None:
    """Do the work of a batch in a thread; an error becomes what the batch ``failed`` of."""

    def run() -> None:
        try:
            work()
        except WenbaoError as error:
            batch.error, batch.state = error, "failed"
        except Exception as error:
            unexpected = f"{type(error).__name__}: {error}"
            batch.error = WenbaoError(
                f"程序出了意外的错误（{unexpected}），索引未改动。",
                f"Something went wrong in the program ({unexpected}); the index is unchanged.",
            )
            batch.state = "failed"
            raise

    threading.Thread(target=run, name="wenbao-upload", daemon=True).start()
