"""Rebuilds an index only when the files it is made of changed."""

import contextlib
import datetime
import logging
from collections.abc import Sequence
from pathlib import Path

from embeddings.address import IndexAddress, address_of
from embeddings.errors import SnapshotError
from embeddings.manifest import read_manifest, read_roots
from embeddings.opening import load_index, open_live
from embeddings.pointer import read_pointer
from embeddings.protocol import Index
from embeddings.rebuild.command import default_paths
from embeddings.rebuild.pipeline import is_stale, rebuild
from embeddings.settings import Settings
from embeddings.snapshot import live_name, snapshot_paths
from embeddings.types import Progress, no_progress

_ROLLED_BACK = (
    "索引已回退到 %s (UTC) 建立的快照，不自动重建；需要时请运行 wenbao rebuild PATH。\n"
    "The index was rolled back to the snapshot of %s (UTC) and is not rebuilt on its own; "
    "run wenbao rebuild PATH when it should be."
)
_log = logging.getLogger(__name__)


def bring_up_to_date(
    paths: Sequence[Path] | None = None,
    index: str | IndexAddress | None = None,
    model: str | None = None,
    progress: Progress = no_progress,
) -> IndexAddress:
    """Rebuild the index if it is missing or older than its files; return where it is.

    Without paths, those it was built from are looked at, as far as they still exist; so an index
    that is damaged or of another version is built anew from its own articles. One that does not
    exist yet is built from the articles that come with Wenbao. After a rollback
    the index stays as it is, which is logged: a rebuild of the same paths would bring back what
    the rollback was to undo, so somebody has to ask for it.

    Raises:
        InputError: A named path does not exist or holds no article.
        SnapshotError: The index cannot be opened, and what it was built from is not there.
    """
    address = address_of(index or Settings().index)
    try:
        opened = open_live(address) if isinstance(address, Path) else load_index(address)
    except SnapshotError as error:
        opened = None
        if not paths and isinstance(address, Path):
            paths = _roots_of(address, error)
    roots = list(paths or [])
    if not roots and opened is not None:
        roots = [Path(root) for root in opened.manifest.roots]
        if not all(root.exists() for root in roots):
            return address
    roots = roots or default_paths()
    if opened is not None and _is_rolled_back(address, opened, roots):
        _log.warning(_ROLLED_BACK, *2 * [f"{opened.manifest.created:%Y-%m-%d %H:%M}"])
        return address
    if opened is None or is_stale(opened, roots, model):
        rebuild(roots, address, model, progress, _default_date(opened, roots))
    return address


def _roots_of(index: Path, error: SnapshotError) -> list[Path]:
    """Return what an index was built from that cannot be opened for an error, or raise that.

    Where there is no index, nothing.
    """
    live = live_name(index)
    if live is None:
        return []
    roots = [Path(root) for root in read_roots(snapshot_paths(index, live))]
    if not roots or not all(root.exists() for root in roots):
        raise error
    return roots


def _is_rolled_back(address: IndexAddress, opened: Index, roots: Sequence[Path]) -> bool:
    """Tell whether a rollback chose the live snapshot, from those of the same paths."""
    if not isinstance(address, Path):
        return False
    pointer = read_pointer(address)
    if pointer is None or not pointer.is_rolled_back or pointer.live != opened.name:
        return False
    built_from = [opened.manifest.roots]
    if pointer.previous is not None:
        with contextlib.suppress(SnapshotError):
            built_from.append(read_manifest(snapshot_paths(address, pointer.previous)).roots)
    return [str(root.resolve()) for root in roots] in built_from


def _default_date(opened: Index | None, roots: Sequence[Path]) -> datetime.date | None:
    """Return the day that was named when the index was built from the same paths."""
    if opened is None or opened.manifest.roots != [str(root.resolve()) for root in roots]:
        return None
    return opened.manifest.default_date
