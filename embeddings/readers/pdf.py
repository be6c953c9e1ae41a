"""PDF pages: their text with places and sizes (``pdf_text``), or an image to be recognized."""

import functools
import math
from collections.abc import Callable

import pypdfium2
import pypdfium2.raw as pdfium

from embeddings.readers.draft import Reading, Unreadable, joined, on_page, skip
from embeddings.readers.layout import Span, page_lines
from embeddings.readers.ocr import MAX_PIXELS, recognize
from embeddings.readers.page import reconstruct
from embeddings.readers.pdf_text import text_spans
from embeddings.types import Progress, no_progress

_MAX_PAGES = 2_000
_MAX_SPANS = 6_000
"""Most pieces of lines of a page; a broadsheet has 2,000."""
_MIN_CHARACTERS = 20
"""A page with fewer characters and an image on it is a scan."""
_SCAN_DPI = 200
_POINTS_PER_INCH = 72
_PASSWORD_ERROR = 4


def read_pdf(
    data: bytes, path: str, progress: Progress = no_progress, explain: bool = False
) -> Reading:
    """Return the articles of all pages, each with the page it begins on.

    Raises:
        Unreadable: Encrypted, damaged, or images only where OCR is not installed.
    """
    readings: list[Reading] = []
    with _open(data) as document:
        count = len(document)
        if count > _MAX_PAGES:
            raise Unreadable(f"超过 {_MAX_PAGES} 页，请拆分", f"over {_MAX_PAGES} pages; split it")
        for index in range(count):
            tick = functools.partial(progress, "pages", index, count)
            tick()
            place = f"{path}#page={index + 1}"
            try:
                lines = page_lines(_spans_of(document, index, tick))
            except Unreadable as error:
                readings.append(skip(place, str(error)))
                continue
            reading = reconstruct(lines, place, explain)
            readings.append(on_page(reading, index + 1, place))
        progress("pages", count, count)
    found = joined(readings)
    if not found.drafts and not found.skipped:
        raise Unreadable("没有文字", "no text in it")
    return found


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == _PASSWORD_ERROR:
            raise Unreadable(
                "PDF 已加密，请先去掉密码", "encrypted PDF; remove its password first"
            ) from error
        raise Unreadable("PDF 已损坏，请重新导出", "damaged PDF; export it again") from error
    if len(document) == 0:
        document.close()
        raise Unreadable("PDF 已损坏，没有页面", "damaged PDF: it has no pages")
    return document


def _spans_of(document: pypdfium2.PdfDocument, index: int, tick: Callable[[], None]) -> list[Span]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise Unreadable("此页已损坏", "this page is damaged") from error
    try:
        spans = text_spans(page)
        written = sum(len(span.text) for span in spans)
        if written < _MIN_CHARACTERS and _has_image(page):
            spans = _scan(page, tick)
        if len(spans) > _MAX_SPANS:
            raise Unreadable(
                "此页文字过于零碎", f"more than {_MAX_SPANS} pieces of text on the page"
            )
        return spans
    finally:
        page.close()


def _has_image(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _scan(page: pypdfium2.PdfPage, tick: Callable[[], None]) -> list[Span]:
    width, height = page.get_size()
    scale = _SCAN_DPI / _POINTS_PER_INCH
    scale = min(scale, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
    return recognize(page.render(scale=scale, grayscale=True).to_pil(), tick)
