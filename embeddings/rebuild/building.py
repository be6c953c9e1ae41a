"""Writes a whole snapshot and makes it live, or leaves the live one as it is."""

import dataclasses
import datetime
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import EncoderIdentity
from embeddings.errors import InputError, SnapshotError, StorageError
from embeddings.index import LocalIndex
from embeddings.manifest import Manifest, SnapshotPaths
from embeddings.opening import open_snapshot
from embeddings.readers import numbered
from embeddings.readers.formats import KINDS
from embeddings.rebuild.encoded import EncodedStore, drop_published
from embeddings.rebuild.known import Known
from embeddings.rebuild.order import Order
from embeddings.rebuild.reading import ReadFile
from embeddings.rebuild.result import Rebuilt
from embeddings.rebuild.texts import terms_version
from embeddings.rebuild.writing import SnapshotWriter
from embeddings.settings import Settings
from embeddings.snapshot import complete, live_name, new_snapshot, publish, settle
from embeddings.types import Article, Encoder, Progress, Skipped


@dataclass(frozen=True, slots=True)
class Job:
    """What a rebuild is to make, and with what.

    Attributes:
        folder: The index folder.
        order: What the manifest must say.
        encoder: Whose vectors are wanted.
        load: Loads it, where anything is to be encoded.
        progress: Told about the stages ``encode`` and ``write``; several threads may call it.
        began: ``time.perf_counter()`` when the rebuild began.
        workers: How many encode.
    """

    folder: Path
    order: Order
    encoder: EncoderIdentity
    load: Callable[[], Encoder]
    progress: Progress
    began: float
    workers: int = 1


def write_snapshot(
    job: Job, old: LocalIndex | None, source: Iterable[ReadFile] | Sequence[Article]
) -> Rebuilt:
    """Write a snapshot of all that ``source`` gives, and make it live.

    Args:
        job: What is wanted.
        old: The snapshot to copy from what did not change.
        source: Files as they are read, or articles.

    Raises:
        InputError: There is no article in any of the files.
        EncoderError: The model cannot be loaded.
        StorageError: What was written does not read back.
    """
    known = _known(job, old)
    with new_snapshot(job.folder) as paths:
        memory = Settings().memory << 20
        writer = SnapshotWriter(paths, known, job.load, memory, job.progress, job.workers)
        try:
            skipped = _add_all(writer, source, job.order.default_date)
            if not writer.counts.articles and job.order.roots:
                raise _nothing_found(job.order.roots, skipped)
            corpus, dimension, search = writer.finish()
        except BaseException:
            writer.abandon()
            raise
        removed = old.corpus.count_keys_missing_in(paths.corpus) if old is not None else 0
        manifest = Manifest(
            created=datetime.datetime.now(datetime.UTC),
            model=job.encoder.name,
            encoder=job.encoder.fingerprint,
            dimension=dimension,
            articles=writer.counts.articles,
            chunks=writer.counts.chunks,
            corpus=corpus,
            terms=terms_version(),
            search=search,
            **{one.name: getattr(job.order, one.name) for one in dataclasses.fields(job.order)},
        )
        complete(paths, manifest)
        _prove(paths)
        publish(job.folder, paths, old.paths.name if old else live_name(job.folder))
    known.encoded.clear()
    counts = writer.counts
    return Rebuilt(
        snapshot=paths.name,
        model=job.encoder.name,
        articles=counts.articles,
        chunks=counts.chunks,
        encoded=counts.encoded,
        reused=counts.reused,
        removed=removed,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - job.began, 3),
    )


def leave_as_it_is(
    folder: Path, live: LocalIndex, skipped: Sequence[Skipped], began: float
) -> Rebuilt:
    """Drop what earlier rebuilds left beside the live snapshot, and tell that nothing changed."""
    settle(folder)
    drop_published(folder, live.manifest.created)
    return Rebuilt(
        snapshot=live.paths.name,
        model=live.manifest.model,
        articles=live.manifest.articles,
        chunks=live.manifest.chunks,
        encoded=0,
        reused=live.manifest.chunks,
        removed=0,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - began, 3),
    )


def _known(job: Job, old: LocalIndex | None) -> Known:
    encoded = EncodedStore(job.folder, job.encoder.fingerprint)
    if old is None:
        return Known(encoded)
    return Known(
        encoded,
        old,
        has_vectors=old.manifest.encoder == job.encoder.fingerprint,
        has_terms=old.manifest.terms == terms_version(),
        has_chunks=old.manifest.fingerprint == job.order.fingerprint,
    )


def _add_all(
    writer: SnapshotWriter,
    source: Iterable[ReadFile] | Sequence[Article],
    default_date: datetime.date | None,
) -> list[Skipped]:
    """Write articles, each with an id of its own and a day; return what was skipped."""
    skipped: list[Skipped] = []
    taken: set[str] = set()
    position = 0
    for one in source:
        if isinstance(one, Article):
            writer.add(one, one)
            continue
        for read in one.articles:
            dated = dataclasses.replace(read, date=read.date or default_date)
            writer.add(numbered(dated, taken), read, position, one.terms)
        writer.add_file(position, one.state, one.documents, one.skipped)
        skipped += one.skipped
        position += 1
    return skipped


def _prove(paths: SnapshotPaths) -> None:
    """See that a snapshot opens before it becomes live: not all that writes tells when it fails."""
    try:
        open_snapshot(paths)
    except SnapshotError as error:
        raise StorageError(
            f"写入 {paths.folder} 的内容读回时不完整。现有索引未改动；请检查磁盘后再运行 "
            "wenbao rebuild。",
            f"What was written to {paths.folder} does not read back whole. The present index is "
            "unchanged; check the disk and run wenbao rebuild again.",
        ) from error


def _nothing_found(roots: Sequence[str], skipped: Sequence[Skipped]) -> InputError:
    names = ", ".join(roots)
    first = f"{skipped[0].path}: {skipped[0].reason}" if skipped else ""
    chinese, english = (f"跳过的如 {first}", f" Skipped, for one: {first}") if first else ("", "")
    known = " ".join(KINDS)
    return InputError(
        f"在 {names} 里没有找到任何文章，索引未改动。可读的文件：{known}。{chinese}",
        f"No article was found in {names}; the index is unchanged. Wenbao reads {known}.{english}",
    )
