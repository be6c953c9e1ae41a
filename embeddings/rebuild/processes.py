"""Workers that are processes of this machine."""

import collections
import itertools
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic

from embeddings.rebuild.work import DEATHS, IN_FLIGHT, Item, Made, gave_up


class Processes:
    """Processes of this machine, each on its share of the cores; several threads may use them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def map(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """Yield what ``work`` makes of each item, in order."""
        waiting: collections.deque[_Task[Item, Made]] = collections.deque()
        remaining = iter(items)
        deaths = 0
        while True:
            for item in itertools.islice(remaining, IN_FLIGHT * self.count - len(waiting)):
                waiting.append(self._submit(work, item))
            if not waiting:
                return
            try:
                made = waiting[0].future.result()
            except BrokenProcessPool:
                # With one process the others are lost too, and all that they were at.
                deaths += 1
                if deaths > DEATHS:
                    raise gave_up() from None
                self._let_go(waiting[0].pool)
                waiting = collections.deque(self._submit(work, task.item) for task in waiting)
                continue
            deaths = 0
            waiting.popleft()
            yield made

    def stop(self) -> None:
        """Let the processes go."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _submit(self, work: Callable[[Item], Made], item: Item) -> "_Task[Item, Made]":
        for _ in range(DEATHS):
            pool = self._started()
            try:
                return _Task(item, pool, pool.submit(work, item))
            except BrokenProcessPool:
                self._let_go(pool)
        raise gave_up()

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                # Forking a process that has threads may leave a lock held for ever.
                context = multiprocessing.get_context("spawn")
                shares = (context.Value("i", 0), self.count)
                self._pool = ProcessPoolExecutor(self.count, context, _begin, shares)
            return self._pool

    def _let_go(self, broken: ProcessPoolExecutor) -> None:
        """Start anew next time, unless another thread has done so already."""
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False)


@dataclass(frozen=True, slots=True)
class _Task(Generic[Item, Made]):
    item: Item
    pool: ProcessPoolExecutor
    future: Future[Made]


def _begin(started: Any, workers: int) -> None:  # noqa: ANN401 - a synchronized number
    """Prepare a process for its work."""
    threading.Thread(target=_end_with_parent, name="wenbao-parent", daemon=True).start()
    _take_cores(started, workers)


def _end_with_parent() -> None:
    """End when the rebuild was killed: nobody else would tell this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _take_cores(started: Any, workers: int) -> None:  # noqa: ANN401 - a synchronized number
    """Let this process use its share of the cores: encoders take all that they are given."""
    if not hasattr(os, "sched_setaffinity"):
        return
    with started.get_lock():
        number = started.value
        started.value += 1
    cores = sorted(os.sched_getaffinity(0))
    mine = cores[number % workers :: workers]
    os.sched_setaffinity(0, mine or [cores[number % len(cores)]])
