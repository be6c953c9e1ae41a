"""Articles that readers add: shown as understood before they go in, and removable again.

Files are kept in a folder beside the index, ``INDEX-uploads``, which is read besides the paths that
the index was built from when readers add or remove something, and by ``wenbao chat PATH``. Who
runs ``wenbao rebuild`` names it with the other paths. What is not yet accepted waits in a hidden
folder inside it, where no rebuild looks.
"""

import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from embeddings import load_index, rebuild
from embeddings.address import IndexAddress, local_folder
from embeddings.errors import InputError, WenbaoError
from embeddings.readers import read_paths
from embeddings.rebuild import Rebuilt
from embeddings.types import Article, Skipped
from qa.catalogue import Entry, entry_of

MAX_FILES = 50
"""Files that may be added at a time."""
MAX_BYTES = 64 << 20
"""What they may have together."""
MAX_SHOWN = 200
"""Articles of a batch that are shown before it goes in."""
_KEPT_BATCHES = 20
_WAITING = ".waiting"
_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?\"<>|]+"
)
"""What file systems don't take, and what makes a name look like another (Unicode TR 36)."""
_LONGEST_NAME = 80
_MOST_NAME_BYTES = 200
"""Of a name without its ending; file systems take 255 in all."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found in what a reader wants to add.

    Attributes:
        known: Whether the index has it already.
    """

    entry: Entry
    known: bool


@dataclass(slots=True)
class Batch:
    """Files on their way into the index, or out of it.

    Attributes:
        state: ``reading`` and ``indexing`` are under way; after ``read`` a reader decides.
        stage: What is under way: a stage of ``rebuild``.
        stage_began: When that stage began, in seconds of the monotonic clock.
        articles: How many were found; ``found`` holds the first ``MAX_SHOWN``.
        rebuilt: What the rebuild did, once ``done``.
        error: Why it ``failed``.
    """

    key: str
    state: str
    stage: str = "read"
    done: int = 0
    total: int = 0
    stage_began: float = field(default_factory=time.monotonic)
    articles: int = 0
    found: tuple[Found, ...] = ()
    refused: tuple[Skipped, ...] = ()
    rebuilt: Rebuilt | None = None
    error: WenbaoError | None = None

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note how far it is."""
        if stage != self.stage:
            self.stage, self.stage_began = stage, time.monotonic()
        self.done, self.total = done, total

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the stage's remaining time in seconds, or None while it can't be told."""
        if not 0 < self.done <= self.total:
            return None
        return (time.monotonic() - self.stage_began) / self.done * (self.total - self.done)


class Uploads:
    """The added files of one index folder. Any number of threads may use it at once."""

    def __init__(self, index: IndexAddress) -> None:
        self._index = index
        self.folder = uploads_folder(index)
        self._batches: dict[str, Batch] = {}
        self._reading = threading.Lock()
        self._rebuilding = threading.Lock()
        self._deciding = threading.Lock()
        shutil.rmtree(self.folder / _WAITING, ignore_errors=True)

    def files(self) -> list[tuple[str, int]]:
        """Return names and sizes in bytes of the files that were added."""
        return [(path.name, path.stat().st_size) for path in _files(self.folder)]

    def batch(self, key: str) -> Batch:
        """Return a batch.

        Raises:
            InputError: It is not known any more.
        """
        try:
            return self._batches[key]
        except KeyError as error:
            raise InputError(
                "这批文件已不在。请重新添加。", "These files are gone. Add them again."
            ) from error

    def begin(self) -> tuple[Batch, Path]:
        """Return a new batch and the folder that its files are to be put in."""
        batch = Batch(uuid.uuid4().hex, "reading")
        folder = self._waiting(batch)
        folder.mkdir(parents=True)
        for key in list(self._batches)[: -_KEPT_BATCHES + 1]:
            self.discard(key)
        self._batches[batch.key] = batch
        return batch, folder

    def read(self, batch: Batch, refused: Sequence[Skipped] = ()) -> None:
        """Find out which articles the files of a batch hold, in the background.

        Args:
            batch: A batch that was begun, with its files in its folder.
            refused: What was refused before.
        """
        _in_background(batch, lambda: self._read(batch, refused))

    def add(self, key: str) -> Batch:
        """Rebuild the index with the files of a batch, in the background.

        Raises:
            InputError: The batch is not known, or has no article that could go in.
        """
        batch = self.batch(key)
        with self._deciding:
            if batch.state != "read" or not batch.articles:
                raise InputError("没有可以加入的文章。", "There is no article to add.")
            batch.state = "indexing"
        _in_background(batch, lambda: self._add(batch))
        return batch

    def discard(self, key: str) -> None:
        """Forget a batch and its files, unless it is going in just now."""
        batch = self._batches.get(key)
        if batch and batch.state != "indexing":
            del self._batches[key]
            shutil.rmtree(self._waiting(batch), ignore_errors=True)

    def remove(self, name: str) -> Batch:
        """Rebuild the index without an added file, in the background.

        Raises:
            InputError: There is no such file.
        """
        if name not in [path.name for path in _files(self.folder)]:
            raise InputError(f"没有添加过 {name}。", f"{name} was not added.")
        batch = Batch(uuid.uuid4().hex, "indexing")
        self._batches[batch.key] = batch
        _in_background(batch, lambda: self._remove(batch, name))
        return batch

    def _waiting(self, batch: Batch) -> Path:
        return self.folder / _WAITING / batch.key

    def _read(self, batch: Batch, refused: Sequence[Skipped]) -> None:
        with self._reading:  # a reader may take gigabytes: one at a time
            files = _files(self._waiting(batch))
            articles, skipped = read_paths(files, batch.progress) if files else ([], [])
        for path in files:
            if not any(_is_from(article, path.name) for article in articles):
                path.unlink()
        batch.articles = len(articles)
        batch.found = tuple(Found(entry_of(a), self._knows(a)) for a in articles[:MAX_SHOWN])
        batch.refused = (*refused, *skipped)
        batch.state = "read"

    def _knows(self, article: Article) -> bool:
        return load_index(self._index).article(article.id) is not None

    def _add(self, batch: Batch) -> None:
        waiting = self._waiting(batch)
        moves = [(path, self.folder / path.name) for path in _files(waiting)]
        moves = list(_to_free_names(moves))
        with self._rebuilding, _moved(moves):
            batch.rebuilt = self._rebuild(batch)
        shutil.rmtree(waiting, ignore_errors=True)
        batch.state = "done"

    def _remove(self, batch: Batch, name: str) -> None:
        waiting = self._waiting(batch)
        waiting.mkdir(parents=True)
        with self._rebuilding, _moved([(self.folder / name, waiting / name)]):
            batch.rebuilt = self._rebuild(batch)
        shutil.rmtree(waiting, ignore_errors=True)
        batch.state = "done"

    def _rebuild(self, batch: Batch) -> Rebuilt:
        manifest = load_index(self._index).manifest
        others = [Path(root) for root in manifest.roots if Path(root) != self.folder.resolve()]
        lost = [root for root in others if not root.exists()]
        if lost or not manifest.roots:
            where = lost[0] if lost else self._index
            raise InputError(
                f"建索引时用的文件不在了（{where}），不能增减文章。"
                "请先运行 wenbao rebuild PATH（PATH 是文章现在的路径）。",
                f"The files that the index was built from are gone ({where}), so articles can "
                "neither be added nor removed. Run wenbao rebuild PATH first (the path where they "
                "are now).",
            )
        roots = [*others, self.folder]
        return rebuild(roots, self._index, manifest.model, batch.progress, manifest.default_date)


