"""What a snapshot is made of: the names of its parts, and the manifest that describes them.

The manifest has the checksum of every other file. Its own is beside it, in the form that
``sha256sum --check`` reads.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from embeddings.errors import SnapshotError, damaged, unreadable
from embeddings.lists import SearchPlan

FORMAT: Literal[4] = 4


@dataclass(frozen=True, slots=True)
class SnapshotPaths:
    """Where the parts of one snapshot are."""

    folder: Path

    @property
    def name(self) -> str:
        """The snapshot's name."""
        return self.folder.name

    @property
    def corpus(self) -> Path:
        """Files, articles and chunks."""
        return self.folder / "corpus.sqlite"

    @property
    def vectors(self) -> Path:
        """Vectors of the chunks."""
        return self.folder / "vectors.faiss"

    @property
    def lists(self) -> Path:
        """Lists for approximate search."""
        return self.folder / "lists.faiss"

    @property
    def facets(self) -> Path:
        """What articles are filtered and ordered by."""
        return self.folder / "facets"

    @property
    def postings(self) -> Path:
        """Postings of the chunks."""
        return self.folder / "postings"

    @property
    def article_postings(self) -> Path:
        """Postings of the articles."""
        return self.folder / "article-postings"

    @property
    def manifest(self) -> Path:
        """The manifest, written last."""
        return self.folder / "manifest.json"

    @property
    def manifest_checksum(self) -> Path:
        """The manifest's checksum."""
        return self.folder / "manifest.sha256"


class FileRecord(BaseModel):
    """What a file of a snapshot must look like.

    Attributes:
        mtime_ns: Time of its last change in nanoseconds, when it was complete.
    """

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str
    mtime_ns: int


class Manifest(BaseModel):
    """What a snapshot is made of.

    Attributes:
        fingerprint: Changes with anything that changes vectors, chunks or terms.
        corpus: Digest of all articles.
        roots: The paths it was built from.
        readers: Fingerprint of what read them.
        terms: Version of the terms that are posted, with those of the libraries that made them.
        default_date: The day that articles were given which tell none themselves.
        search: How vectors are searched, and why.
        files: Every file of the snapshot but the manifest and its checksum, by relative path.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[4] = FORMAT
    created: datetime
    model: str
    encoder: str
    fingerprint: str
    dimension: int
    articles: int
    chunks: int
    corpus: str
    roots: list[str]
    readers: str
    terms: str
    default_date: date | None = None
    search: SearchPlan
    files: dict[str, FileRecord] = {}


class Inputs(BaseModel):
    """What a snapshot was asked to be built from; the manifest says so under the same names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    roots: list[str] = []
    model: str | None = None
    default_date: date | None = None


def read_inputs(paths: SnapshotPaths) -> Inputs:
    """Return what a snapshot was built from, whatever its format; nothing if it cannot tell."""
    try:
        return Inputs.model_validate_json(paths.manifest.read_bytes())
    except (OSError, ValidationError):
        return Inputs()


def read_manifest(paths: SnapshotPaths) -> Manifest:
    """Read and validate a manifest.

    Raises:
        SnapshotError: It is missing, damaged or of another format.
    """
    try:
        written = paths.manifest.read_bytes()
        manifest = Manifest.model_validate_json(written)
        checksum = paths.manifest_checksum.read_bytes()
    except FileNotFoundError as error:
        raise damaged(Path(error.filename)) from error
    except OSError as error:
        raise unreadable(paths.manifest, error) from error
    except ValidationError as error:
        if any(problem["loc"] == ("format",) for problem in error.errors()):
            raise SnapshotError(
                f"索引 {paths.folder} 是另一版本的问报建立的。"
                "请运行 wenbao rebuild PATH（PATH 是文章所在的路径）重建索引。",
                f"The index {paths.folder} was made by another version of Wenbao. Rebuild it with "
                "wenbao rebuild PATH (the path of your articles).",
            ) from error
        raise damaged(paths.manifest) from error
    if checksum != checksum_line(written):
        raise damaged(paths.manifest)
    return manifest


def checksum_line(written: bytes) -> bytes:
    """Return what ``manifest.sha256`` holds beside a manifest."""
    return f"{hashlib.sha256(written).hexdigest()}  manifest.json\n".encode()
