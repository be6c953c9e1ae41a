"""Everything that can be checked of an index: ``wenbao verify``.

Of the live snapshot and the one before: the checksum of every file, then whether the parts agree
with each other and with the manifest in what they hold.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from embeddings.address import IndexAddress, only_folder
from embeddings.errors import SnapshotError, unreadable
from embeddings.manifest import Manifest, SnapshotPaths, read_manifest
from embeddings.opening import open_snapshot
from embeddings.pointer import NEW, read_pointer
from embeddings.settings import index_address
from embeddings.snapshot import live_paths, names_in, snapshot_paths
from embeddings.verify import What, difference

_WHAT: dict[What, tuple[str, str]] = {
    "missing": ("文件不见了", "it is missing"),
    "size": ("大小不符", "it is of another size"),
    "content": ("内容有变", "its content has changed"),
}
_DAMAGED = ("清单不完整或版本不符", "the manifest is incomplete or of another version")
_DISAGREE = ("内容与清单不符", "what is in it is not what the manifest says")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file of a snapshot, its path relative to that."""

    file: str
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """What was found of a snapshot.

    Attributes:
        snapshot: Its name.
        is_live: Whether it is the one that answers.
        created: When it was built; None where its manifest cannot be read, as ``model``.
        model: Of its encoder.
        articles: How many it has.
        chunks: How many it has.
        files: How many were checked.
        bytes: How long they are together.
        problems: What is wrong, file by file.
    """

    snapshot: str
    is_live: bool
    created: datetime | None
    model: str | None
    articles: int
    chunks: int
    files: int
    bytes: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found of an index.

    Attributes:
        index: Its folder.
        intact: Whether nothing is wrong.
        snapshots: The live one, then the one before where one is kept.
        leftovers: What an interrupted rebuild left, or one that runs is writing; the next
            rebuild removes it.
        seconds: How long it took.
    """

    index: str
    intact: bool
    snapshots: tuple[SnapshotReport, ...]
    leftovers: tuple[str, ...]
    seconds: float


def check_up(index: str | IndexAddress | None = None) -> Checkup:
    """Check every byte of an index, changing none.

    Of an intact file whose time of change is not as it was written, that is set right (``verify``).

    Args:
        index: The index folder; default the setting ``WENBAO_INDEX``.

    Raises:
        SnapshotError: There is no index, or it is not known which of its snapshots is live.
    """
    began = time.perf_counter()
    folder = only_folder(index_address(index))
    while True:
        live_paths(folder)
        pointer = read_pointer(folder)
        if pointer is None:
            continue
        reports = tuple(
            _check(snapshot_paths(folder, name), name == pointer.live) for name in pointer.names
        )
        if read_pointer(folder) == pointer:
            break  # otherwise a rebuild went on meanwhile, and dropped what was looked at
    unfinished = [f"snapshots/{name}" for name in names_in(folder) if name not in pointer.names]
    pending = [NEW] if (folder / NEW).exists() else []
    return Checkup(
        index=str(folder),
        intact=not any(report.problems for report in reports),
        snapshots=reports,
        leftovers=(*unfinished, *pending),
        seconds=round(time.perf_counter() - began, 3),
    )


def problem_of(checkup: Checkup) -> SnapshotError | None:
    """Return the error that tells what to do about a checkup; None if nothing is wrong."""
    live, *before = checkup.snapshots
    count = sum(len(report.problems) for report in checkup.snapshots)
    if not count:
        return None
    if not live.problems:
        remedy = (
            "现用的快照完好，照常回答；只是不能回退到上一个快照；下次重建会换掉坏的那个。",
            "The live snapshot is intact and answers; only a rollback to the previous one is not "
            "possible. The next rebuild replaces the damaged one.",
        )
    elif before and not before[0].problems:
        remedy = (
            "请运行 wenbao rollback 回到完好的上一个快照，"
            "或运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
            "Return to the previous snapshot, which is intact, with wenbao rollback, or rebuild "
            "the index with wenbao rebuild PATH (the path of your articles).",
        )
    else:
        remedy = (
            "请运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
            "Rebuild the index with wenbao rebuild PATH (the path of your articles).",
        )
    return SnapshotError(
        f"{checkup.index} 有 {count} 处损坏。{remedy[0]}",
        f"Damaged parts of {checkup.index}: {count}. {remedy[1]}",
    )


def _check(paths: SnapshotPaths, is_live: bool) -> SnapshotReport:
    manifest: Manifest | None = None
    try:
        manifest = read_manifest(paths)
        problems = tuple(_problems(paths, manifest))
    except SnapshotError:
        problems = (Problem("manifest.json", *_DAMAGED),)
    records = manifest.files if manifest else {}
    return SnapshotReport(
        snapshot=paths.name,
        is_live=is_live,
        created=manifest.created if manifest else None,
        model=manifest.model if manifest else None,
        articles=manifest.articles if manifest else 0,
        chunks=manifest.chunks if manifest else 0,
        files=len(records),
        bytes=sum(record.size for record in records.values()),
        problems=problems,
    )


def _problems(paths: SnapshotPaths, manifest: Manifest) -> Iterator[Problem]:
    is_whole = True
    for name, expected in manifest.files.items():
        found = difference(paths, name, expected)
        if found is None:
            continue
        is_whole = False
        if isinstance(found, OSError):
            told = unreadable(paths.folder / name, found)
            yield Problem(name, told.chinese, told.english)
        else:
            yield Problem(name, *_WHAT[found])
    if is_whole:
        yield from _disagreements(paths, manifest)


def _disagreements(paths: SnapshotPaths, manifest: Manifest) -> Iterator[Problem]:
    """Yield what files that are as written say against each other and the manifest."""
    try:
        opened = open_snapshot(paths)  # which compares the counts of all parts
        articles = sum(1 for _ in opened.articles())  # each compared with its digest
        chunks = opened.corpus.count_chunks()
    except SnapshotError as error:
        yield Problem("", error.chinese, error.english)
        return
    if (articles, chunks) != (manifest.articles, manifest.chunks):
        yield Problem(paths.corpus.name, *_DISAGREE)
