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
from embeddings.corpus_writer import unpack_terms
from embeddings.errors import ServerError, SnapshotError
from embeddings.index import LocalIndex
from embeddings.manifest import Manifest
from embeddings.milvus.connection import Connection, connect
from embeddings.milvus.index import MilvusIndex, load_milvus
from embeddings.milvus.published import published
from embeddings.milvus.schema import (
    Collections,
    article_fields,
    article_number,
    create_collections,
    create_indexes,
    create_manifest,
    day_of_article,
    filter_fields,
)
from embeddings.milvus.weights import DocumentWeights
from embeddings.opening import open_live
from embeddings.rebuild.encoded import EncodedStore
from embeddings.rebuild.result import Rebuilt
from embeddings.snapshot import writing
from embeddings.types import Article, Progress

_BATCH_BYTES = 8 << 20
"""About what is sent together: a server takes 64 MB in one call."""
_COPIED = 4096
"""Vectors kept together for a rebuild."""

Row = dict[str, Any]


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


def article_rows(local: LocalIndex) -> Iterator[Row]:
    """Yield the rows of all articles."""
    corpus, mapped = local.corpus, local.facets.article_of_row
    weights = _weights(local, local.sparse_articles.document_frequency, by_article=True)
    counts = np.bincount(mapped, minlength=local.manifest.articles).tolist()
    row = 0
    for position, article in enumerate(corpus.articles()):
        terms: list[str] = []
        for _ in range(counts[position]):
            terms += _terms(local, row)
            row += 1
        yield {
            "number": article_number(day_of_article(article), position),
            "chunks": counts[position],
            "terms": weights.vector(terms),
            **article_fields(article),
            **filter_fields(article),
        }


def chunk_rows(local: LocalIndex) -> Iterator[Row]:
    """Yield the rows of all chunks."""
    weights = _weights(local, local.sparse.document_frequency, by_article=False)
    row = 0
    for position, (article, spans) in enumerate(local.corpus.chunked_articles()):
        shared = {
            "article": article_number(day_of_article(article), position),
            **filter_fields(article),
        }
        vectors = local.dense.at(np.arange(row, row + len(spans)))
        for at, (start, end, key) in enumerate(spans):
            yield {
                "row": row,
                "start": start,
                "end": end,
                "key": key,
                "text": _share(article, [span[0] for span in spans], at),
                "vector": vectors[at],
                "terms": weights.vector(_terms(local, row)),
                **shared,
            }
            row += 1


def _share(article: Article, starts: list[int], at: int) -> str:
    """Return the part of the text that a chunk's row keeps: together they are all of it."""
    first = starts[at] if at else 0
    return article.text[first : starts[at + 1] if at + 1 < len(starts) else None]


def _weights(
    local: LocalIndex, frequency: Callable[[str], int], by_article: bool
) -> DocumentWeights:
    documents = local.manifest.articles if by_article else local.manifest.chunks
    terms = sum(len(_terms(local, row)) for row in range(local.manifest.chunks))
    return DocumentWeights(documents, terms, frequency)


def _terms(local: LocalIndex, row: int) -> list[str]:
    return unpack_terms(local.corpus.packed_terms(row)).split()


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
    """Keep the vectors of a live index for a rebuild on a machine that has no working copy."""
    address = live.connection.address
    address.folder.mkdir(parents=True, exist_ok=True)
    store = EncodedStore(address.folder, live.manifest.encoder)
    rows = live.connection.rows(live.names.chunks, "", ["key", "vector"])
    while batch := list(islice(rows, _COPIED)):
        keys = np.array([row["key"] for row in batch], np.int64)
        store.append(keys, np.array([row["vector"] for row in batch], np.float32))
