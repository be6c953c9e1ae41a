"""A snapshot on this machine becomes the live one in Milvus.

New collections are filled and checked before the alias is switched to them, which is one step;
then older ones are dropped, but for the one that was live, whose readers may go on. What is
interrupted leaves collections that nobody reads, and the next one drops them.
"""

import dataclasses
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np

from embeddings.address import MilvusAddress
from embeddings.errors import ServerError, SnapshotError
from embeddings.index import LocalIndex
from embeddings.manifest import Manifest
from embeddings.milvus.connection import Connection, connect
from embeddings.milvus.index import MilvusIndex, load_milvus
from embeddings.milvus.published import published
from embeddings.milvus.rows import Row, article_rows, chunk_rows
from embeddings.milvus.schema import (
    Collections,
    create_collections,
    create_indexes,
    create_manifest,
)
from embeddings.opening import open_live
from embeddings.rebuild.encoded import EncodedStore
from embeddings.rebuild.result import Rebuilt
from embeddings.snapshot import writing
from embeddings.types import Progress

_BATCH_BYTES = 8 << 20
"""About what is sent together: a server takes 64 MB in one call."""
_COPIED = 4096
"""Vectors kept together for a rebuild."""


def rebuild_through(
    address: MilvusAddress, build: Callable[[], Rebuilt], progress: Progress
) -> Rebuilt:
    """Build the working copy of an index on this machine, and make it live in Milvus.

    Args:
        address: Where it is to be.
        build: Builds the snapshot in ``address.folder``.
        progress: Told about the stage ``send``.

    Raises:
        ServerError: The server cannot be reached or refuses; what was live stays live.
        LockError: Another process sends the working copy just now.
        Exception: Whatever ``build`` raises.
    """
    began = time.perf_counter()
    connection = connect(address)  # before hours are spent on encoding
    live = _live_index(address)
    if live is not None and working_copy(address) is None:
        with writing(address.folder):
            _keep_vectors(live)
    built = build()
    with writing(address.folder):
        local = open_live(address.folder)
        if live is None or not _same(live.manifest, local.manifest):
            name = publish(local, connection, progress)
        else:
            name = live.name
    seconds = round(time.perf_counter() - began, 3)
    return dataclasses.replace(built, snapshot=name, seconds=seconds)


def working_copy(address: MilvusAddress) -> LocalIndex | None:
    """Return what the index was last built from on this machine, or None."""
    try:
        return open_live(address.folder)
    except SnapshotError:
        return None


def publish(local: LocalIndex, connection: Connection, progress: Progress) -> str:
    """Copy a snapshot to Milvus and make it live in one step.

    Returns:
        Its name there.

    Raises:
        ServerError: The server fails; what was live stays live.
    """
    address, manifest = connection.address, local.manifest
    before = connection.alias_target()
    connection.run(lambda client: _refuse_other_collection(client, address))
    names = Collections(_new_name(address.name))
    connection.run(lambda client: create_collections(client, names, manifest.dimension))
    total = manifest.chunks + manifest.articles
    sent = 0
    for collection, rows in (
        (names.articles, article_rows(local)),
        (names.chunks, chunk_rows(local)),
    ):
        for batch in _batches(rows):
            # A batch that was sent twice, because an answer was lost, counts once.
            connection.upsert(collection, batch)
            sent += len(batch)
            progress("send", sent, total)
        connection.flush(collection)
    connection.run(lambda client: create_indexes(client, names, manifest.chunks))
    _check_counts(connection, names, manifest)
    told = published(local).model_dump_json()
    connection.run(lambda client: create_manifest(client, names, told))
    connection.run(lambda client: _switch(client, address.name, names.chunks, before is None))
    connection.run(lambda client: _drop_old(client, address.name, {names.chunks, before}))
    return names.chunks


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in batches of some megabytes; an article's terms may be many."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(map(_bytes, row.values()))
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bytes(value: object) -> int:
    """Return about how many bytes a field takes."""
    match value:
        case str():
            return 3 * len(value)
        case np.ndarray():
            return value.nbytes
        case dict():
            return 8 * len(value)
        case list():
            return sum(map(_bytes, value))
        case _:
            return 8


def _check_counts(connection: Connection, names: Collections, manifest: Manifest) -> None:
    for collection, expected in (
        (names.chunks, manifest.chunks),
        (names.articles, manifest.articles),
    ):
        found = connection.count(collection)
        if found != expected:
            raise ServerError(
                f"{connection.address} 里应有 {expected} 行，却有 {found} 行；原来的索引未改动，"
                "请再运行一次 wenbao rebuild。",
                f"{connection.address} has {found} rows where there should be {expected}; the "
                "index that was live still is. Run wenbao rebuild again.",
            )


def _new_name(alias: str) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{alias}_v{stamp}_{uuid.uuid4().hex[:6]}"


def _refuse_other_collection(client: Any, address: MilvusAddress) -> None:  # noqa: ANN401
    """Make sure that the alias is free for us.

    Raises:
        ServerError: Its name is a collection's.
    """
    if address.name in client.list_collections():
        raise ServerError(
            f"{address} 已有一个同名的集合，不是问报的索引。请在地址里换一个 NAME。",
            f"{address} has a collection of that name which is no index of Wenbao. Choose another "
            "NAME in the address.",
        )


def _switch(client: Any, alias: str, collection: str, is_first: bool) -> None:  # noqa: ANN401
    if is_first:
        client.create_alias(collection, alias)
    else:
        client.alter_alias(collection, alias)


def _drop_old(client: Any, alias: str, kept: set[str | None]) -> None:  # noqa: ANN401
    """Drop what is older than the newest of those kept; another machine may be writing."""
    newest = max(name for name in kept if name)
    stamped = rf"{re.escape(alias)}_v\d{{8}}T\d{{12}}_[0-9a-f]{{6}}"
    ours = re.compile(rf"({stamped})(?:_articles|_manifest)?")
    found = {match[1] for name in client.list_collections() if (match := ours.fullmatch(name))}
    for name in sorted(found - kept):
        if name < newest:
            for collection in Collections(name).all():
                if client.has_collection(collection):
                    client.drop_collection(collection)


def _live_index(address: MilvusAddress) -> MilvusIndex | None:
    try:
        return load_milvus(address)
    except SnapshotError:
        return None


def _same(live: Manifest, local: Manifest) -> bool:
    """Tell whether two snapshots were made of the same, to the same order."""
    made = {"files": {}, "created": live.created, "search": live.search}
    return local.model_copy(update=made) == live


def _keep_vectors(live: MilvusIndex) -> None:
    """Keep the vectors of a live index for a rebuild on a machine that has no working copy.

    Call only while ``writing``.
    """
    store = EncodedStore(live.connection.address.folder, live.manifest.encoder)
    rows = live.connection.rows(live.names.chunks, "", ["key", "vector"])
    new = (row for row in rows if store.vector(row["key"]) is None)  # an earlier try kept others
    while batch := list(islice(new, _COPIED)):
        keys = np.array([row["key"] for row in batch], np.int64)
        store.append(keys, np.array([row["vector"] for row in batch], np.float32))
