"""The way from files to a live snapshot: reading, encoding and writing, side by side.

::

    reading.py ── articles ─▶ writing.py ── texts ─▶ encoding.py (a thread) ── vectors ─▶ disk
                                  └── chunks, terms ─▶ disk

Articles, postings and vectors go to disk as they come.
"""

import contextlib
import dataclasses
import datetime
import functools
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from embeddings.address import IndexAddress, address_of
from embeddings.corpus import Corpus
from embeddings.encoder import EncoderIdentity, encoder_identity, load_encoder
from embeddings.errors import InputError, SnapshotError, StorageError
from embeddings.fingerprint import Fingerprint
from embeddings.index import LocalIndex
from embeddings.manifest import Manifest, SnapshotPaths
from embeddings.opening import open_live, open_snapshot
from embeddings.protocol import Index
from embeddings.readers import numbered
from embeddings.readers.files import find_files
from embeddings.readers.formats import KINDS
from embeddings.readers.version import readers_fingerprint
from embeddings.rebuild.encoded import EncodedStore, drop_published
from embeddings.rebuild.order import Order, order_of
from embeddings.rebuild.reading import ReadFile, Sources
from embeddings.rebuild.result import Rebuilt
from embeddings.rebuild.work import Workers
from embeddings.rebuild.workers import PooledEncoder, hired
from embeddings.rebuild.writing import Known, SnapshotWriter
from embeddings.settings import Settings
from embeddings.snapshot import (
    complete,
    drop_leftovers,
    earlier_names,
    live_name,
    new_snapshot,
    publish,
    settle,
    snapshot_paths,
    writing,
)
from embeddings.tokens import VERSION as TOKENS_VERSION
from embeddings.types import Article, Encoder, Progress, Skipped, no_progress
from embeddings.verify import verify_snapshot


def rebuild(
    paths: Sequence[str | Path],
    index: str | IndexAddress | None = None,
    model: str | None = None,
    progress: Progress = no_progress,
    date: datetime.date | None = None,
    workers: str | int = 1,
) -> Rebuilt:
    """Make the index hold exactly the articles found in ``paths``.

    Files that did not change are not read again, and chunks that did not change are not encoded
    again; what an interrupted rebuild encoded is used. Whatever goes wrong, the snapshot that
    was live stays live.

    Args:
        paths: Files and folders (read recursively).
        index: A folder or an address (``embeddings.address``); default ``WENBAO_INDEX``.
        model: See ``load_encoder``.
        progress: Told about the stages ``read``, ``encode`` and ``write``.
        date: Day of publication of the articles that tell none themselves.
        workers: Who reads and encodes: a number of processes, ``ray``, or ``ray://HOST:PORT``.
            The index is the same.

    Raises:
        InputError: A path does not exist, or there is no article in any of them.
        EncoderError: The model cannot be loaded.
        LockError: Another process is rebuilding the same index.
        ServerError: The index's server cannot be reached or refuses.
        StorageError: The disk is full, failing or read-only.
    """
    address = address_of(index if index is not None else Settings().index)
    roots = [Path(path) for path in paths]
    files = find_files(roots)

    def build(folder: Path) -> Rebuilt:
        return _rebuild(folder, roots, files, model, progress, date, workers)

    return _through(address, build, progress)


def _through(
    address: IndexAddress, build: Callable[[Path], Rebuilt], progress: Progress
) -> Rebuilt:
    """Build in the index folder, or in the working copy of an index that is elsewhere."""
    if isinstance(address, Path):
        return build(address)
    from embeddings.milvus.publishing import rebuild_through

    return rebuild_through(address, lambda: build(address.folder), progress)


def _rebuild(
    folder: Path,
    roots: Sequence[Path],
    files: Sequence[tuple[Path, str]],
    model: str | None,
    progress: Progress,
    date: datetime.date | None,
    wanted: str | int,
) -> Rebuilt:
    began = time.perf_counter()
    with writing(folder), hired(wanted) as workers:
        drop_leftovers(folder)
        encoder, old = encoder_identity(model), _live_index(folder)
        order = order_of(encoder, roots, readers_fingerprint(), date)
        sources = Sources(files, _corpus_of(old, order))
        is_met = old is not None and order.is_met_by(old.manifest)
        if old is not None and is_met and sources.are_unchanged(progress):
            return _unchanged(folder, old, old.corpus.skipped(), began)
        old, progress = _intact(folder, old), _one_at_a_time(progress)
        read = Sources(files, _corpus_of(old, order)).read(progress, workers, date)
        return _write(folder, old, order, encoder, model, read, progress, began, workers)


