"""What is told of a snapshot in Milvus without looking at its articles."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from embeddings.index import LocalIndex
from embeddings.manifest import Manifest

_NAMES = 5000
"""Names kept, the most frequent: more than any page shows."""


class Published(BaseModel):
    """The manifest, and what would take long to count in a large archive.

    Attributes:
        days: How many articles there are of each day, counted from year 1.
        sections: How many there are in the most frequent sections.
        authors: How many there are by the most frequent authors.
    """

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    days: Mapping[int, int]
    sections: Mapping[str, int]
    authors: Mapping[str, int]


def published(local: LocalIndex) -> Published:
    """Return what is told of a snapshot on this machine."""
    names = local.name_counts()
    return Published(
        manifest=local.manifest.model_copy(update={"files": {}}),
        days=local.day_counts(),
        sections=_most(names.sections),
        authors=_most(names.authors),
    )


def _most(counts: Mapping[str, int]) -> dict[str, int]:
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_NAMES]
    return dict(first)
