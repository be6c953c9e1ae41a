"""Workers that read and encode for a rebuild: processes of this machine, or a Ray cluster.

What they make is put together by the one process that writes, in the order of the plain path, so
the index is the same. So many pieces are under way that no worker waits and no more; a piece
whose worker dies goes to another one.
"""

import collections
import contextlib
import functools
import importlib
import importlib.util
import itertools
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from embeddings.encoder import EncoderIdentity
from embeddings.errors import EncoderError, InputError, ServerError
from embeddings.types import Encoder, Progress, Vectors, no_progress

IN_FLIGHT = 2
"""Pieces under way for each worker: one that it works on, one that is there when it is done."""
PIECES = 2
"""Pieces that a block of texts is cut into for each worker."""
_DEATHS = 3
"""Times that a piece may lose its worker before it is to blame."""
_RAY = "ray"

Item = TypeVar("Item")
Made = TypeVar("Made")
LoadEncoder = Callable[[], Encoder]


class Workers(Protocol):
    """Where pieces of work are done."""

    @property
    def count(self) -> int:
        """How many there are."""

    def map(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """Yield what ``work`` makes of each item, in order; both go to another process.

        Raises:
            ServerError: An item lost its worker again and again.
            Exception: Whatever the work raises.
        """


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
                if deaths > _DEATHS:
                    raise _gave_up() from None
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
        for _ in range(_DEATHS):
            pool = self._started()
            try:
                return _Task(item, pool, pool.submit(work, item))
            except BrokenProcessPool:
                self._let_go(pool)
        raise _gave_up()

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


class RayCluster:
    """A Ray cluster, which sees the files at the same paths and has Wenbao installed."""

    def __init__(self, address: str | None) -> None:
        """Prepare; it is connected to when there is work.

        Args:
            address: As for ``ray.init``; None for ``RAY_ADDRESS`` or, without it, a cluster of
                this machine alone.

        Raises:
            InputError: The extra is not installed.
        """
        if not _is_installed(_RAY):
            raise InputError(
                "使用 Ray 需要另外安装：pip install 'wenbao[ray]'。",
                "Ray needs an extra: pip install 'wenbao[ray]'.",
            )
        self._address = address
        self._lock = threading.Lock()
        self._is_ours = False

    @functools.cached_property
    def count(self) -> int:
        """How many tasks the cluster runs at a time."""
        return max(1, int(self._connected().cluster_resources().get("CPU", 1)))

    def map(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """Yield what ``work`` makes of each item, in order."""
        ray = self._connected()
        # A task whose process or machine dies is run again elsewhere.
        task = ray.remote(max_retries=_DEATHS, num_cpus=1)(_applied)
        function = ray.put(work)
        waiting: collections.deque[Any] = collections.deque()
        remaining = iter(items)
        while True:
            for item in itertools.islice(remaining, IN_FLIGHT * self.count - len(waiting)):
                waiting.append(task.remote(function, item))
            if not waiting:
                return
            try:
                made: Made = ray.get(waiting.popleft())
            except ray.exceptions.RayTaskError as error:
                raise error.cause from None
            except ray.exceptions.RayError:
                raise _gave_up() from None
            yield made

    def stop(self) -> None:
        """Disconnect."""
        with self._lock:
            if self._is_ours:
                self._module().shutdown()
            self._is_ours = False

    def _connected(self) -> Any:  # noqa: ANN401 - ray is an extra
        ray = self._module()
        with self._lock:
            if ray.is_initialized():
                return ray
            try:
                ray.init(address=self._address, log_to_driver=False, logging_level="ERROR")
            except Exception as error:  # ray raises in as many ways as it connects
                raise ServerError(
                    f"连接不上 Ray 集群 {self._address or ''}（{type(error).__name__}）。"
                    "请检查地址。",
                    f"The Ray cluster {self._address or ''} cannot be reached "
                    f"({type(error).__name__}). Check its address.",
                ) from error
            self._is_ours = True
        return ray

    @staticmethod
    def _module() -> Any:  # noqa: ANN401 - ray is an extra
        return importlib.import_module(_RAY)


class PooledEncoder:
    """An encoder whose passages workers encode; for one thread."""

    def __init__(self, load: LoadEncoder, identity: EncoderIdentity, workers: Workers) -> None:
        """Begin.

        Args:
            load: Loads the encoder, here or in a worker.
            identity: Its name and fingerprint, wherever it is loaded.
            workers: Where passages are encoded.
        """
        self.name, self.fingerprint = identity
        self._load = load
        self._workers = workers

    @functools.cached_property
    def _encoder(self) -> Encoder:
        return self._load()

    @property
    def dimension(self) -> int:
        """See ``Encoder``."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions here."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Encode passages on the workers, shape (len(texts), dimension)."""
        size = max(1, -(-len(texts) // (PIECES * self._workers.count)))
        pieces = [texts[start : start + size] for start in range(0, len(texts), size)]
        work = functools.partial(_encoded, self._load, self.fingerprint)
        parts: list[Vectors] = []
        for part in self._workers.map(work, pieces):
            parts.append(part)
            progress("encode", min(len(parts) * size, len(texts)), len(texts))
        return np.concatenate(parts)


@contextlib.contextmanager
def hired(wanted: str | int) -> Iterator[Workers | None]:
    """Give the workers that ``--workers`` names, or None for the plain path.

    Args:
        wanted: A number of processes, ``ray``, or ``ray://HOST:PORT``.

    Raises:
        InputError: It is neither, or the extra is not installed.
        ServerError: There is no cluster at the address.
    """
    text = str(wanted)
    if text == "1":
        yield None
        return
    workers: Processes | RayCluster
    if text == _RAY or text.startswith(f"{_RAY}://"):
        workers = RayCluster(None if text == _RAY else text)
    elif text.isdigit() and int(text) > 0:
        workers = Processes(int(text))
    else:
        raise InputError(
            f"--workers 应是正整数、ray 或 ray://HOST:PORT，现为 {text}。",
            f"--workers must be a positive number, ray or ray://HOST:PORT, not {text}.",
        )
    try:
        yield workers
    finally:
        workers.stop()


def _encoded(load: LoadEncoder, fingerprint: str, texts: Sequence[str]) -> Vectors:
    encoder = load()
    if encoder.fingerprint != fingerprint:
        raise EncoderError(
            f"工作进程里的模型 {encoder.name} 与本机的不同。请在各台机器上安装同样的版本。",
            f"Model {encoder.name} differs in a worker. Install the same versions on all machines.",
        )
    return encoder.encode_documents(texts)


def _applied(work: Callable[[Item], Made], item: Item) -> Made:
    return work(item)


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


def _gave_up() -> ServerError:
    return ServerError(
        "一部分工作接连几次失去工作进程（内存不足？），重建停止；原来的索引照常可用，再次重建会从"
        "已编码之处继续。请减少 --workers。",
        "Some work lost its worker several times in a row (out of memory?), so the rebuild stops; "
        "the index that was live still is, and the next rebuild goes on from what was encoded. "
        "Use fewer --workers.",
    )


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # it was imported and is no module
        return False
