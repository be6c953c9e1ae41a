"""Opening the live snapshot of an index, and staying with it while a later one is bad."""

import logging
import sqlite3
import threading
import time
from collections import OrderedDict
from pathlib import Path

from embeddings.address import IndexAddress
from embeddings.corpus import Corpus
from embeddings.dense import DenseIndex
from embeddings.errors import SnapshotError, damaged
from embeddings.facets import Facets
from embeddings.held import HeldFiles
from embeddings.index import LocalIndex
from embeddings.manifest import SnapshotPaths, read_manifest
from embeddings.protocol import Index
from embeddings.settings import index_address
from embeddings.snapshot import live_name, live_paths
from embeddings.sparse import SparseIndex
from embeddings.verify import verify_opening

_OPEN, _OPEN_OF_ONE = 4, 2
"""Snapshots that stay open; of one index, the live one and, should that be bad, the one before."""

_log = logging.getLogger(__name__)
_lock = threading.RLock()
_opened: OrderedDict[Path, LocalIndex] = OrderedDict()
"""By folder; the one asked for last is the last."""
_told: dict[Path, str] = {}
"""What was logged last about an index folder."""
_bad: dict[Path, tuple[str | None, float]] = {}
"""Of an index folder that is not answered from as it is now: its live snapshot, which could not be
used, and when to try that again."""
_PAUSE, _PATIENCE = 1.0, 20.0
"""Seconds until then, and how many times as long as trying takes: it may read large files."""


def load_index(index: str | IndexAddress | None = None) -> Index:
    """Open the live snapshot of an index.

    Opening the same snapshot again returns the index that is open already. When the live one on
    this machine cannot be used, whoever had an earlier one open in this process keeps it, which
    is logged.

    Args:
        index: A folder or an address (``embeddings.address``); default ``WENBAO_INDEX``.

    Raises:
        InputError: It is no address.
        SnapshotError: There is no index, or it is damaged; the message names the remedy.
        ServerError: Its server cannot be reached or refuses.
    """
    address = index_address(index)
    if isinstance(address, Path):
        return load_local(address)
    from embeddings.milvus.index import load_milvus

    return load_milvus(address)


def load_local(folder: Path) -> LocalIndex:
    """Open the live snapshot in a folder, as ``load_index`` does."""
    index = folder.resolve()
    began = time.monotonic()
    bad, until = _bad.get(index, (None, 0.0))
    try:
        if began < until and bad == live_name(index):
            raise damaged(index)
        opened = open_live(index)
    except SnapshotError as error:
        kept = _still_open(index)
        if kept is None:
            raise
        if began >= until:
            now = time.monotonic()
            _bad[index] = live_name(index), now + max(_PAUSE, _PATIENCE * (now - began))
            _tell(index, f"Answering from {kept.paths.name} as before. {error.english}")
        return kept
    _bad.pop(index, None)
    if index in _told:
        _tell(index, f"Answering from {opened.paths.name}")
    return opened


def is_passed_over(address: IndexAddress) -> bool:
    """Tell whether ``load_index``, when last called, could not use the live snapshot.

    What it returned then is what this process had open before.
    """
    return isinstance(address, Path) and address.resolve() in _bad


def open_live(index: Path) -> LocalIndex:
    """Open the live snapshot of an index folder, and no other.

    Raises:
        SnapshotError: There is none, or it is damaged; the message names the remedy.
    """
    while True:
        paths = live_paths(index)
        try:
            return open_snapshot(paths)
        except SnapshotError:
            if live_name(index) == paths.name:
                raise
            # Meanwhile others became live and this one was dropped.


def live_snapshot(address: IndexAddress) -> str | None:
    """Return the name of the live snapshot, or None where there is no index.

    Raises:
        ServerError: Its server cannot be reached or refuses.
    """
    if isinstance(address, Path):
        return live_name(address)
    from embeddings.milvus.index import live_collection

    return live_collection(address)


def is_live(index: LocalIndex) -> bool:
    """Tell whether no newer snapshot has replaced the opened one."""
    return live_name(index.paths.folder.parent.parent) == index.paths.name


def open_snapshot(paths: SnapshotPaths) -> LocalIndex:
    """Open a snapshot, or return it if it is open already and still the one on disk.

    Raises:
        SnapshotError: It is damaged; the message names the file and the remedy.
    """
    folder = paths.folder.resolve()
    with _lock:
        opened = _opened.get(folder)
        if opened is None or not _is_unchanged(opened) or not opened.held.are_in_place():
            opened = _open(SnapshotPaths(folder))
        _opened[folder] = opened
        _opened.move_to_end(folder)
        same_index = [other for other in _opened if other.parent == folder.parent]
        for old in (*same_index[:-_OPEN_OF_ONE], *list(_opened)[:-_OPEN]):
            _opened.pop(old, None)
        return opened


def _still_open(index: Path) -> LocalIndex | None:
    """Return the snapshot of an index folder that was asked for last, if it is as it was."""
    with _lock:
        for folder, opened in reversed(_opened.items()):
            if folder.parent.parent == index and _is_unchanged(opened):
                return opened
    return None


def _is_unchanged(opened: LocalIndex) -> bool:
    try:
        opened.held.check()
    except SnapshotError:
        return False
    return True


def _tell(index: Path, what: str) -> None:
    """Log what became of an index folder, once."""
    with _lock:
        if _told.get(index) == what:
            return
        _told[index] = what
    _log.warning(what)


def _open(paths: SnapshotPaths) -> LocalIndex:
    manifest = read_manifest(paths)
    verify_opening(paths, manifest)
    described_by = (paths.manifest.name, paths.manifest_checksum.name)
    held = HeldFiles(paths.folder, [*manifest.files, *described_by])
    try:
        corpus = Corpus(paths.corpus)
        facets = Facets(paths.facets, corpus, manifest.roots)
        dense = DenseIndex.open(paths.vectors, paths.lists, manifest.search)
        sparse = SparseIndex.open(paths.postings)
        sparse_articles = SparseIndex.open(paths.article_postings)
        last_article, last_chunk = corpus.last_positions()
        chunks = {len(dense), len(sparse), len(facets.article_of_row), last_chunk + 1}
        articles = {len(sparse_articles), len(facets), last_article + 1}
    except (RuntimeError, ValueError, OSError, sqlite3.Error) as error:
        raise damaged(paths.folder) from error
    is_whole = chunks == {manifest.chunks} and articles == {manifest.articles}
    if not is_whole or dense.dimension != manifest.dimension:
        raise damaged(paths.manifest)
    return LocalIndex(paths, manifest, held, corpus, facets, dense, sparse, sparse_articles)
