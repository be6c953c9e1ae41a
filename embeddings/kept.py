"""Files that are kept in the cache because making them again takes a while."""

import contextlib
import tempfile
from pathlib import Path


def keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a cache that cannot be written has none."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as staging:
            try:
                staging.write(content)
                staging.flush()
                Path(staging.name).replace(path)
            except OSError:
                Path(staging.name).unlink()
