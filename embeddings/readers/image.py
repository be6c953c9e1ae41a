"""Scanned pages as images."""

from embeddings.readers.draft import Reading
from embeddings.types import Progress, no_progress


def read_image(data: bytes, path: str, progress: Progress = no_progress) -> Reading:
    """Return the articles."""
    raise NotImplementedError
