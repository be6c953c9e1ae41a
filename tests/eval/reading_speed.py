"""How many articles a second are read on one core, without the encoder.

``python -m tests.eval.reading_speed ../shared/data/news`` prints articles a second of processor
time for pages of text and for JSONL, with dictionaries loaded: the best of three rounds. Without
a folder the articles are those of ``seeds/``.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from embeddings.dictionary import word_cutter
from embeddings.readers.plain import read_plain
from embeddings.readers.records import read_jsonl
from tests.pages import make_page
from tests.stories import news_stories, seed_stories

PAGES = 120
ROUNDS = 3


def articles_a_second(read: Callable[[], int]) -> float:
    """Return the best of a few rounds; ``read`` returns how many articles it read."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        count = read()
        best = max(best, count / (time.process_time() - start))
    return best


def main(
    news: Annotated[Path | None, typer.Argument(help="A folder of news as JSONL.")] = None,
) -> None:
    """Print a line of JSON."""
    seeds = Path(__file__).resolve().parents[2] / "seeds"
    stories = seed_stories(seeds)
    records = (seeds / "briefs.jsonl").read_text(encoding="utf-8")
    if news is not None:
        stories += news_stories(news, limit=800)
        records = "".join(p.read_text(encoding="utf-8") for p in sorted(news.glob("*.jsonl")))
    pages = [make_page(stories, seed).text for seed in range(PAGES)]
    word_cutter()
    read_plain(pages[0], "page.txt")
    figures = {
        "page": articles_a_second(
            lambda: sum(len(read_plain(page, "page.txt").drafts) for page in pages)
        ),
        "jsonl": articles_a_second(lambda: len(read_jsonl(records, "news.jsonl").drafts)),
    }
    typer.echo(json.dumps({name: round(value) for name, value in figures.items()}))


if __name__ == "__main__":
    typer.run(main)
