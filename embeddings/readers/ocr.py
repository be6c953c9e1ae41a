"""Recognizes the text of page images with rapidocr, an optional extra."""

import importlib.util

from PIL.Image import Image

from embeddings.readers.draft import Unreadable
from embeddings.readers.layout import Span

NO_OCR = Unreadable(
    "是扫描图像，需要文字识别：pip install 'wenbao[ocr]'",
    "a scanned image; to read it: pip install 'wenbao[ocr]'",
)


def is_installed() -> bool:
    """Tell whether the extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


def recognize(image: Image) -> list[Span]:
    """Return the lines of text of an image."""
    raise NO_OCR
