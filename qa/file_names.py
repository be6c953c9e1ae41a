"""Names for files that readers send: such as file systems take, and not taken yet."""

import re
from pathlib import Path

_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?\"<>|]+"
)
"""What file systems don't take, and what makes a name look like another (Unicode TR 36)."""
_LONGEST_NAME = 80
_MOST_NAME_BYTES = 200
"""Of a name without its ending; file systems take 255 in all."""


def fit_name(name: str) -> str:
    """Return a file's name without what file systems don't take: its last part, not hidden."""
    last = re.split(r"[/\\]", name)[-1]
    fit = _UNFIT.sub("_", last).strip(". ")
    stem, dot, suffix = fit.rpartition(".") if "." in fit else (fit, "", "")
    short = (
        stem[:_LONGEST_NAME].encode("utf-8", "replace")[:_MOST_NAME_BYTES].decode("utf-8", "ignore")
    )
    whole = f"{short}{dot}{suffix[:10]}".encode("utf-8", "replace").decode()
    return whole.replace("?", "_") if whole.strip("._ ") else "file.txt"


def free_name(path: Path) -> Path:
    """Return a path that does not exist: itself, or with a number."""
    candidate, number = path, 2
    while candidate.exists():
        candidate, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return candidate
