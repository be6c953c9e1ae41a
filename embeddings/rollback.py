"""Returning to the snapshot before."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.address import IndexAddress, only_folder
from embeddings.errors import SnapshotError
from embeddings.opening import open_snapshot
from embeddings.pointer import Pointer, write_pointer
from embeddings.settings import index_address
from embeddings.snapshot import earlier_names, live_name, snapshot_paths, writing
from embeddings.verify import verify_snapshot


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The snapshot that a rollback made live.

    Attributes:
        snapshot: Its name.
        created: When it was built.
        model: Of its encoder.
        articles: How many it has.
        chunks: How many it has.
        replaced: The name of the snapshot that was live; the next rollback returns to it. None
            where it was not known.
    """

    snapshot: str
    created: datetime.datetime
    model: str
    articles: int
    chunks: int
    replaced: str | None


def roll_back(index: str | IndexAddress | None = None) -> RolledBack:
    """Make the snapshot before the live one live again, once every byte of it was checked.

    The one that was live is kept until the next rebuild. Where the pointer to the live snapshot
    is lost, the latest intact snapshot becomes live.

    Args:
        index: The index folder; default the setting ``WENBAO_INDEX``.

    Raises:
        SnapshotError: There is none to return to, or it is damaged.
        LockError: Another process is rebuilding the index.
        InputError: The folder cannot be written.
    """
    folder = only_folder(index_address(index))
    if not folder.is_dir():
        raise _no_other(folder)
    with writing(folder):
        live = live_name(folder)
        name = _first_intact(folder, earlier_names(folder))
        write_pointer(folder, Pointer(name, live, is_rolled_back=True))
        manifest = open_snapshot(snapshot_paths(folder, name)).manifest
    return RolledBack(
        snapshot=name,
        created=manifest.created,
        model=manifest.model,
        articles=manifest.articles,
        chunks=manifest.chunks,
        replaced=live,
    )


def _first_intact(folder: Path, names: Sequence[str]) -> str:
    problem: SnapshotError | None = None
    for name in names:
        try:
            opened = open_snapshot(snapshot_paths(folder, name))
            verify_snapshot(opened.paths, opened.manifest)
            return name
        except SnapshotError as error:
            problem = problem or error
    if problem is None:
        raise _no_other(folder)
    raise SnapshotError(
        f"上一个快照不能用，现有索引未改动。{problem.chinese}",
        f"The previous snapshot cannot be used; the index is unchanged. {problem.english}",
    ) from problem


def _no_other(folder: Path) -> SnapshotError:
    return SnapshotError(
        f"{folder} 里没有更早的快照可以回退（重建过两次才有）。"
        "请用 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
        f"There is no earlier snapshot in {folder} to return to (there is one after two rebuilds). "
        "Rebuild the index with wenbao rebuild PATH (the path of your articles).",
    )
