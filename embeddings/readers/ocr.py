"""Recognizes the text of page images with rapidocr, the optional extra ``wenbao[ocr]``."""

import functools
import importlib.util
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from embeddings.readers.draft import Unreadable
from embeddings.readers.layout import Span

if TYPE_CHECKING:
    from rapidocr import RapidOCR

MAX_PIXELS = 25_000_000
"""Larger images are scaled down to this: a broadsheet at 250 dpi."""
_TILE_PIXELS = 3_000_000
"""What is recognized at once: bounds memory and the number of lines."""
_OVERLAP = 320
"""Pixels that tiles share, so that no line up to this height is cut by all of them."""
_SURE = 0.5
"""Least confidence of a line; below it is more noise than text."""
_LATIN_WIDTH = 0.55
"""Width of a Latin character or figure in ems."""
_BODY_SIZE = 1.2
"""Sizes that differ from the body's by less are the body's: measured sizes are not exact."""
_SHORT_SIZE = 1.45
"""Lines too short to tell take the nearest size of another line, unless it differs by more."""
_NEXT_SIZE = 1.08
"""Other sizes, in order, are one as long as the steps between them are smaller."""
_WIDER = 1.15
"""How much larger than its height a line's width may make its type, compared with other lines."""
_CLOSING = tuple("，。、；：！？）”》」』")
_TELLS_SIZE = 4
"""Least number of characters whose width tells the type size."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Line:
    """A recognized line: the middle of its box and its extents along and across the text."""

    text: str
    x: float
    y: float
    width: float
    height: float
    angle: float


def is_installed() -> bool:
    """Tell whether the extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


def recognize(image: Image.Image, tick: Callable[[], None] = lambda: None) -> list[Span]:
    """Return the lines of text of an image, set upright, with sizes in pixels.

    Args:
        image: A page.
        tick: Called after each part of the page, every few seconds.

    Raises:
        Unreadable: The extra is not installed.
    """
    if not is_installed():
        raise Unreadable(
            "是扫描图像，需要文字识别；请先安装：pip install 'wenbao[ocr]'",
            "a scanned image; to have it read: pip install 'wenbao[ocr]'",
        )
    scale = math.sqrt(MAX_PIXELS / max(1, image.width * image.height))
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _spans(list(_lines(np.asarray(image.convert("RGB"), np.uint8), tick)))


@functools.cache
def _engine() -> "RapidOCR":
    from rapidocr import RapidOCR

    # Tiles are neither shrunk, which loses small type, nor blown up if they are low.
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 1_000_000,
            "Det.limit_side_len": 32,
        }
    )


def _lines(pixels: Pixels, tick: Callable[[], None]) -> Iterator[_Line]:
    """Recognize tile after tile; a line counts in the tile that holds its middle."""
    height, width = pixels.shape[:2]
    step = max(_OVERLAP, _TILE_PIXELS // width - _OVERLAP)
    for top in range(0, height, step):
        bottom = min(height, top + step + _OVERLAP)
        is_last = bottom == height
        first = top + _OVERLAP / 2 if top else 0.0
        last = float(bottom) if is_last else bottom - _OVERLAP / 2
        found = _engine()(pixels[top:bottom], use_cls=False)
        for box, text, score in zip(
            found.boxes if found.boxes is not None else (),
            found.txts or (),
            found.scores or (),
            strict=True,
        ):
            line = _line(np.asarray(box, np.float64) + (0, top), text)
            if score >= _SURE and first <= line.y < last and text.strip():
                yield line
        tick()
        if is_last:
            return


def _line(box: NDArray[np.float64], text: str) -> _Line:
    """Measure a box, given as its corners from the top left clockwise, shape (4, 2)."""
    along = (box[1] - box[0] + box[2] - box[3]) / 2
    across = (box[3] - box[0] + box[2] - box[1]) / 2
    x, y = box.mean(axis=0)
    angle = math.atan2(along[1], along[0])
    return _Line(text.strip(), float(x), float(y), math.hypot(*along), math.hypot(*across), angle)


def _spans(lines: Sequence[_Line]) -> list[Span]:
    """Turn the page upright by the angle of its long lines; give each line a type size."""
    long = [line.angle for line in lines if line.width > 5 * line.height]
    angle = statistics.median(long) if long else 0.0
    cos, sin = math.cos(angle), math.sin(angle)
    spans: list[Span] = []
    for line, size in zip(lines, _sizes(lines), strict=True):
        x, y = line.x * cos + line.y * sin, line.y * cos - line.x * sin
        half = line.width / 2
        spans.append(Span(line.text, x - half, y - size / 2, x + half, y + size / 2, size))
    return spans


def _sizes(lines: Sequence[_Line]) -> list[float]:
    """Return type sizes: from width where the text is long enough, else from height.

    Boxes are padded by an amount that depends on their shape, so heights alone mislead.
    """
    ems = [_ems(line.text) for line in lines]
    measured = [
        line.width / (count + 0.5) if count >= _TELLS_SIZE else None
        for line, count in zip(lines, ems, strict=True)
    ]
    ratios = [
        size / line.height
        for line, size in zip(lines, measured, strict=True)
        if size is not None and line.height > 0
    ]
    ratio = statistics.median(ratios) if ratios else 0.8
    sizes = [
        # Letterspaced and justified text is wide but not high.
        min(size, _WIDER * ratio * line.height) if size is not None else ratio * line.height
        for line, size in zip(lines, measured, strict=True)
    ]
    return _levelled(sizes, ems)


def _ems(text: str) -> float:
    """Return the width of a text as set; boxes end where the ink of a closing mark does."""
    ems = sum(_LATIN_WIDTH if character < "\u02ff" else 1.0 for character in text)
    return ems - 0.5 if text.endswith(_CLOSING) else ems


def _levelled(sizes: list[float], weights: list[float]) -> list[float]:
    """Give sizes that are hardly different one value."""
    if not sizes:
        return []
    ordered = sorted(zip(sizes, weights, strict=True))
    half = sum(weights) / 2
    body = ordered[-1][0]
    for size, weight in ordered:
        half -= weight
        if half <= 0:
            body = size
            break
    levels: list[list[float]] = []
    for size, weight in ordered:
        if weight < _TELLS_SIZE or max(size, body) < _BODY_SIZE * min(size, body):
            continue
        if levels and size < _NEXT_SIZE * levels[-1][-1]:
            levels[-1].append(size)
        else:
            levels.append([size])
    known = [body, *(statistics.median(level) for level in levels)]
    levelled: list[float] = []
    for size, weight in zip(sizes, weights, strict=True):
        is_body = weight >= _TELLS_SIZE and max(size, body) < _BODY_SIZE * min(size, body)
        nearest = min(known, key=lambda level: max(size, level) / min(size, level))
        far = max(size, nearest) > _SHORT_SIZE * min(size, nearest)
        levelled.append(body if is_body else size if far else nearest)
    return levelled
