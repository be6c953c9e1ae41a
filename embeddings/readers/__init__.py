"""Files to articles: finds the files, reads each by its kind, gives every article its id."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from embeddings.errors import InputError
from embeddings.fingerprint import fingerprint_text
from embeddings.readers.dates import date_in_name
from embeddings.readers.decoding import Undecodable, decode
from embeddings.readers.draft import Draft, Origin, Reading
from embeddings.readers.fields import DATE
from embeddings.readers.markdown import read_markdown
from embeddings.readers.plain import read_plain
from embeddings.readers.records import read_jsonl
from embeddings.types import Article, Progress, Skipped, no_progress

_READERS: dict[str, Callable[[str, str], Reading]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}
_ID_LENGTH = 12


def read_paths(
    roots: Sequence[Path], progress: Progress = no_progress
) -> tuple[list[Article], list[Skipped]]:
    """Read every file in ``roots``, folders recursively, in a fixed order.

    Raises:
        InputError: A root does not exist or cannot be listed.
    """
    articles, skipped, _ = read_with_origins(roots, progress)
    return articles, skipped


def read_with_origins(
    roots: Sequence[Path], progress: Progress = no_progress
) -> tuple[list[Article], list[Skipped], list[tuple[Origin, ...]]]:
    """Read every file as ``read_paths`` does; tell of each article where it is from.

    Raises:
        InputError: A root does not exist or cannot be listed.
    """
    articles: list[Article] = []
    skipped: list[Skipped] = []
    origins: list[tuple[Origin, ...]] = []
    seen_files: dict[str, str] = {}
    taken_ids: set[str] = set()
    files = _files(roots)
    for position, (path, label) in enumerate(files):
        progress("read", position, len(files))
        reading = _read_file(path, label, seen_files)
        skipped.extend(reading.skipped)
        if not reading.drafts and not reading.skipped:
            skipped.append(Skipped(label, "没有文字 / no text in it"))
        for draft in reading.drafts:
            articles.append(_article(draft, path, label, taken_ids))
            named = draft.date is None and articles[-1].date is not None
            by_name = (Origin(DATE, "文件名 file name"),) if named else ()
            origins.append(draft.origins + by_name)
    progress("read", len(files), len(files))
    return articles, skipped, origins


def sources_digest(roots: Sequence[Path]) -> str:
    """Return a digest of the names, sizes and times of all files in ``roots``.

    Raises:
        InputError: A root does not exist or cannot be listed.
    """
    parts: list[str] = []
    for path, label in _files(roots):
        try:
            stat = path.stat()
            parts.append(f"{label}\0{stat.st_size}\0{stat.st_mtime_ns}")
        except OSError:
            parts.append(label)
    return fingerprint_text(*parts)


def _files(roots: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return each file with the label that sources show: its path below the root's parent."""
    found: dict[Path, str] = {}
    for root in roots:
        if not root.exists():
            raise InputError(f"找不到 {root}。请检查路径。", f"There is no {root}. Check the path.")
        base = root.resolve().parent
        for path in _walk(root):
            found.setdefault(path.resolve(), _label(path.resolve(), base))
    return list(found.items())


def _walk(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    try:
        entries = sorted(root.iterdir())
    except OSError as error:
        raise InputError(
            f"无法读取文件夹 {root}（{error}）。请检查权限。",
            f"Cannot read folder {root} ({error}). Check its permissions.",
        ) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _label(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def _read_file(path: Path, label: str, seen_files: dict[str, str]) -> Reading:
    """Read one file; what cannot be read is skipped with a reason."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = " ".join(_READERS)
        return _skip(label, f"不支持的格式（支持 {kinds}） / unsupported format (known: {kinds})")
    try:
        data = path.read_bytes()
    except OSError as error:
        return _skip(label, f"无法读取 / cannot be read: {error.strerror}")
    if not data.strip():
        return _skip(label, "空文件 / empty file")
    digest = hashlib.sha256(data).hexdigest()
    if digest in seen_files:
        return _skip(label, f"与 {seen_files[digest]} 重复 / duplicate of {seen_files[digest]}")
    try:
        text = decode(data)
    except Undecodable:
        return _skip(
            label,
            "不是文本，或编码无法识别（支持 UTF-8、UTF-16、GB18030） / not text, or in an unknown "
            "encoding (known: UTF-8, UTF-16, GB18030)",
        )
    seen_files[digest] = label
    return reader(text.replace("\r\n", "\n").replace("\r", "\n"), label)


def _skip(label: str, reason: str) -> Reading:
    return Reading(skipped=(Skipped(label, reason),))


def _article(draft: Draft, path: Path, label: str, taken_ids: set[str]) -> Article:
    article_id = _unique(draft.given_id or _content_id(draft), taken_ids)
    return Article(
        id=article_id,
        headline=draft.headline,
        kicker=draft.kicker,
        authors=draft.authors,
        date=draft.date or date_in_name(path.name),
        section=draft.section,
        source=f"{label}:{draft.lines[0]}-{draft.lines[1]}" if draft.lines else label,
        kind=draft.kind,
        text=draft.text,
    )


def _content_id(draft: Draft) -> str:
    """An article keeps its id when its file moves or other articles come and go."""
    return hashlib.sha256(draft.text.encode("utf-8", "replace")).hexdigest()[:_ID_LENGTH]


def _unique(article_id: str, taken: set[str]) -> str:
    """Return the id, or with a number where another article has it: both stay citable."""
    candidate, number = article_id, 2
    while candidate in taken:
        candidate, number = f"{article_id}-{number}", number + 1
    taken.add(candidate)
    return candidate
