"""Word documents: paragraphs and tables in order, with the document's own metadata."""

import dataclasses
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator

import docx
import lxml.etree
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from embeddings.readers.archive import refuse_bomb
from embeddings.readers.cleaning import clean_headline
from embeddings.readers.draft import Draft, Reading, Unreadable
from embeddings.readers.plain import read_plain
from embeddings.types import Progress, no_progress

_TITLE_STYLES = ("title", "标题", "heading 1", "heading1", "标题 1")
_MAX_PART = 64 << 20
"""Longest part of a document in bytes, unpacked; its text is one part."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How old .doc files and encrypted documents begin."""
_MAX_CELLS = 100_000


def read_docx(data: bytes, path: str, progress: Progress = no_progress) -> Reading:
    """Return the articles of a document: a page of them, or a single one.

    Raises:
        Unreadable: Encrypted, damaged, or no Word document.
    """
    if data.startswith(_OLE):
        raise Unreadable(
            "已加密，或是旧的 .doc 格式，请另存为不加密的 .docx",
            "encrypted, or in the old .doc format; save it as .docx without a password",
        )
    document = _open(data)
    paragraphs = list(_paragraphs(document))
    text = "\n".join(line for line, _ in paragraphs)
    reading = read_plain(text, path)
    drafts = tuple(dataclasses.replace(draft, lines=None) for draft in reading.drafts)
    if len(drafts) == 1:
        drafts = (_with_metadata(drafts[0], document, paragraphs),)
    return Reading(drafts, reading.skipped)


def _open(data: bytes) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            refuse_bomb(package.infolist())
            if any(info.file_size > _MAX_PART for info in package.infolist()):
                raise Unreadable("文档内容过大", "a part of the document is too large")
        return docx.Document(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        zlib.error,
        lxml.etree.LxmlError,
        OpcError,
        KeyError,
        ValueError,
        AttributeError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise Unreadable(
            "Word 文档已损坏，请重新另存", f"damaged Word document; save it again: {error}"
        ) from error


def _paragraphs(document: Document) -> Iterator[tuple[str, str]]:
    """Yield text and style name of each paragraph, cells of tables among them."""
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text, _style(block)
        else:
            yield from ((text, "") for text in _cells(block))


def _cells(table: Table) -> Iterator[str]:
    """Yield the paragraphs of all cells in the XML's order; a merged cell comes once."""
    for paragraph in itertools.islice(table._element.iter(qn("w:p")), _MAX_CELLS):
        yield Paragraph(paragraph, table).text


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _with_metadata(draft: Draft, document: Document, paragraphs: list[tuple[str, str]]) -> Draft:
    """Fill in what the text does not tell from styles and the document's properties."""
    styled = next((text for text, style in paragraphs if style in _TITLE_STYLES), "")
    headline = clean_headline(styled) or draft.headline
    properties = document.core_properties
    return dataclasses.replace(draft, headline=headline or clean_headline(properties.title) or None)
