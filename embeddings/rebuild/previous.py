"""The snapshots that are there already: what a rebuild may take over from them."""

import contextlib
from pathlib import Path

from embeddings.corpus import Corpus
from embeddings.errors import SnapshotError
from embeddings.index import LocalIndex
from embeddings.opening import open_live, open_snapshot
from embeddings.rebuild.order import Order
from embeddings.snapshot import earlier_names, snapshot_paths
from embeddings.verify import verify_snapshot


def live_index(folder: Path) -> LocalIndex | None:
    """Open the live snapshot; a missing or damaged one is what a rebuild is there to replace."""
    try:
        return open_live(folder)
    except SnapshotError:
        return None


def intact(folder: Path, live: LocalIndex | None) -> LocalIndex | None:
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


def corpus_of(old: LocalIndex | None, order: Order) -> Corpus | None:
    """Return the corpus of an index if its files would be read alike now."""
    return old.corpus if old is not None and old.manifest.readers == order.readers else None
