"""Word documents: paragraphs, tables and text boxes in order, with the document's own metadata."""

import dataclasses
import io
import zipfile
import zlib
from collections.abc import Iterator

import docx
import lxml.etree
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.text.paragraph import Paragraph

from embeddings.readers.archive import refuse_bomb
from embeddings.readers.cleaning import clean_headline
from embeddings.readers.draft import Draft, Reading, Unreadable
from embeddings.readers.plain import read_plain
from embeddings.types import Progress, Skipped, no_progress

_TITLE = ("title", "标题")
_HEADING = ("heading 1", "heading1", "标题 1")
_MAX_PART = 64 << 20
"""Longest part of a document in bytes, unpacked; its text is one part."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How old .doc files and encrypted documents begin."""
_ALTERNATIVE = (
    "ancestor::*[local-name()='Choice' or local-name()='Fallback']"
    "[preceding-sibling::*[local-name()='Choice']//w:txbxContent]"
)
"""A text box for other versions of Word, with the text that another has already."""
_PARAGRAPHS = (
    f"w:body//w:p[not({_ALTERNATIVE}"
    " or ancestor::w:sdt/w:sdtPr//w:docPartGallery[@w:val='Table of Contents'])]"
)
_RUNS = (
    ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:rt"
    " or ancestor::w:sdt/w:sdtPr/w:showingPlcHdr)]"
)
"""Not what was deleted or moved elsewhere, phonetic guides, prompts of empty fields."""
_Styled = tuple[str, str]
"""A paragraph's text and the name of its style."""


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
    parts = _articles(list(_paragraphs(document)))
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    for part in parts:
        reading = _read_part(part, path)
        drafts += [dataclasses.replace(draft, lines=None) for draft in reading.drafts]
        # Lines of a document have no numbers that a reader could see.
        skipped += [dataclasses.replace(skip, path=path) for skip in reading.skipped]
    if len(drafts) == 1 and drafts[0].headline is None:
        title = clean_headline(document.core_properties.title)
        drafts = [dataclasses.replace(drafts[0], headline=title or None)]
    return Reading(tuple(drafts), tuple(skipped))


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


def _paragraphs(document: Document) -> Iterator[_Styled]:
    """Yield text and style name of each paragraph, those of tables and text boxes among them.

    They are taken from the XML, where python-docx leaves out tracked changes and content controls;
    a merged cell comes once. A text box comes after the paragraph that it is anchored in, and as
    in tables no style there tells of articles: the text around it goes on.
    """
    for paragraph in document.element.xpath(_PARAGRAPHS):
        runs = (run for run in paragraph.xpath(_RUNS) if _is_of(run, paragraph))
        text = "".join(run.text for run in runs)
        within = next(paragraph.iterancestors(qn("w:tbl"), qn("w:txbxContent")), None)
        yield text, _style(Paragraph(paragraph, document)) if within is None else ""


def _is_of(run: CT_R, paragraph: CT_P) -> bool:
    """Tell whether a run is the paragraph's own, not one in a text box anchored there."""
    return next(run.iterancestors(qn("w:p"))) is paragraph


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _articles(paragraphs: list[_Styled]) -> list[list[_Styled]]:
    """Cut a document whose headings of the first level head articles; else it is one part.

    Where text stands before the first of them, or below a title, they are subheadings.
    """
    written = [(text, style) for text, style in paragraphs if text.strip()]
    for styles in (_TITLE, _HEADING):
        starts = [i for i, (_, style) in enumerate(written) if style in styles]
        before = written[: starts[0]] if starts else []
        if len(starts) > 1 and all(style in _TITLE for _, style in before):
            ends = [*starts[1:], len(written)]
            return [written[start:end] for start, end in zip(starts, ends, strict=True)]
    return [written]


def _read_part(paragraphs: list[_Styled], path: str) -> Reading:
    """Read an article, or a page of them; a style tells a headline better than its form."""
    texts = [text for text, _ in paragraphs]
    is_headed = bool(paragraphs) and paragraphs[0][1] in (*_TITLE, *_HEADING)
    body = read_plain("\n\n".join(texts[1:]), path) if is_headed else Reading()
    if len(body.drafts) != 1:
        return read_plain("\n\n".join(texts), path)
    draft = dataclasses.replace(body.drafts[0], headline=clean_headline(texts[0]))
    return Reading((draft,), body.skipped)
