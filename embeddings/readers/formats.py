"""Which reader reads which file, and how much it may be given.

Text is read here; what a library with a parser of its own reads is read in a sandbox, and so is
text that is longer than articles and pages are: it might take any time.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from embeddings.readers.archive import members
from embeddings.readers.decoding import Undecodable, decode
from embeddings.readers.draft import Reading, Unreadable, skip
from embeddings.readers.sandbox import Sandbox

_TEXT = (".txt", ".md", ".markdown", ".jsonl", ".csv", ".tsv")
_SANDBOXED_IF_LONG = {".txt": "plain", ".md": "markdown", ".markdown": "markdown"}
_SANDBOXED = {
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
}
_ARCHIVE = ".zip"
KINDS = (*_TEXT, *_SANDBOXED, _ARCHIVE)

_MEGABYTE = 1 << 20
_MAX_BYTES = dict.fromkeys(KINDS, 32 * _MEGABYTE) | {
    # Many articles, or images: such files are large without being odd.
    **dict.fromkeys((".jsonl", ".csv", ".tsv", ".pdf", _ARCHIVE), 512 * _MEGABYTE),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), 256 * _MEGABYTE),
}
_MAX_LINE = 4_000_000
"""Longest line of text in characters: a book has fewer."""
_LONG = 50_000
"""Characters from which text may take long to read."""
_OTHER_BREAKS = dict.fromkeys(map(ord, "\v\x1c\x1d\x1e\x85\u2028\u2029"), " ")
"""Breaks inside a line, as InDesign and Word leave them: no line of the file ends there."""
_BLANKS = re.compile(r"[^\S\n\f]{200,}")
"""More blanks than any layout needs; a search for what follows them may start at each."""


class Document(NamedTuple):
    """A file, or a file in an archive, and what was read in it.

    Attributes:
        label: What sources call it.
        digest: Of its content, where it was read or is a duplicate.
        original: The label of the document it is a duplicate of.
    """

    label: str
    reading: Reading
    digest: str | None = None
    original: str | None = None


@dataclass(slots=True)
class Documents:
    """Reads documents one after another; remembers which it has seen.

    Attributes:
        explain: Readings of pages tell what became of each line.
        seen: The label of each document that was read, by the digest of its content.
    """

    sandbox: Sandbox
    explain: bool = False
    seen: dict[str, str] = field(default_factory=dict)

    def read(self, path: Path, label: str) -> Iterator[Document]:
        """Yield the file, or each file in it if it is an archive.

        What cannot be read is skipped with a reason.
        """
        suffix = path.suffix.lower()
        try:
            check(suffix, path.stat().st_size)
            data = path.read_bytes()
        except Unreadable as error:
            yield Document(label, skip(label, str(error)))
            return
        except OSError as error:
            yield Document(label, skip(label, f"无法读取 / cannot be read: {error.strerror}"))
            return
        if suffix != _ARCHIVE:
            yield self._document(data, suffix, label)
            return
        for name, content in members(data, check):
            inner = f"{label}!/{name}" if name else label
            if isinstance(content, Unreadable):
                yield Document(inner, skip(inner, str(content)))
            else:
                kind = PurePosixPath(name).suffix.lower()
                yield self._document(content, kind, inner)

    def seen_elsewhere(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield documents that were read elsewhere, duplicates of what is known here as such."""
        for document in documents:
            if document.digest in self.seen:
                yield _repeated(document.label, document.digest, self.seen[document.digest])
                continue
            if document.digest is not None:
                self.seen[document.digest] = document.label
            yield document

    def _document(self, data: bytes, suffix: str, label: str) -> Document:
        if not data.strip():
            return Document(label, skip(label, "空文件 / empty file"))
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.seen:
            return _repeated(label, digest, self.seen[digest])
        try:
            if suffix in _SANDBOXED:
                reading = self.sandbox.read(_SANDBOXED[suffix], data, label, self.explain)
            else:
                reading = self._text(_text(data), suffix, label)
        except Unreadable as error:
            return Document(label, skip(label, str(error)))
        self.seen[digest] = label
        return Document(label, _told(reading, label), digest)

    def _text(self, text: str, suffix: str, label: str) -> Reading:
        if len(text) > _LONG and suffix in _SANDBOXED_IF_LONG:
            kind = _SANDBOXED_IF_LONG[suffix]
            return self.sandbox.read(kind, text.encode(), label, self.explain)
        return _read_text(text, suffix, label, self.explain)


def _repeated(label: str, digest: str, other: str) -> Document:
    repeated = skip(label, f"与 {other} 重复 / duplicate of {other}")
    return Document(label, repeated, digest, other)


def _read_text(text: str, suffix: str, label: str, explain: bool) -> Reading:
    # Compiling the readers' patterns takes longer than answering a question, which needs none.
    if suffix == ".txt":
        from embeddings.readers.plain import read_plain

        return read_plain(text, label, explain=explain)
    if suffix == ".jsonl":
        from embeddings.readers.records import read_jsonl

        return read_jsonl(text, label)
    if suffix in {".csv", ".tsv"}:
        from embeddings.readers.tables import read_csv

        return read_csv(text, label)
    from embeddings.readers.markdown import read_markdown

    return read_markdown(text, label)


def _told(reading: Reading, label: str) -> Reading:
    """Return a reading that says so where nothing was found."""
    return reading if reading.drafts or reading.skipped else skip(label, "没有文字 / no text in it")


def check(suffix: str, size: int) -> None:
    """Refuse a file by its kind or size, before it is read.

    Raises:
        Unreadable: No reader for it, or too large.
    """
    if suffix not in KINDS:
        known = " ".join(KINDS)
        raise Unreadable(f"不支持的格式（支持 {known}）", f"unsupported format (known: {known})")
    if size > _MAX_BYTES[suffix]:
        limit = _MAX_BYTES[suffix] // _MEGABYTE
        raise Unreadable(
            f"文件太大（{suffix} 最大 {limit} MB），请拆分",
            f"too large (a {suffix} may have {limit} MB); split it",
        )


def _text(data: bytes) -> str:
    """Decode a text and give it Unix line ends.

    Raises:
        Unreadable: Not text, or a line is too long to be one.
    """
    try:
        text = decode(data)
    except Undecodable as error:
        raise Unreadable(
            "不是文本，或编码无法识别（支持 UTF-8、UTF-16、GB18030、Big5）",
            "not text, or in an unknown encoding (known: UTF-8, UTF-16, GB18030, Big5)",
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_OTHER_BREAKS)
    if len(text) > _MAX_LINE and max(map(len, text.split("\n"))) > _MAX_LINE:
        raise Unreadable(
            f"有一行超过 {_MAX_LINE} 个字符，不像文章",
            f"has a line of more than {_MAX_LINE} characters, which is no article",
        )
    return _BLANKS.sub(" " * 200, text)
