"""What a rebuild is to make, beside what a snapshot was made of."""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import EncoderIdentity
from embeddings.index import index_fingerprint
from embeddings.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Order:
    """What the manifest of the wanted snapshot must say; names are the manifest's."""

    fingerprint: str
    roots: list[str]
    readers: str
    default_date: datetime.date | None

    def is_met_by(self, manifest: Manifest) -> bool:
        """Tell whether a snapshot was made to the same order."""
        return all(
            getattr(self, name.name) == getattr(manifest, name.name)
            for name in dataclasses.fields(self)
        )


def order_of(
    encoder: EncoderIdentity, roots: Sequence[Path], readers: str, date: datetime.date | None
) -> Order:
    """Return the order for articles in ``roots``; other arguments are the manifest's."""
    fingerprint = index_fingerprint(encoder.fingerprint)
    return Order(fingerprint, [str(root.resolve()) for root in roots], readers, date)
