"""Page images, from scanners and cameras: .png, .jpg and .tif, the last with several pages."""

import functools
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from embeddings.readers.draft import Reading, Unreadable, joined, on_page
from embeddings.readers.layout import page_lines
from embeddings.readers.ocr import recognize
from embeddings.readers.page import reconstruct
from embeddings.types import Progress, no_progress

_MAX_PIXELS = 120_000_000
"""A broadsheet at 400 dpi has 60 million."""
_MAX_PAGES = 500
_FORMATS = ("PNG", "JPEG", "TIFF")


def read_image(
    data: bytes, path: str, progress: Progress = no_progress, explain: bool = False
) -> Reading:
    """Return the articles of a page image, or of all pages of a .tif.

    Raises:
        Unreadable: Damaged, too large, without text, or OCR is not installed.
    """
    readings: list[Reading] = []
    try:
        # The size is checked below, by our own bound, before any pixel is decoded.
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            count = getattr(image, "n_frames", 1)
            if count > _MAX_PAGES:
                raise Unreadable(f"超过 {_MAX_PAGES} 页", f"more than {_MAX_PAGES} pages")
            for index in range(count):
                tick = functools.partial(progress, "ocr", index, count)
                tick()
                image.seek(index)
                place = f"{path}#page={index + 1}" if count > 1 else path
                lines = page_lines(recognize(_upright(image), tick))
                page = index + 1 if count > 1 else None
                readings.append(on_page(reconstruct(lines, place, explain), page, place))
            progress("ocr", count, count)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unreadable(
            "图像已损坏，请重新扫描或另存", f"damaged image; scan or save it again: {error}"
        ) from error
    found = joined(readings)
    if not found.drafts and not found.skipped:
        raise Unreadable("图像中没有认出文字", "no text recognized in the image")
    return found


def _upright(image: Image.Image) -> Image.Image:
    if image.width * image.height > _MAX_PIXELS:
        limit = _MAX_PIXELS // 1_000_000
        raise Unreadable(
            f"图像太大（最多 {limit} 百万像素），请缩小",
            f"too large (at most {limit} million pixels); scale it down",
        )
    return ImageOps.exif_transpose(image)
