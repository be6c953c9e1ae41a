"""How one file was understood: its articles and, of a page, what became of each line."""

from pathlib import Path

from embeddings.errors import InputError
from embeddings.readers import Explanation, read_explained
from embeddings.types import Progress, no_progress

__all__ = ["Explanation", "explain_file"]


def explain_file(path: Path, progress: Progress = no_progress) -> Explanation:
    """Return how a file is understood.

    Raises:
        InputError: There is no such file.
    """
    if not path.is_file():
        raise InputError(
            f"找不到文件 {path}。请检查路径。", f"There is no file {path}. Check the path."
        )
    return read_explained([path], progress)
