"""Fingerprints: short names for the content of text and of model folders."""

import hashlib
from pathlib import Path

_WHOLE_FILE = 1 << 20
_SAMPLES = 64
_SAMPLE_BYTES = 1 << 16


class Fingerprint:
    """A fingerprint of parts that come one after another."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, part: str) -> None:
        """Take another part."""
        encoded = part.encode("utf-8", "surrogatepass")
        self._digest.update(len(encoded).to_bytes(8, "little"))
        self._digest.update(encoded)

    def __str__(self) -> str:
        return self._digest.hexdigest()[:16]

    def __int__(self) -> int:
        """Return it as a signed number of 64 bits."""
        return int.from_bytes(self._digest.digest()[:8], "big", signed=True)


def fingerprint_text(*parts: str) -> str:
    """Return 16 hexadecimal digits that change with any part."""
    fingerprint = Fingerprint()
    for part in parts:
        fingerprint.add(part)
    return str(fingerprint)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
