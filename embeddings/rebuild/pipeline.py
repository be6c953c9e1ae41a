"""The way from files to a live snapshot: reading, encoding and writing, side by side.

::

    reading.py ── articles ─▶ building.py ── writing.py ── texts ─▶ encoding.py (a thread)
                                                  └── chunks, terms, vectors ─▶ disk

Articles, postings and vectors go to disk as they come.
"""

import datetime
import functools
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings.address import IndexAddress, address_of
from embeddings.encoder import encoder_identity, load_encoder
from embeddings.fingerprint import Fingerprint
from embeddings.index import LocalIndex
from embeddings.protocol import Index
from embeddings.readers.files import find_files
from embeddings.readers.version import readers_fingerprint
from embeddings.rebuild.building import Job, leave_as_it_is, write_snapshot
from embeddings.rebuild.order import order_of
from embeddings.rebuild.previous import corpus_of, intact, live_index
from embeddings.rebuild.reading import Sources
from embeddings.rebuild.result import Rebuilt
from embeddings.rebuild.workers import PooledEncoder, hired
from embeddings.settings import Settings, index_address
from embeddings.snapshot import drop_leftovers, writing
from embeddings.types import Article, Encoder, Progress, no_progress


def rebuild(
    paths: Sequence[str | Path],
    index: str | IndexAddress | None = None,
    model: str | None = None,
    progress: Progress = no_progress,
    date: datetime.date | None = None,
    workers: str | int = 1,
) -> Rebuilt:
    """Make the index hold exactly the articles found in ``paths``.

    Files that did not change are not read again, unless reading them took too long or its process
    died, and chunks that did not change are not encoded again; what an interrupted rebuild encoded
    is used. Whatever goes wrong, the snapshot that was live stays live.

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
    address = index_address(index)
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
        encoder, old = encoder_identity(model), live_index(folder)
        order = order_of(encoder, roots, readers_fingerprint(), date)
        sources = Sources(files, corpus_of(old, order))
        is_met = old is not None and order.is_met_by(old.manifest)
        is_done = is_met and not sources.were_interrupted and sources.are_unchanged(progress)
        if old is not None and is_done:
            return leave_as_it_is(folder, old, old.corpus.skipped(), began)
        old, progress = intact(folder, old), _one_at_a_time(progress)
        load: Callable[[], Encoder] = functools.partial(load_encoder, model)
        if workers is not None:
            load = functools.partial(PooledEncoder, load, encoder, workers)
        count = workers.count if workers is not None else 1
        read = Sources(files, corpus_of(old, order)).read(progress, workers, date)
        job = Job(folder, order, encoder, load, progress, began, count)
        return write_snapshot(job, old, read)


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
        encoder, old = encoder_identity(model), live_index(folder)
        order = order_of(encoder, (), "", None)
        if old is not None and order.is_met_by(old.manifest):
            digest = Fingerprint()
            for article in articles:
                digest.add(repr(article))
            if str(digest) == old.manifest.corpus:
                return leave_as_it_is(folder, old, (), began)
        load = functools.partial(load_encoder, model)
        job = Job(folder, order, encoder, load, _one_at_a_time(progress), began)
        return write_snapshot(job, intact(folder, old), articles)


def is_stale(index: Index, paths: Sequence[str | Path], model: str | None = None) -> bool:
    """Tell whether ``rebuild`` with the same arguments would change the index.

    Without a model named, in a call or by ``WENBAO_MODEL``, the index's own model will do. A file
    that took too long to read is no reason: it would be one whenever it takes too long again.
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


def _one_at_a_time(progress: Progress) -> Progress:
    """Return a report that several threads may call."""
    reporting = threading.Lock()

    def report(stage: str, done: int, total: int) -> None:
        with reporting:
            progress(stage, done, total)

    return report
