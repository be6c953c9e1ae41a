"""The way from files to a live snapshot."""

import dataclasses
import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.chunks import chunk_article, context_line
from embeddings.corpus import write_corpus
from embeddings.dense import DenseIndex
from embeddings.encoder import encoder_fingerprint, load_encoder
from embeddings.errors import InputError, SnapshotError
from embeddings.fingerprint import fingerprint_text
from embeddings.index import Index, index_fingerprint, load_index
from embeddings.readers import read_paths, sources_digest
from embeddings.readers.formats import KINDS
from embeddings.settings import Settings
from embeddings.snapshot import (
    Manifest,
    SnapshotPaths,
    drop_unfinished,
    new_paths,
    publish,
    writing,
)
from embeddings.sparse import SparseWriter
from embeddings.tokens import simplify_characters, terms
from embeddings.types import Article, Chunk, Encoder, Progress, Skipped, Vectors, no_progress


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``encoded``, ``reused`` and ``removed`` count chunks."""

    snapshot: str
    model: str
    articles: int
    chunks: int
    encoded: int
    reused: int
    removed: int
    skipped: tuple[Skipped, ...]
    seconds: float


def rebuild(
    paths: Sequence[str | Path],
    index: str | Path | None = None,
    model: str | None = None,
    progress: Progress = no_progress,
    date: datetime.date | None = None,
) -> Rebuilt:
    """Make the index hold exactly the articles found in ``paths``.

    Vectors of chunks that did not change are carried over. Whatever goes wrong, the snapshot
    that was live stays live.

    Args:
        paths: Files and folders (read recursively).
        index: The index folder; default the setting ``WENBAO_INDEX``.
        model: See ``load_encoder``.
        progress: Told about the stages ``read``, ``encode`` and ``write``.
        date: Day of publication of the articles that tell none themselves.

    Raises:
        InputError: A path does not exist, or there is no article in any of them.
        EncoderError: The model cannot be loaded.
        LockError: Another process is rebuilding the same index.
    """
    began = time.perf_counter()
    folder = (Path(index) if index is not None else Settings().index).expanduser()
    roots = [Path(path) for path in paths]
    sources = sources_digest(roots)
    articles, skipped = read_paths(roots, progress)
    if not articles:
        raise _nothing_found(roots, skipped)
    dated = [dataclasses.replace(article, date=article.date or date) for article in articles]
    return _index(dated, skipped, folder, model, progress, roots, sources, began, date)


def index_articles(
    articles: Sequence[Article],
    index: str | Path,
    model: str | None = None,
    progress: Progress = no_progress,
) -> Rebuilt:
    """Make the index hold exactly the given articles, whose ids must differ.

    Raises:
        EncoderError: The model cannot be loaded.
        LockError: Another process is rebuilding the same index.
    """
    began = time.perf_counter()
    return _index(articles, (), Path(index), model, progress, (), "", began)


def _index(
    articles: Sequence[Article],
    skipped: Sequence[Skipped],
    folder: Path,
    model: str | None,
    progress: Progress,
    roots: Sequence[Path],
    sources: str,
    began: float,
    date: datetime.date | None = None,
) -> Rebuilt:
    with writing(folder):
        encoder = load_encoder(model)
        old = _live_index(folder)
        manifest = Manifest(
            created=datetime.datetime.now(datetime.UTC),
            model=encoder.name,
            encoder=encoder.fingerprint,
            fingerprint=index_fingerprint(encoder.fingerprint),
            dimension=encoder.dimension,
            articles=len(articles),
            chunks=0,
            corpus=_corpus_digest(articles),
            roots=[str(root.resolve()) for root in roots],
            sources=sources,
            default_date=date,
        )
        if old is not None and _same(old.manifest, manifest):
            done = (old.paths.name, old.manifest.chunks, 0, old.manifest.chunks, 0)
        else:
            done = _write_snapshot(folder, articles, manifest, encoder, old, progress)
    name, chunks, encoded, reused, removed = done
    return Rebuilt(
        snapshot=name,
        model=encoder.name,
        articles=len(articles),
        chunks=chunks,
        encoded=encoded,
        reused=reused,
        removed=removed,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - began, 3),
    )


def is_stale(index: Index, paths: Sequence[str | Path], model: str | None = None) -> bool:
    """Tell whether ``rebuild`` with the same arguments would change the index.

    Without a model named, in a call or by ``WENBAO_MODEL``, the index's own model will do.
    """
    roots = [Path(path) for path in paths]
    encoder = encoder_fingerprint(model or Settings().model or index.manifest.model)
    return (
        index.manifest.roots != [str(root.resolve()) for root in roots]
        or index.manifest.sources != sources_digest(roots)
        or index.manifest.fingerprint != index_fingerprint(encoder)
    )


def encoded_text(article: Article, chunk: Chunk) -> str:
    """Return what is encoded and posted for a chunk: its text, with its article's context.

    It is in Simplified characters, as questions are: so the script makes no difference.
    """
    context = context_line(article)
    return simplify_characters(f"{context}\n{chunk.text}" if context else chunk.text)


def _write_snapshot(
    folder: Path,
    articles: Sequence[Article],
    manifest: Manifest,
    encoder: Encoder,
    old: Index | None,
    progress: Progress,
) -> tuple[str, int, int, int, int]:
    """Write and publish; return the name and the counts chunks, encoded, reused, removed."""
    pairs = [(article, chunk) for article in articles for chunk in chunk_article(article)]
    texts = [encoded_text(article, chunk) for article, chunk in pairs]
    keys = [fingerprint_text(text) for text in texts]
    known = old.encoded_keys() if old is not None else {}
    reusable = known if old is not None and old.manifest.encoder == encoder.fingerprint else {}
    vectors = _vectors(texts, keys, encoder, old, reusable, progress)
    drop_unfinished(folder)
    paths = new_paths(folder)
    progress("write", 0, 4)
    write_corpus(paths.corpus, articles, [chunk for _, chunk in pairs], keys)
    progress("write", 1, 4)
    DenseIndex.build(vectors).write(paths.vectors)
    progress("write", 2, 4)
    _write_postings(articles, [chunk for _, chunk in pairs], texts, paths)
    progress("write", 3, 4)
    publish(folder, paths, manifest.model_copy(update={"chunks": len(pairs)}))
    progress("write", 4, 4)
    reused = sum(key in reusable for key in keys)
    removed = len(known.keys() - set(keys))
    return paths.name, len(pairs), len(pairs) - reused, reused, removed


def _vectors(
    texts: Sequence[str],
    keys: Sequence[str],
    encoder: Encoder,
    old: Index | None,
    reusable: dict[str, int],
    progress: Progress,
) -> Vectors:
    """Return one vector a text: carried over by key, or encoded, equal texts only once."""
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in reusable}
    encoded = encoder.encode_documents(list(fresh.values()), progress)
    row_of_fresh = {key: row for row, key in enumerate(fresh)}
    carried = old.vectors() if old is not None and reusable else encoded
    vectors = np.empty((len(keys), encoder.dimension), np.float32)
    for row, key in enumerate(keys):
        vectors[row] = carried[reusable[key]] if key in reusable else encoded[row_of_fresh[key]]
    return vectors


def _write_postings(
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    texts: Sequence[str],
    paths: SnapshotPaths,
) -> None:
    """Post each chunk by its row, and each article, as all its chunks, by its position."""
    by_chunk, by_article = SparseWriter(paths.postings), SparseWriter(paths.article_postings)
    row = 0
    for article in articles:
        whole: list[str] = []
        while row < len(chunks) and chunks[row].article_id == article.id:
            found = terms(texts[row])
            by_chunk.add(found)
            whole += found
            row += 1
        by_article.add(whole)
    by_chunk.finish()
    by_article.finish()


def _live_index(folder: Path) -> Index | None:
    """Open the live snapshot; a missing or damaged one is what a rebuild is there to replace."""
    try:
        return load_index(folder)
    except SnapshotError:
        return None


def _same(old: Manifest, new: Manifest) -> bool:
    told = ("fingerprint", "corpus", "roots", "sources", "default_date")
    return all(getattr(old, name) == getattr(new, name) for name in told)


def _corpus_digest(articles: Sequence[Article]) -> str:
    return fingerprint_text(*(repr(article) for article in articles))


def _nothing_found(roots: Sequence[Path], skipped: Sequence[Skipped]) -> InputError:
    names = ", ".join(str(root) for root in roots)
    first = f"{skipped[0].path}: {skipped[0].reason}" if skipped else ""
    known = " ".join(KINDS)
    return InputError(
        f"在 {names} 里没有找到任何文章，索引未改动。可读的文件：{known}。{first}",
        f"No article was found in {names}; the index is unchanged. Wenbao reads {known}. {first}",
    )
