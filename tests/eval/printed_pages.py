"""Measures the reading of PDF pages with a text layer, by producer and number of columns.

python -m tests.eval.printed_pages [PAGES OF EACH KIND] [FIRST SEED]

Stories and seeds are others than those of the unit tests.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from embeddings.readers.pdf import read_pdf
from tests.printed import PRODUCERS, plan
from tests.printed_measures import PrintedMeasures
from tests.stories import Story, news_stories, seed_stories

_TUNED_ON = 300
"""The first stories of the news were looked at while the layout was made."""


def unseen_stories() -> list[Story]:
    """Return news that no unit test prints; the seeds' where there is no news."""
    checkout = Path(__file__).resolve().parents[2]
    shared = checkout.parent / "shared" / "data" / "news"
    if not shared.is_dir():
        return seed_stories(checkout / "seeds")
    return news_stories(shared, 3 * _TUNED_ON)[_TUNED_ON:]


def measure(
    stories: Sequence[Story], producer: str, grid: int, seeds: Sequence[int]
) -> tuple[PrintedMeasures, float]:
    """Return the measures over pages, and the seconds a page."""
    measures, seconds = PrintedMeasures(), 0.0
    for seed in seeds:
        sheet = plan(stories, grid, seed)
        data = PRODUCERS[producer](sheet)
        began = time.perf_counter()
        measures.add(sheet, read_pdf(data, "a.pdf"))
        seconds += time.perf_counter() - began
    return measures, seconds / len(seeds)


def main(pages: int = 40, first: int = 5000) -> None:
    stories = unseen_stories()
    for producer in PRODUCERS:
        for grid in (3, 5):
            found, seconds = measure(stories, producer, grid, range(first, first + pages))
            sys.stdout.write(
                f"{producer}, {grid} columns: headlines own {found.own_share:.3f} "
                f"wrong {found.wrong_share:.3f} of {found.headlines}, sentences "
                f"{found.placed_share:.4f} of {found.sentences}, dates {found.dates} of "
                f"{found.pages}; {seconds:.2f} s a page\n"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
