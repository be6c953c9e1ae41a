"""Approximate search for indexes too large to scan: inverted lists, measured when they are built.

IVF (Jégou et al., "Product Quantization for Nearest Neighbor Search", IEEE TPAMI 2011) with one
byte a dimension. It was preferred to HNSW, whose graph takes tens of minutes to build at a
million vectors on two cores. What the lists find is scored again with the vectors themselves,
so only what they miss is lost; how many lists are looked at is chosen by measuring that.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from embeddings.cores import cores
from embeddings.types import Vectors
from embeddings.vectors import VectorRows, open_vectors

SCANNED = 200_000
"""Vectors up to which all are scanned: some 25 ns each, so about 5 ms."""
RECALL = 0.99
"""Share of the true ten nearest that the lists must find of the sample below."""
_NEAREST = 10
_SAMPLE = 200
"""Questions that are asked when recall is measured."""
_DEPTH = 100
"""Hits that a search takes."""
_FEWEST, _STEP = 4, 1.5
"""Lists that are looked at at first, and how much more each time."""
_LISTS_PER_ROOT = 2
"""Lists for each unit of the square root of the number of vectors."""
_TRAINED_ON = 64
"""Vectors a list for k-means."""
_ROUNDS = 10
_BLOCK = 50_000
_ROW_NUMBER = 8
"""Bytes of the row number beside each code in a list."""
_CANDIDATES = 2
"""Found in the lists for each that is wanted, before scoring again."""


class SearchPlan(BaseModel):
    """How vectors are searched, and why.

    Attributes:
        kind: ``flat`` scans all of them; ``lists`` looks at the nearest inverted lists.
        why: In one sentence.
        lists: How many there are.
        probes: How many are looked at.
        recall_at_10: Share of the true ten nearest that are found, measured when it was built.
        measured_on: Questions that it was measured with.
        head: SHA-256 of the lists' file up to what is in the lists, hexadecimal.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["flat", "lists"]
    why: str
    lists: int = 0
    probes: int = 0
    recall_at_10: float = 1.0
    measured_on: int = 0
    head: str = ""


class Lists:
    """Inverted lists over the rows of ``vectors``."""

    def __init__(self, index: faiss.IndexIVF, vectors: VectorRows, probes: int) -> None:
        self._index = index
        self._vectors = vectors
        self._probes = probes

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, depth: int, selector: faiss.IDSelector | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return rows near a vector of shape (dimension,), best first, and their cosines."""
        # FAISS's own types know only the C++ signature.
        parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=self._probes, sel=selector
        )
        wanted = min(_CANDIDATES * depth, len(self))
        _, (found,) = self._index.search(vector.reshape(1, -1), wanted, params=parameters)
        rows = np.sort(found[found >= 0])
        scores = self._vectors.at(rows) @ vector
        return best_first(rows, scores, depth)


def best_first(
    rows: NDArray[np.int64], scores: Vectors, depth: int
) -> tuple[NDArray[np.int64], Vectors]:
    """Return the ``depth`` rows of the greatest scores and these, each shape (m,)."""
    best = np.argsort(-scores, kind="stable")[:depth]
    return rows[best], scores[best]


def open_lists(path: Path, vectors: Path, plan: SearchPlan) -> Lists:
    """Map written lists of the vectors in another file into memory.

    FAISS believes what a file says of its lists' lengths, so that part of it is checked before.

    Raises:
        RuntimeError: They are damaged, or others.
    """
    opened = open_vectors(vectors)
    if _head_of(path, opened) != plan.head:
        raise RuntimeError(f"{path} does not belong to the vectors")
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    if not isinstance(index, faiss.IndexIVF) or index.ntotal != opened.ntotal:
        raise RuntimeError(f"{path} does not belong to the vectors")
    return Lists(index, VectorRows(vectors, opened), plan.probes)


def plan_search(vectors: Path, path: Path, questions: Callable[[int], Vectors]) -> SearchPlan:
    """Choose how to search written vectors; write lists to ``path`` where they are needed.

    Args:
        vectors: The file of the vectors.
        path: The file of the lists.
        questions: Returns so many vectors of questions, shape (n, dimension), to measure with.
            Those of passages would not do: they lie apart from questions, near their lists.
    """
    opened = open_vectors(vectors)
    count = int(opened.ntotal)
    faiss.omp_set_num_threads(cores())
    if count <= SCANNED:
        why = f"{count} vectors are scanned in a few milliseconds: exact up to {SCANNED}"
        return SearchPlan(kind="flat", why=why)
    index = _build(opened, count)
    with path.open("wb") as file:
        # Given a path, FAISS does not hear of a disk that is full when the file is closed.
        writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined]
        faiss.write_index(index, writer)
    asked = questions(_SAMPLE)
    exact = opened.search(asked, min(_NEAREST, count))[0]
    probes, recall = _measure(index, VectorRows(vectors, opened), asked, exact)
    why = (
        f"{count} vectors are more than the {SCANNED} that are scanned in a few milliseconds; "
        f"as few lists as have a recall of {RECALL} for sentences asked as questions"
    )
    return SearchPlan(
        kind="lists",
        why=why,
        lists=int(index.nlist),
        probes=probes,
        recall_at_10=round(recall, 4),
        measured_on=len(asked),
        head=_head_of(path, opened),
    )


def _head_of(path: Path, vectors: faiss.Index) -> str:
    """Return the digest of a file of lists of these vectors, up to the codes and row numbers."""
    codes = int(vectors.ntotal) * (vectors.d + _ROW_NUMBER)
    with path.open("rb") as file:
        head = file.read(max(0, path.stat().st_size - codes))
    return hashlib.sha256(head).hexdigest()


def _build(vectors: faiss.Index, count: int) -> faiss.IndexIVF:
    lists = 1 << round(np.log2(_LISTS_PER_ROOT * count**0.5))
    quantizer = faiss.IndexFlatIP(vectors.d)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, vectors.d, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = _ROUNDS
    index.cp.max_points_per_centroid = _TRAINED_ON
    random = np.random.default_rng(0)
    sample = np.sort(random.choice(count, min(count, _TRAINED_ON * lists), replace=False))
    index.train(vectors.reconstruct_batch(sample))
    for start in range(0, count, _BLOCK):
        index.add(vectors.reconstruct_n(start, min(_BLOCK, count - start)))
    return index


def _measure(
    index: faiss.IndexIVF, vectors: VectorRows, asked: Vectors, exact: Vectors
) -> tuple[int, float]:
    """Return the least number of lists, in steps, that is enough, and the recall it gives.

    Args:
        index: The lists.
        vectors: Those in them.
        asked: What is looked for, shape (n, dimension).
        exact: The cosines of the nearest to each, best first, shape (n, nearest).
    """
    probes = _FEWEST
    while True:
        lists = Lists(index, vectors, probes)
        # By score: which of equally near ones are found makes no difference.
        hits = sum(
            min(len(nearest), int((lists.search(vector, _DEPTH)[1] >= nearest[-1] - 1e-5).sum()))
            for vector, nearest in zip(asked, exact, strict=True)
        )
        recall = hits / max(1, exact.size)
        if recall >= RECALL or probes >= index.nlist:
            return probes, recall
        probes = min(round(_STEP * probes), int(index.nlist))