def uploads_folder(index: IndexAddress) -> Path:
    """Return where files that readers add to an index are kept."""
    folder = local_folder(index)
    return folder.with_name(f"{folder.name}-uploads")


def with_uploads(paths: Sequence[Path], index: IndexAddress) -> list[Path]:
    """Return paths to build an index from, and what readers added to it besides.

    Args:
        paths: The paths that were named; when there are none, those that the index was built
            from are meant, and they include what was added.
        index: The index.
    """
    added = uploads_folder(index)
    return [*paths, added] if paths and _files(added) else list(paths)


def fit_name(name: str) -> str:
    """Return a file's name without what file systems don't take: its last part, not hidden."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = _UNFIT.sub("_", last).strip(". ").rpartition(".")
    short = (
        stem[:_LONGEST_NAME].encode("utf-8", "replace")[:_MOST_NAME_BYTES].decode("utf-8", "ignore")
    )
    whole = f"{short}{dot}{suffix[:10]}".encode("utf-8", "replace").decode()
    return whole.replace("?", "_") if whole.strip("._ ") else "file.txt"


def _is_from(article: Article, name: str) -> bool:
    """Tell whether an article comes from a file, or from an archive's member."""
    rest = article.source.removeprefix(name)
    return rest != article.source and (not rest or rest[0] in ":#!")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def free_name(path: Path) -> Path:
    """Return a path that does not exist: itself, or with a number."""
    candidate, number = path, 2
    while candidate.exists():
        candidate, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return candidate


def _to_free_names(moves: Sequence[tuple[Path, Path]]) -> Iterator[tuple[Path, Path]]:
    """Names within a batch differ, so none is taken by another of the same batch."""
    for source, target in moves:
        yield source, free_name(target)


@contextmanager
def _moved(moves: Sequence[tuple[Path, Path]]) -> Iterator[None]:
    """Move files; if what follows fails, move them back."""
    try:
        for source, target in moves:
            os.replace(source, target)
        yield
    except BaseException:
        for source, target in moves:
            if target.exists():
                os.replace(target, source)
        raise


def _in_background(batch: Batch, work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        except WenbaoError as error:
            batch.error, batch.state = error, "failed"
        except Exception as error:
            unexpected = f"{type(error).__name__}: {error}"
            batch.error = WenbaoError(
                f"程序出了意外的错误（{unexpected}），索引未改动。",
                f"Something went wrong in the program ({unexpected}); the index is unchanged.",
            )
            batch.state = "failed"
            raise

    threading.Thread(target=run, name="wenbao-upload", daemon=True).start()
