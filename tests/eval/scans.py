"""Measures the reading of scans: printed pages at 200 dpi, turned a little and noisy.

python -m tests.eval.scans [PAGES] [FIRST SEED]
"""

import io
import random
import sys
import time
from collections.abc import Sequence

import numpy as np
import pypdfium2
from PIL import Image

from embeddings.readers.image import read_image
from tests.eval.printed_pages import unseen_stories
from tests.printed import plan, with_typst
from tests.printed_measures import PrintedMeasures
from tests.stories import Story

DPI = 200
MAX_TURN = 0.8
"""Degrees."""
NOISE = 10.0
"""Standard deviation, of 256 levels of grey."""


def scan(pdf: bytes, seed: int) -> bytes:
    """Return the first page as a PNG image, as a scanner would give it."""
    rng = random.Random(seed)
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=DPI / 72, grayscale=True).to_pil()
    image = image.rotate(
        rng.uniform(-MAX_TURN, MAX_TURN), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    pixels = np.asarray(image, np.float32)
    grain = np.random.default_rng(seed).normal(0.0, NOISE, pixels.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels * 0.92 + grain, 0, 255).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def measure(stories: Sequence[Story], seeds: Sequence[int]) -> tuple[PrintedMeasures, float, float]:
    """Return the measures over pages of 3 and 5 columns in turn, and seconds and CPU a page."""
    measures, seconds, busy = PrintedMeasures(), 0.0, 0.0
    for seed in seeds:
        sheet = plan(stories, (3, 5)[seed % 2], seed)
        data = scan(with_typst(sheet), seed)
        began, used = time.perf_counter(), time.process_time()
        measures.add(sheet, read_image(data, "a.png"), exact=False)
        seconds += time.perf_counter() - began
        busy += time.process_time() - used
        sys.stderr.write(f"{seed}: {_line(measures)}\n")
    return measures, seconds / len(seeds), busy / len(seeds)


def _line(measures: PrintedMeasures) -> str:
    return (
        f"character errors {measures.error_rate:.4f}, headlines own {measures.own_share:.3f} "
        f"wrong {measures.wrong_share:.3f} of {measures.headlines}, pages {measures.pages}"
    )


def main(pages: int = 10, first: int = 2000) -> None:
    measures, seconds, busy = measure(unseen_stories(), range(first, first + pages))
    sys.stdout.write(f"{_line(measures)}; {seconds:.1f} s a page, {busy:.1f} s of CPU\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
