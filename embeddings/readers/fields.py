"""Metadata fields shared by front matter and JSONL records."""

from collections.abc import Mapping

from embeddings.readers.bylines import names
from embeddings.readers.cleaning import clean_headline, clean_text
from embeddings.readers.datelines import dateline
from embeddings.readers.dates import parse_date
from embeddings.readers.draft import Draft

_HEADLINE = ("headline", "title", "标题")
_KICKER = ("kicker", "引题")
_AUTHORS = ("authors", "author", "作者", "记者")
_DATE = ("date", "published", "日期")
_SECTION = ("section", "版面", "栏目")
_ID = ("id",)


def draft_from_fields(
    fields: Mapping[str, object], text: str, lines: tuple[int, int] | None
) -> Draft:
    """Return the draft for a text with metadata; unknown fields are left alone."""
    cleaned = clean_text(text)
    authors = _authors(_first(fields, _AUTHORS)) or dateline(cleaned).authors
    return Draft(
        text=cleaned,
        headline=_headline(_first(fields, _HEADLINE)),
        kicker=_headline(_first(fields, _KICKER)),
        authors=authors,
        date=parse_date(_first(fields, _DATE)),
        section=_headline(_first(fields, _SECTION)),
        kind="photo" if fields.get("kind") == "photo" else "article",
        given_id=_given_id(_first(fields, _ID)),
        lines=lines,
    )


def _first(fields: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((fields[key] for key in keys if fields.get(key)), None)


def _headline(value: object) -> str | None:
    return (clean_headline(str(value)) or None) if isinstance(value, str | int | float) else None


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return names(value)
    if isinstance(value, list | tuple):
        return tuple(clean_headline(str(name)) for name in value if str(name).strip())
    return ()


def _given_id(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int) else None
