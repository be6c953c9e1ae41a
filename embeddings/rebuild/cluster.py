"""Workers that are tasks on a Ray cluster; the extra ``wenbao[ray]``."""

import collections
import functools
import importlib
import importlib.util
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from embeddings.errors import InputError, ServerError
from embeddings.rebuild.work import DEATHS, IN_FLIGHT, Item, Made, gave_up

_RAY = "ray"


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
        task = ray.remote(max_retries=DEATHS, num_cpus=1)(_applied)
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
                raise gave_up() from None
            yield made

    def stop(self) -> None:
        """Disconnect."""
        with self._lock:
            if self._is_ours:
                self._module().shutdown()
            self._is_ours = False

    def _connected(self) -> Any:  # noqa: ANN401 - ray is an extra
        # Nothing is reported to anybody unless somebody wants it so.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        ray = self._module()
        with self._lock:
            if ray.is_initialized():
                return ray
            try:
                ray.init(address=self._address, log_to_driver=False, logging_level="ERROR")
            except Exception as error:  # ray raises in as many ways as it connects
                raise ServerError(
                    f"连接不上 Ray 集群 {self._address or _RAY}（{type(error).__name__}）。"
                    "请检查地址，并确认集群在运行、Ray 和 Python 版本相同。",
                    f"The Ray cluster {self._address or _RAY} cannot be reached "
                    f"({type(error).__name__}). Check its address, that it is running, and that "
                    "Ray and Python are of the same versions there.",
                ) from error
            self._is_ours = True
        return ray

    @staticmethod
    def _module() -> Any:  # noqa: ANN401 - ray is an extra
        return importlib.import_module(_RAY)


def _applied(work: Callable[[Item], Made], item: Item) -> Made:
    return work(item)


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # it was imported and is no module
        return False