def index_articles(
    articles: Sequence[Article],
    index: str | IndexAddress,
    model: str | None = None,
    progress: Progress = no_progress,
) -> Rebuilt:
    """Make the index hold exactly the given articles, whose ids must differ.

    Raises:
        EncoderError: The model cannot be loaded.
        LockError: Another process is rebuilding the same index.
        ServerError: The index's server cannot be reached or refuses.
    """
    return _through(
        address_of(index), lambda folder: _index(folder, articles, model, progress), progress
    )


def _index(
    folder: Path, articles: Sequence[Article], model: str | None, progress: Progress
) -> Rebuilt:
    began = time.perf_counter()
    with writing(folder):
        drop_leftovers(folder)
        encoder, old = encoder_identity(model), _live_index(folder)
        order = order_of(encoder, (), "", None)
        if old is not None and order.is_met_by(old.manifest):
            digest = Fingerprint()
            for article in articles:
                digest.add(repr(article))
            if str(digest) == old.manifest.corpus:
                return _unchanged(folder, old, (), began)
        old, progress = _intact(folder, old), _one_at_a_time(progress)
        return _write(folder, old, order, encoder, model, articles, progress, began)


def is_stale(index: Index, paths: Sequence[str | Path], model: str | None = None) -> bool:
    """Tell whether ``rebuild`` with the same arguments would change the index.

    Without a model named, in a call or by ``WENBAO_MODEL``, the index's own model will do.
    """
    roots = [Path(path) for path in paths]
    files = find_files(roots)
    encoder = encoder_identity(model or Settings().model or index.manifest.model)
    order = order_of(encoder, roots, readers_fingerprint(), index.manifest.default_date)
    built = _built_here(index)
    return not (
        built is not None
        and order.is_met_by(index.manifest)
        and Sources(files, built.corpus).are_unchanged()
    )


def _built_here(index: Index) -> LocalIndex | None:
    """Return the snapshot on this machine that an index is, or was copied from."""
    if isinstance(index, LocalIndex):
        return index
    from embeddings.milvus.index import MilvusIndex
    from embeddings.milvus.publishing import working_copy

    built = working_copy(index.connection.address) if isinstance(index, MilvusIndex) else None
    return built if built and built.manifest.corpus == index.manifest.corpus else None


def _write(
    folder: Path,
    old: LocalIndex | None,
    order: Order,
    encoder: EncoderIdentity,
    model: str | None,
    source: Iterable[ReadFile] | Sequence[Article],
    progress: Progress,
    began: float,
    workers: Workers | None = None,
) -> Rebuilt:
    """Write a snapshot and publish it."""
    encoded = EncodedStore(folder, encoder.fingerprint)
    known = Known(
        old,
        old is not None and old.manifest.encoder == encoder.fingerprint,
        old is not None and old.manifest.terms == TOKENS_VERSION,
        old is not None and old.manifest.fingerprint == order.fingerprint,
        encoded,
    )
    memory = Settings().memory << 20
    load: Callable[[], Encoder] = functools.partial(load_encoder, model)
    if workers is not None:
        load = functools.partial(PooledEncoder, load, encoder, workers)
    count = workers.count if workers is not None else 1
    with new_snapshot(folder) as paths:
        writer = SnapshotWriter(paths, known, load, memory, progress, count)
        try:
            skipped = _add_all(writer, source, order.default_date)
            if not writer.counts.articles and order.roots:
                raise _nothing_found(order.roots, skipped)
            corpus, dimension, search = writer.finish()
        except BaseException:
            writer.abandon()
            raise
        removed = old.corpus.count_keys_missing_in(paths.corpus) if old is not None else 0
        manifest = Manifest(
            created=datetime.datetime.now(datetime.UTC),
            model=encoder.name,
            encoder=encoder.fingerprint,
            dimension=dimension,
            articles=writer.counts.articles,
            chunks=writer.counts.chunks,
            corpus=corpus,
            terms=TOKENS_VERSION,
            search=search,
            **{one.name: getattr(order, one.name) for one in dataclasses.fields(order)},
        )
        complete(paths, manifest)
        _prove(paths)
        publish(folder, paths, old.paths.name if old else live_name(folder))
    encoded.clear()
    counts = writer.counts
    return Rebuilt(
        snapshot=paths.name,
        model=encoder.name,
        articles=counts.articles,
        chunks=counts.chunks,
        encoded=counts.encoded,
        reused=counts.reused,
        removed=removed,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - began, 3),
    )


