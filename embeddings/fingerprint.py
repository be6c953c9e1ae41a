"""Fingerprints: short names for the content of text and of model folders."""

import hashlib
from pathlib import Path

_WHOLE_FILE = 1 << 20
_SAMPLES = 64
_SAMPLE_BYTES = 1 << 16


def fingerprint_text(*parts: str) -> str:
    """Return 16 hexadecimal digits that change with any part."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()[:16]


def fingerprint_folder(folder: Path) -> str:
    """Return 16 hexadecimal digits for a model folder's content.

    Of files above a megabyte (weights) evenly spaced samples are read, so that opening an index
    costs milliseconds and a copied folder keeps its fingerprint.
    """
    parts: list[str] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts += [path.relative_to(folder).as_posix(), _sampled_digest(path)]
    return fingerprint_text(*parts)


def _sampled_digest(path: Path) -> str:
    size = path.stat().st_size
    digest = hashlib.sha256(size.to_bytes(8, "little"))
    with path.open("rb") as file:
        if size <= _WHOLE_FILE:
            digest.update(file.read())
        else:
            for sample in range(_SAMPLES):
                file.seek(sample * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
