"""What a rebuild tells when it is done."""

from dataclasses import dataclass

from embeddings.types import Skipped


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``encoded``, ``reused`` and ``removed`` count chunks."""

    snapshot: str
    model: str
    articles: int
    chunks: int
    encoded: int
    reused: int
    removed: int
    skipped: tuple[Skipped, ...]
    seconds: float
