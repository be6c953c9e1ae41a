"""Measures the reading of scans: printed pages at 200 dpi, turned a little and noisy.

python -m tests.eval.scans [PAGES] [FIRST SEED]
"""

import io
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from embeddings.readers.image import read_image
from tests.printed import plan, with_typst
from tests.printed_measures import PrintedMeasures
from tests.stories import Story, news_stories, seed_stories

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


def measure(stories: Sequence[Story], seeds: Sequence[int]) -> tuple[PrintedMeasures, float]:
    """Return the measures over pages of 3 and 5 columns in turn, and seconds a page."""
    measures, seconds = PrintedMeasures(), 0.0
    for seed in seeds:
        sheet = plan(stories, (3, 5)[seed % 2], seed)
        data = scan(with_typst(sheet), seed)
        began = time.perf_counter()
        measures.add(sheet, read_image(data, "a.png"), exact=False)
        seconds += time.perf_counter() - began
        sys.stderr.write(f"{seed}: {_line(measures)}\n")
    return measures, seconds / len(seeds)


def _line(measures: PrintedMeasures) -> str:
    return (
        f"character errors {measures.error_rate:.4f}, headlines own {measures.own_share:.3f} "
        f"wrong {measures.wrong_share:.3f} of {measures.headlines}, pages {measures.pages}"
    )


def main(pages: int = 10, first: int = 2000) -> None:
    checkout = Path(__file__).resolve().parents[2]
    stories = seed_stories(checkout / "seeds")
    shared = checkout.parent / "shared" / "data" / "news"
    if shared.is_dir():
        stories += news_stories(shared, 300)
    measures, seconds = measure(stories, range(first, first + pages))
    sys.stdout.write(f"{_line(measures)}; {seconds:.1f} s a page\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
