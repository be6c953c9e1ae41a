"""Articles that readers add: shown as understood before they go in, and removable again.

Files are kept in a folder beside the index, ``INDEX-uploads``, which is read besides the paths that
the index was built from when readers add or remove something, and by ``wenbao chat PATH``. Who
runs ``wenbao rebuild`` names it with the other paths. What is not yet accepted waits in a hidden
folder inside it, where no rebuild looks. Several servers may be on one index: a lock in the folder
lets one at a time move files in or out and rebuild.
"""

import os
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import filelock

from embeddings import load_index, rebuild
from embeddings.address import IndexAddress, local_folder
from embeddings.errors import InputError
from embeddings.readers import read_paths
from embeddings.rebuild import Rebuilt
from embeddings.types import Article, Skipped
from qa.batch import MAX_SHOWN, Batch, Found, in_background
from qa.catalogue import entry_of
from qa.file_names import free_name
from qa.waiting import WaitingRoom

MAX_FILES = 50
"""Files that may be added at a time."""
MAX_BYTES = 64 << 20
"""What they may have together."""
_KEPT_BATCHES = 20
_WAITING, _LOCK = ".waiting", ".lock"
"""Hidden, so that they are no files that were added."""


class Uploads:
    """The added files of one index folder. Any number of threads may use it at once."""

    def __init__(self, index: IndexAddress) -> None:
        self._index = index
        self.folder = uploads_folder(index)
        self._batches: dict[str, Batch] = {}
        self._reading = threading.Lock()
        self._deciding = threading.Lock()
        self._waiting = WaitingRoom(self.folder / _WAITING)

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
        folder = self._waiting.make_folder(batch.key)
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
        in_background(batch, lambda: self._read(batch, refused))

    def add(self, key: str) -> Batch:
        """Rebuild the index with the files of a batch, in the background.

        Raises:
            InputError: The batch is not known, or has no article that could go in.
        """
        batch = self.batch(key)
        with self._deciding:
            if batch.state != "read" or not batch.articles:
                raise InputError(
                    "这批文件里没有文章可以加入，或者已在加入。请另选文件。",
                    "These files hold no article to add, or are going in already. Choose others.",
                )
            batch.state = "indexing"
        in_background(batch, lambda: self._add(batch))
        return batch

    def discard(self, key: str) -> None:
        """Forget a batch and its files, unless it is going in just now."""
        batch = self._batches.get(key)
        if batch and batch.state != "indexing":
            del self._batches[key]
            self._waiting.drop(key)

    def remove(self, name: str) -> Batch:
        """Rebuild the index without an added file, in the background.

        Raises:
            InputError: There is no such file.
        """
        self._check_is_added(name)
        batch = Batch(uuid.uuid4().hex, "indexing")
        self._batches[batch.key] = batch
        in_background(batch, lambda: self._remove(batch, name))
        return batch

    def _read(self, batch: Batch, refused: Sequence[Skipped]) -> None:
        with self._reading:  # a reader may take gigabytes: one at a time
            files = _files(self._waiting.folder(batch.key))
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
        added = _files(self._waiting.folder(batch.key))
        self._move_and_rebuild(
            batch, ((path, free_name(self.folder / path.name)) for path in added)
        )

    def _remove(self, batch: Batch, name: str) -> None:
        def leaving() -> Iterator[tuple[Path, Path]]:
            self._check_is_added(name)  # again: another reader may have removed it meanwhile
            waiting = self._waiting.make_folder(batch.key)
            yield self.folder / name, waiting / name

        self._move_and_rebuild(batch, leaving())

    def _check_is_added(self, name: str) -> None:
        if name not in [path.name for path in _files(self.folder)]:
            raise InputError(
                f"没有添加过 {name}，或者已去掉。请刷新页面，看现有的文件。",
                f"{name} was not added, or is gone already. Reload the page to see what is there.",
            )

    def _move_and_rebuild(self, batch: Batch, moves: Iterator[tuple[Path, Path]]) -> None:
        """Move files, each to where it may go when its turn comes, and rebuild."""
        with filelock.FileLock(self.folder / _LOCK), _moved(moves):
            batch.rebuilt = self._rebuild(batch)
        self._waiting.drop(batch.key)
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


def _is_from(article: Article, name: str) -> bool:
    """Tell whether an article comes from a file, or from an archive's member."""
    rest = article.source.removeprefix(name)
    return rest != article.source and (not rest or rest[0] in ":#!")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


@contextmanager
def _moved(moves: Iterator[tuple[Path, Path]]) -> Iterator[None]:
    """Move files; if what follows fails, move them back.

    Args:
        moves: Sources and targets. Each is asked for after the move before it was made, so that
            a name found free is free.
    """
    made: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            os.replace(source, target)
            made.append((source, target))
        yield
    except BaseException:
        for source, target in reversed(made):
            if target.exists():
                os.replace(target, source)
        raise
