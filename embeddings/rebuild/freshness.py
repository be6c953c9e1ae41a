"""Rebuilds an index only when the files it is made of changed."""

import contextlib
import datetime
import logging
from collections.abc import Sequence
from pathlib import Path

from embeddings.address import IndexAddress, address_of
from embeddings.errors import SnapshotError
from embeddings.manifest import Inputs, read_inputs, read_manifest
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

    Without paths, those it was built from are looked at, if all of them still exist; so an index
    that is damaged or of another version is built anew from its own articles. If one is gone, the
    index stays as it is: its articles are not dropped because a disk is away. So does one that was
    built from no paths. An index that does not exist yet is built from the articles that come with
    Wenbao. After a rollback the index stays as it is, which is logged: a rebuild of the same paths
    would bring back what the rollback was to undo, so somebody has to ask for it.

    Where no model is named, in the call or by ``WENBAO_MODEL``, the index keeps its own; and it
    keeps the day that was named for articles without one while it is built from the same paths.

    Raises:
        InputError: A named path does not exist or holds no article.
        EncoderError: The model cannot be loaded.
        SnapshotError: The index cannot be opened, and what it was built from is not there.
    """
    address = address_of(index or Settings().index)
    opened: Index | None = None
    try:
        opened = open_live(address) if isinstance(address, Path) else load_index(address)
        before = Inputs.model_validate(opened.manifest)
    except SnapshotError:
        found = _inputs_of(address)
        if found is not None and not paths and not (found.roots and _exist(found)):
            raise
        before = found or Inputs()
    if not paths and (not _exist(before) or (opened is not None and not before.roots)):
        return address
    roots = [Path(path) for path in paths or before.roots] or default_paths()
    if opened is not None and _is_rolled_back(address, opened, roots):
        _log.warning(_ROLLED_BACK, *2 * [f"{opened.manifest.created:%Y-%m-%d %H:%M}"])
        return address
    model = model or Settings().model or before.model
    if opened is None or is_stale(opened, roots, model):
        rebuild(roots, address, model, progress, _default_date(before, roots))
    return address


def _inputs_of(address: IndexAddress) -> Inputs | None:
    """Return what an index was built from that cannot be opened; None where there is none."""
    if not isinstance(address, Path):
        return None
    live = live_name(address)
    return read_inputs(snapshot_paths(address, live)) if live is not None else None


def _exist(inputs: Inputs) -> bool:
    """Tell whether all is still there."""
    return all(Path(root).exists() for root in inputs.roots)


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


def _default_date(before: Inputs, roots: Sequence[Path]) -> datetime.date | None:
    """Return the day that was named when the index was built from the same paths."""
    is_same = before.roots == [str(root.resolve()) for root in roots]
    return before.default_date if is_same else None
