"""Measures how well pages of text are put back together, by where their articles come from.

python -m tests.eval.generated_pages [PAGES] [FIRST SEED]

Pages are made of news that nothing was tuned on, and of the articles of ``seeds/``, most of which
are of one district. Seeds are others than those of the unit tests and those that were tuned on.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from embeddings.readers.page import read_page
from tests.page_measures import Measures
from tests.pages import make_page
from tests.stories import Story, news_stories, seed_stories

_TUNED_ON = 1_500
"""The first stories of the news were looked at while the reconstruction was made."""


def measure(stories: Sequence[Story], seeds: Sequence[int]) -> tuple[Measures, float]:
    """Return the measures over pages, and the seconds a page."""
    measures, seconds = Measures(), 0.0
    for seed in seeds:
        page = make_page(stories, seed)
        began = time.perf_counter()
        reading = read_page(page.text, "page.txt")
        seconds += time.perf_counter() - began
        measures.add(page, reading)
    return measures, seconds / len(seeds)


def main(pages: int = 300, first: int = 9000) -> None:
    checkout = Path(__file__).resolve().parents[2]
    news = checkout.parent / "shared" / "data" / "news"
    sources = {"seeds/": seed_stories(checkout / "seeds")}
    if news.is_dir():
        sources["news"] = news_stories(news, limit=10_000)[_TUNED_ON:]
    for name, stories in sources.items():
        found, seconds = measure(stories, range(first, first + pages))
        sys.stdout.write(
            f"{name} ({len(stories)} articles): headlines own {found.own_share:.4f} "
            f"wrong {found.wrong_share:.4f} of {found.headlines}, sentences "
            f"{found.placed_share:.4f} of {found.sentences}, characters lost {found.lost}, "
            f"captions {found.captions_right} of {found.captions}, "
            f"notices aside {found.notices_aside} of {found.notices}; "
            f"{1000 * seconds:.0f} ms a page\n"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
