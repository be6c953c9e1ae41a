"""How names, sections and sources are compared with what a filter says of them."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings.tokens import simplify

_SPAN = re.compile(r"(?::\d+-\d+|#page=\d+)$")


def folded(name: str) -> str:
    """Return a name as names are compared: Simplified, without case and white space."""
    # Half a character, as a command line may have it, can be in no database.
    return "".join(simplify(name.encode("utf-8", "replace").decode()).split())


def split_source(source: str) -> tuple[str, str]:
    """Return the file of a source, and the span in it: ``:4-51``, ``#page=3`` or nothing."""
    span = _SPAN.search(source)
    return (source[: span.start()], span.group()) if span else (source, "")


def section_matcher(section: str) -> Callable[[str], bool]:
    """Match ``folded`` sections by a part of their name; a number stands for itself only."""
    wanted = folded(section)
    before = r"(?<!\d)" if wanted[0].isdigit() else ""
    after = r"(?!\d)" if wanted[-1].isdigit() else ""
    pattern = re.compile(f"{before}{re.escape(wanted)}{after}")
    return lambda name: pattern.search(name) is not None


def file_matcher(path: str, roots: Sequence[Path]) -> Callable[[str], bool]:
    """Match sources by a path on this machine, or by any run of whole names in them."""
    names, labels = source_names(path, roots)

    def matches(file: str) -> bool:
        parts = tuple(part for part in file.split("/") if part)
        starts = range(len(parts) - len(names) + 1) if names else range(0)
        return any(parts[at : at + len(names)] == names for at in starts) or any(
            parts[: len(label)] == label for label in labels
        )

    return matches


def source_names(path: str, roots: Sequence[Path]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the names in a path, and how sources begin that are the path on this machine."""
    names = tuple(part for part in re.split(r"[/\\]+", path.strip()) if part not in ("", "."))
    try:
        labels = _labels(Path(path.strip()).expanduser().resolve(), roots)
    except (OSError, RuntimeError, ValueError):
        labels = []  # nobody's home, a loop of links, or what no path can have, such as NUL
    return names, labels


def _labels(path: Path, roots: Sequence[Path]) -> list[tuple[str, ...]]:
    """Return how sources of a file or folder begin: below the parent of the root that has it."""
    labels: list[tuple[str, ...]] = []
    for root in roots:
        if path.is_relative_to(root):
            labels.append(path.relative_to(root.parent).parts)
        elif root.is_relative_to(path):
            labels.append((root.name,))
    return labels
