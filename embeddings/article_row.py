"""An article as a row of the corpus, written and read."""

import datetime
import json
from collections.abc import Sequence
from typing import cast

from embeddings.fingerprint import Fingerprint
from embeddings.types import Article, Kind

COLUMNS = "id, headline, kicker, authors, date, section, source, kind, text"
"""In the order of ``to_columns``."""


def to_columns(article: Article) -> tuple[str | None, ...]:
    """Return the columns of an article; ``from_columns`` makes an equal article of them."""
    return (
        article.id,
        article.headline,
        article.kicker,
        json.dumps(article.authors, ensure_ascii=False),
        written_day(article.date),
        article.section,
        article.source,
        article.kind,
        article.text,
    )


def from_columns(columns: Sequence[str | None]) -> Article:
    """Return the article of written columns."""
    article_id, headline, kicker, authors, date, section, source, kind, text = columns
    return Article(
        id=article_id or "",
        headline=headline,
        kicker=kicker,
        authors=tuple(json.loads(authors or "[]")),
        date=read_day(date),
        section=section,
        source=source or "",
        kind=cast(Kind, kind),
        text=text or "",
    )


def written_day(day: datetime.date | None) -> str | None:
    """Return a day as a row has it, YYYY-MM-DD."""
    return day.isoformat() if day else None


def read_day(written: str | None) -> datetime.date | None:
    """Return the day that a row has."""
    return datetime.date.fromisoformat(written) if written else None


def row_digest(columns: Sequence[object]) -> int:
    """Return the digest of an article's position and columns, 64 bits with a sign."""
    fingerprint = Fingerprint()
    fingerprint.add(json.dumps(columns, ensure_ascii=False))
    return int(fingerprint)
