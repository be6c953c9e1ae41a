"""The corpus: its articles as a list and over time, and each of them whole."""

import datetime
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException

from embeddings import Filters, load_index
from embeddings.address import IndexAddress
from embeddings.errors import WenbaoError
from qa.catalogue import listing, names
from qa.naming import name_of

PAGE = 50
"""Articles of the list that are sent at a time."""
MOST_NAMES = 500
"""Sections and authors that are offered to choose from."""


def add_to(router: APIRouter, index: IndexAddress) -> None:
    """Answer ``corpus``, ``names``, ``articles`` and ``article``."""

    @router.get("/corpus")
    def corpus() -> dict[str, Any]:
        try:
            opened = load_index(index)
        except WenbaoError as error:
            missing = {"chinese": error.chinese, "english": error.english}
            return {"snapshot": None, "articles": 0, **missing}
        return {"snapshot": opened.name, "articles": opened.manifest.articles}

    @router.get("/names")
    def sections_and_authors() -> dict[str, Any]:
        found = names(load_index(index))
        return {
            "sections": found.sections[:MOST_NAMES],
            "authors": found.authors[:MOST_NAMES],
        }

    @router.get("/articles")
    def articles(
        since: datetime.date | None = None,
        until: datetime.date | None = None,
        author: str | None = None,
        section: str | None = None,
        words: str = "",
        offset: int = 0,
    ) -> dict[str, Any]:
        filters = Filters(since, until, author or None, section or None)
        return asdict(listing(load_index(index), filters, words, max(0, offset), PAGE))

    @router.get("/article")
    def article(article_id: str) -> dict[str, Any]:
        found = load_index(index).article(article_id)
        if found is None:
            raise HTTPException(404)
        return asdict(found) | {"name": name_of(found.headline, found.text)}
