"""The collections of a snapshot in Milvus, and how articles and chunks become rows of them.

::

    NAME                      an alias of the live snapshot's chunks
    NAME_v20260101T000000...  chunks: vector, terms, offsets and the text up to the next chunk
    ..._articles              articles: terms, and all that is shown but the text
    ..._manifest              written last: it means that the snapshot is complete

Articles are numbered so that ascending numbers mean newest first, those of one day as they were
read: whoever reads rows by their primary key has them in that order.
"""

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from embeddings.lists import SCANNED
from embeddings.matching import folded, split_source
from embeddings.milvus.expressions import path_field, section_field
from embeddings.protocol import UNDATED
from embeddings.types import Article, Kind

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient
    from pymilvus.milvus_client.index import IndexParams

_TEXT = 65_535
"""Bytes that a text field of Milvus may have at most."""
_PART = _TEXT // 4
"""Characters that fit in any case."""
_NAMES = 4_096
"""Names that an array of Milvus may have at most."""
_POSITIONS = 1 << 40
_LAST_DAY = datetime.date.max.toordinal()

SHOWN = ["number", "article_id", "day", "kind", "shown", "chunks"]
"""Fields from which an article is made, its text aside."""


@dataclass(frozen=True, slots=True)
class Collections:
    """The names of a snapshot's collections."""

    chunks: str

    @property
    def articles(self) -> str:
        """The articles."""
        return f"{self.chunks}_articles"

    @property
    def manifest(self) -> str:
        """The manifest."""
        return f"{self.chunks}_manifest"

    def all(self) -> tuple[str, ...]:
        """Return all names, the one first that means completeness."""
        return self.manifest, self.articles, self.chunks


def article_number(day: int, position: int) -> int:
    """Return the number of an article: the newer, the lower."""
    return (_LAST_DAY - day) * _POSITIONS + position


def day_of(number: int) -> int:
    """Return the day of the article with a number, counted from year 1, or ``UNDATED``."""
    return _LAST_DAY - number // _POSITIONS


def day_of_article(article: Article) -> int:
    """Return an article's day, counted from year 1, or ``UNDATED``."""
    return article.date.toordinal() if article.date else UNDATED


def filter_fields(article: Article) -> dict[str, Any]:
    """Return what filters look at, in the rows of an article and of its chunks."""
    file, span = split_source(article.source)
    return {
        "article_id": article.id,
        "day": day_of_article(article),
        "kind": article.kind,
        "authors": list(dict.fromkeys(map(folded, article.authors)))[:_NAMES],
        "section": section_field(article.section) if article.section else "",
        "path": path_field(file),
        "span": span,
    }


def article_fields(article: Article) -> dict[str, Any]:
    """Return what an article is made of again by ``article_from``, its text aside."""
    shown = (
        article.headline, article.kicker, article.authors, article.section, article.source,
        len(article.text),
    )  # fmt: skip
    return {
        "shown": json.dumps(shown, ensure_ascii=False),
        "heading": f"{article.headline or ''}\n{article.kicker or ''}",
    }


def article_from(row: dict[str, Any], text: str) -> Article | None:
    """Return the article of a row with the fields ``SHOWN``, or None if its text is not whole."""
    headline, kicker, authors, section, source, characters = json.loads(row["shown"])
    if len(text) != characters:
        return None
    day = int(row["day"])
    return Article(
        id=row["article_id"],
        headline=headline,
        kicker=kicker,
        authors=tuple(authors),
        date=None if day == UNDATED else datetime.date.fromordinal(day),
        section=section,
        source=source,
        kind=cast(Kind, row["kind"]),
        text=text,
    )


def create_collections(client: "MilvusClient", names: Collections, dimension: int) -> None:
    """Create the collections of a snapshot for vectors of a dimension, empty, without indexes."""
    from pymilvus import DataType

    schema = _schema(client, "row")
    schema.add_field("article", DataType.INT64)
    schema.add_field("start", DataType.INT64)
    schema.add_field("end", DataType.INT64)
    schema.add_field("key", DataType.INT64)
    schema.add_field("text", DataType.VARCHAR, max_length=_TEXT)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    _add_searched(schema)
    client.create_collection(names.chunks, schema=schema)

    schema = _schema(client, "number")
    schema.add_field("chunks", DataType.INT64)
    schema.add_field("shown", DataType.VARCHAR, max_length=_TEXT)
    schema.add_field("heading", DataType.VARCHAR, max_length=_TEXT)
    _add_searched(schema)
    client.create_collection(names.articles, schema=schema)


def create_indexes(client: "MilvusClient", names: Collections, chunks: int) -> None:
    """Create the indexes of filled collections and load them, which waits for all of them."""
    indexes = client.prepare_index_params()
    # As on this machine: exact as long as that is fast.
    kind = "FLAT" if chunks <= SCANNED else "AUTOINDEX"
    indexes.add_index("vector", index_type=kind, metric_type="IP")
    _add_filtered(indexes, "article")
    client.create_index(names.chunks, indexes, sync=False)

    indexes = client.prepare_index_params()
    _add_filtered(indexes)
    client.create_index(names.articles, indexes, sync=False)
    for name in (names.chunks, names.articles):
        client.load_collection(name)


def create_manifest(client: "MilvusClient", names: Collections, manifest: str) -> None:
    """Write the manifest of a snapshot that is complete, in as many parts as it takes."""
    from pymilvus import DataType

    schema = _schema(client, "number")
    schema.add_field("part", DataType.VARCHAR, max_length=_TEXT)
    # No collection of Milvus is without vectors.
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    client.create_collection(names.manifest, schema=schema)
    parts = [manifest[at : at + _PART] for at in range(0, len(manifest), _PART)]
    rows = [{"number": n, "part": part, "vector": [1.0, 0.0]} for n, part in enumerate(parts)]
    client.upsert(names.manifest, rows)
    client.flush(names.manifest)
    indexes = client.prepare_index_params()
    indexes.add_index("vector", index_type="FLAT", metric_type="IP")
    client.create_index(names.manifest, indexes, sync=False)
    client.load_collection(names.manifest)


def _schema(client: "MilvusClient", primary: str) -> "CollectionSchema":
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(primary, DataType.INT64, is_primary=True)
    return schema


def _add_searched(schema: "CollectionSchema") -> None:
    """Add the terms, and what filters look at."""
    from pymilvus import DataType

    schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field("article_id", DataType.VARCHAR, max_length=_TEXT)
    schema.add_field("day", DataType.INT64)
    schema.add_field("kind", DataType.VARCHAR, max_length=16)
    schema.add_field(
        "authors",
        DataType.ARRAY,
        element_type=DataType.VARCHAR,
        max_capacity=_NAMES,
        max_length=_TEXT,
    )
    schema.add_field("section", DataType.VARCHAR, max_length=_TEXT)
    schema.add_field("path", DataType.VARCHAR, max_length=_TEXT)
    schema.add_field("span", DataType.VARCHAR, max_length=64)


def _add_filtered(indexes: "IndexParams", *fields: str) -> None:
    indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    for field in ("article_id", "day", "section", "path", *fields):
        indexes.add_index(field, index_type="INVERTED")
