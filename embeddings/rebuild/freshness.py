"""Rebuilds an index only when the files it is made of changed."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from embeddings.address import IndexAddress, address_of
from embeddings.errors import SnapshotError
from embeddings.index import load_index
from embeddings.protocol import Index
from embeddings.rebuild.command import default_paths
from embeddings.rebuild.pipeline import is_stale, rebuild
from embeddings.settings import Settings
from embeddings.types import Progress, no_progress


def bring_up_to_date(
    paths: Sequence[Path] | None = None,
    index: str | IndexAddress | None = None,
    model: str | None = None,
    progress: Progress = no_progress,
) -> IndexAddress:
    """Rebuild the index if it is missing or older than its files; return where it is.

    Without paths, those it was built from are looked at, as far as they still exist; an index
    that does not exist yet is built from the articles that come with Wenbao.

    Raises:
        InputError: A named path does not exist or holds no article.
    """
    address = address_of(index or Settings().index)
    try:
        opened = load_index(address)
    except SnapshotError:
        opened = None
    roots = list(paths or [])
    if not roots and opened is not None:
        roots = [Path(root) for root in opened.manifest.roots]
        if not all(root.exists() for root in roots):
            return address
    roots = roots or default_paths()
    if opened is None or is_stale(opened, roots, model):
        rebuild(roots, address, model, progress, _default_date(opened, roots))
    return address


def _default_date(opened: Index | None, roots: Sequence[Path]) -> datetime.date | None:
    """Return the day that was named when the index was built from the same paths."""
    if opened is None or opened.manifest.roots != [str(root.resolve()) for root in roots]:
        return None
    return opened.manifest.default_date
