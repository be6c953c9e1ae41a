"""Runs an exported network over sequences of tokens, one on each core."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.cores import cores

_SLOWER = ["SkipLayerNormFusion"]
"""Graph optimizations that onnxruntime makes by default and that take longer than what they
replace: on the CPU, this one three times as long as an addition and a layer normalization."""


class Session:
    """A network that ``quantize.export_int8`` wrote; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        # Sequences side by side, each on one core, take less time than one after the other on all.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
        )
        self._workers = ThreadPoolExecutor(cores(), thread_name_prefix="wenbao-onnx")

    def run_each(self, sequences: Sequence[Sequence[int]]) -> Iterator[NDArray[np.float32]]:
        """Yield the network's output for each sequence of token ids, shape (tokens, any)."""
        if len(sequences) == 1:
            return iter([self._run(sequences[0])])
        return self._workers.map(self._run, sequences)

    def _run(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        output: NDArray[np.float32] = self._session.run(
            None, {"input_ids": np.array([tokens], np.int64)}
        )[0][0]
        return output