def _add_all(
    writer: SnapshotWriter,
    source: Iterable[ReadFile] | Sequence[Article],
    default_date: datetime.date | None,
) -> list[Skipped]:
    """Write articles, each with an id of its own and a day; return what was skipped."""
    skipped: list[Skipped] = []
    taken: set[str] = set()
    position = 0
    for one in source:
        if isinstance(one, Article):
            writer.add(one, one)
            continue
        for read in one.articles:
            dated = dataclasses.replace(read, date=read.date or default_date)
            writer.add(numbered(dated, taken), read, position, one.terms)
        writer.add_file(position, one.state, one.documents, one.skipped)
        skipped += one.skipped
        position += 1
    return skipped


def _prove(paths: SnapshotPaths) -> None:
    """See that a snapshot opens before it becomes live: not all that writes tells when it fails."""
    try:
        open_snapshot(paths)
    except SnapshotError as error:
        raise StorageError(
            f"写入 {paths.folder} 的内容读回时不完整。现有索引未改动；请检查磁盘后再运行 "
            "wenbao rebuild。",
            f"What was written to {paths.folder} does not read back whole. The present index is "
            "unchanged; check the disk and run wenbao rebuild again.",
        ) from error


def _unchanged(folder: Path, old: LocalIndex, skipped: Sequence[Skipped], began: float) -> Rebuilt:
    settle(folder)
    drop_published(folder, old.manifest.created)
    return Rebuilt(
        snapshot=old.paths.name,
        model=old.manifest.model,
        articles=old.manifest.articles,
        chunks=old.manifest.chunks,
        encoded=0,
        reused=old.manifest.chunks,
        removed=0,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - began, 3),
    )


def _live_index(folder: Path) -> LocalIndex | None:
    """Open the live snapshot; a missing or damaged one is what a rebuild is there to replace."""
    try:
        return open_live(folder)
    except SnapshotError:
        return None


def _intact(folder: Path, live: LocalIndex | None) -> LocalIndex | None:
    """Return the live index, or the one before, if every byte of it is as it was written.

    It will be copied from.
    """
    if live is not None and _is_intact(live):
        return live
    for name in earlier_names(folder):
        with contextlib.suppress(SnapshotError):
            before = open_snapshot(snapshot_paths(folder, name))
            if _is_intact(before):
                return before
    return None


def _is_intact(index: LocalIndex) -> bool:
    try:
        verify_snapshot(index.paths, index.manifest)
    except SnapshotError:
        return False
    return True


def _corpus_of(old: LocalIndex | None, order: Order) -> Corpus | None:
    """Return the corpus of an index if its files would be read alike now."""
    return old.corpus if old is not None and old.manifest.readers == order.readers else None


def _nothing_found(roots: Sequence[str], skipped: Sequence[Skipped]) -> InputError:
    names = ", ".join(roots)
    first = f"{skipped[0].path}: {skipped[0].reason}" if skipped else ""
    known = " ".join(KINDS)
    return InputError(
        f"在 {names} 里没有找到任何文章，索引未改动。可读的文件：{known}。{first}",
        f"No article was found in {names}; the index is unchanged. Wenbao reads {known}. {first}",
    )


def _one_at_a_time(progress: Progress) -> Progress:
    """Return a report that several threads may call."""
    reporting = threading.Lock()

    def report(stage: str, done: int, total: int) -> None:
        with reporting:
            progress(stage, done, total)

    return report
