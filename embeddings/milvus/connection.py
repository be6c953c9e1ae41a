"""The connection to a Milvus server, or to Milvus Lite in this process.

pymilvus tries calls again that fail on the way or meet a rate limit, backing off, until their
timeout. What still fails becomes an error that names the remedy; the token is in none of them.
"""

import functools
import logging
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from embeddings.address import MilvusAddress
from embeddings.errors import InputError, LockError, ServerError
from embeddings.settings import Settings

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CONNECT_SECONDS = 10.0
READ_SECONDS = 15.0
WRITE_SECONDS = 120.0
"""How long a call may take, with all that is tried again: somebody may wait for what is read."""
LIMIT = 16_384
"""Rows that a server returns at most for one query or search."""

_REFUSED = re.compile(r"\bauth\b|unauthenticated|permission.?den|privilege|password|api key", re.I)
_DIMENSION = re.compile(r"\bdim(ension)?\b", re.I)
_UNREACHABLE = re.compile(
    r"fail(ed)? connecting|unavailable|deadline|connection (refused|reset)|retry timeout: [\d.]+s$",
    re.I,
)
_connecting = threading.Lock()

Result = TypeVar("Result")


class Connection:
    """One connection; any number of threads may use it at once."""

    def __init__(
        self,
        address: MilvusAddress,
        client: "MilvusClient",
        token: str,
        errors: tuple[type[Exception], ...],
    ) -> None:
        """Take an open connection.

        Args:
            address: Where it leads.
            client: The client.
            token: What no message may repeat.
            errors: What the client raises.
        """
        self.address = address
        self._client = client
        self._token = token
        self._errors = errors

    def run(self, call: Callable[["MilvusClient"], Result]) -> Result:
        """Return what a call of the client returns.

        Raises:
            ServerError: It failed; the message names the remedy.
        """
        try:
            return call(self._client)
        except self._errors as error:
            raise told(error, self.address, self._token) from None

    def query(
        self, collection: str, expression: str, fields: list[str], limit: int = LIMIT
    ) -> list[dict[str, Any]]:
        """Return up to ``limit`` rows that meet an expression, in any order."""
        rows: list[dict[str, Any]] = self.run(
            lambda client: client.query(
                collection,
                filter=expression,
                output_fields=fields,
                limit=limit,
                timeout=READ_SECONDS,
            )
        )
        return rows

    def rows(
        self, collection: str, expression: str, fields: list[str], batch: int = 1000
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows that meet an expression by their primary key, ascending."""
        found = self.run(
            lambda client: client.query_iterator(
                collection,
                batch_size=batch,
                filter=expression,
                output_fields=fields,
                timeout=READ_SECONDS,
            )
        )
        try:
            while rows := self.run(lambda _: found.next()):
                yield from rows
        finally:
            found.close()

    def load(self, collection: str) -> None:
        """Make a collection searchable, if it is not."""
        self.run(lambda client: client.load_collection(collection, timeout=WRITE_SECONDS))

    def flush(self, collection: str) -> None:
        """Wait until all that was written to a collection is stored."""
        self.run(lambda client: client.flush(collection))

    def upsert(self, collection: str, rows: list[dict[str, Any]]) -> None:
        """Write rows; again with the same keys is the same."""
        self.run(lambda client: client.upsert(collection, rows, timeout=WRITE_SECONDS))

    def count(self, collection: str, expression: str = "") -> int:
        """Return how many rows meet an expression, all that were written before counted."""
        (row,) = self.run(
            lambda client: client.query(
                collection,
                filter=expression,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=READ_SECONDS,
            )
        )
        return int(row["count(*)"])

    def alias_target(self) -> str | None:
        """Return the collection that the address's alias names, or None."""
        from pymilvus import MilvusException

        def describe(client: "MilvusClient") -> str | None:
            try:
                described = client.describe_alias(self.address.name, timeout=READ_SECONDS)
            except MilvusException as error:
                if re.search(r"alias.*not (found|exist)|not found.*alias", str(error), re.I | re.S):
                    return None
                raise
            return str(described["collection_name"]) or None

        return self.run(describe)


def connect(address: MilvusAddress) -> Connection:
    """Connect, or return the connection that there is.

    Raises:
        InputError: The extra is not installed.
        ServerError: The server cannot be reached or refuses.
        LockError: Another process has opened the file of Milvus Lite.
    """
    with _connecting:
        return _connect(address, Settings().milvus_token.get_secret_value())


@functools.lru_cache(maxsize=4)
def _connect(address: MilvusAddress, token: str) -> Connection:
    try:
        import grpc
        import pymilvus

        if address.is_lite:
            import milvus_lite  # noqa: F401 - pymilvus starts it by the file's name
    except ImportError as error:
        raise InputError(
            "使用 Milvus 需要另外安装：pip install 'wenbao[milvus]'。",
            f"Milvus needs an extra: pip install 'wenbao[milvus]' (missing: {error.name}).",
        ) from error
    # They would log errors, with what was sent, that are told here.
    for name in ("pymilvus", "milvus_lite", "grpc"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if address.is_lite:
        _make_folder(Path(address.uri).parent)
    try:
        client = pymilvus.MilvusClient(uri=address.uri, token=token, timeout=CONNECT_SECONDS)
    except Exception as error:  # pymilvus lets pass what grpc raises
        if address.is_lite:
            raise _locked(address) from error
        raise told(error, address, token) from None
    # pymilvus lets pass what grpc raises.
    return Connection(address, client, token, (pymilvus.MilvusException, grpc.RpcError))


def told(error: Exception, address: MilvusAddress, token: str) -> ServerError:
    """Return an error of the client as one that names the remedy."""
    code, details = _called(error, "code"), _called(error, "details")
    message = str(getattr(error, "message", None) or details or error)
    said = f"{code} {message}"
    if token:
        for secret in (token, *token.split(":", 1)[1:]):
            message = message.replace(secret, "***") if secret else message
    message = " ".join(message.split())[:300]
    if _REFUSED.search(said):
        return ServerError(
            f"Milvus 服务器 {address} 拒绝了登录。请检查 WENBAO_MILVUS_TOKEN（用户名:密码）"
            "及其权限。",
            f"The Milvus server {address} refuses the credentials. Check WENBAO_MILVUS_TOKEN "
            "(user:password) and its privileges.",
        )
    if _UNREACHABLE.search(said):
        return ServerError(
            f"连接不上 Milvus 服务器 {address}。请检查地址和端口，并确认服务器在运行。",
            f"The Milvus server {address} cannot be reached. Check host and port, and that the "
            "server is running.",
        )
    if _DIMENSION.search(message):
        return wrong_dimension(address, message)
    return ServerError(
        f"Milvus 服务器 {address} 报错：{message}。请查看服务器的日志。",
        f"The Milvus server {address} says: {message}. See its log.",
    )


def _called(error: Exception, name: str) -> object:
    """Return what an error tells: grpc's by a method, pymilvus' by an attribute."""
    told = getattr(error, name, None)
    return told() if callable(told) else told


def wrong_dimension(address: MilvusAddress, why: str) -> ServerError:
    """Return the error for vectors of another length than the index has."""
    return ServerError(
        f"{address} 里向量的维数与模型不符（{why}）。"
        "请用 wenbao rebuild PATH（PATH 是文章所在的路径）重建这个索引。",
        f"Vectors in {address} have another dimension than the model's ({why}). Rebuild the index "
        "with wenbao rebuild PATH (the path of your articles).",
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"无法写入索引文件夹 {folder}（{error.strerror}）。请检查权限，或用 --index 指定别处。",
            f"Cannot write to the index folder {folder} ({error.strerror}). Check permissions, or "
            "name another place with --index.",
        ) from error


def _locked(address: MilvusAddress) -> LockError:
    return LockError(
        f"打不开 {address}：另一个进程正在使用它（Milvus Lite 一次只能由一个进程打开），"
        "或文件已损坏。请关掉那个进程；要多个进程共用，请用 Milvus 服务器。",
        f"Cannot open {address}: another process is using it (Milvus Lite serves one process at a "
        "time), or it is damaged. Stop that process; to share an index, use a Milvus server.",
    )
