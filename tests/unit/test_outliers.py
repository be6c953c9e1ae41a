"""Channels with very large activations are multiplied apart, and nothing else changes."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from embeddings.outliers import CHANNELS, NAME, split_outliers
from embeddings.quantize import export_int8

WORDS, WIDTH = 50, 64
SAMPLE = ([1, 2, 3, 4, 5], [6, 7, 8])


class Layered(torch.nn.Module):
    """Embeds tokens, three channels a hundred times larger than the rest, and multiplies."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding = torch.nn.Embedding(WORDS, WIDTH)
        self.layer = torch.nn.ModuleList([torch.nn.Linear(WIDTH, WIDTH)])
        self.factors = torch.ones(WIDTH)
        self.factors[[5, 17, 40]] = 100

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        """Return (1, tokens, WIDTH)."""
        hidden: torch.Tensor = self.layer[0](self.embedding(input_ids) * self.factors)
        return hidden


def outputs(network: torch.nn.Module) -> torch.Tensor:
    ids = torch.arange(WORDS)[None]
    with torch.no_grad():
        found: torch.Tensor = network.eval()(ids)
    return found


def int8_error(network: torch.nn.Module, folder: Path) -> float:
    """Return how far, on average, the export's outputs are from the network's."""
    exact = outputs(network).numpy()
    folder.mkdir()
    export_int8(network, folder / "model.onnx", "hidden", kept=(NAME,))
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    ids = np.arange(WORDS)[None]
    return float(np.abs(session.run(None, {"input_ids": ids})[0] - exact).mean())


def test_what_is_computed_stays_the_same() -> None:
    network = Layered()
    before = outputs(network)
    split_outliers(network, SAMPLE, "layer")
    torch.testing.assert_close(outputs(network), before, rtol=1e-4, atol=1e-3)


def test_the_largest_channels_are_taken() -> None:
    network = Layered()
    split_outliers(network, SAMPLE, "layer")
    split = network.layer[0]
    assert {5, 17, 40} <= set(split.channels.tolist())
    assert not split.matrix.weight[:, split.channels].any()
    assert split.outliers.weight.shape == (WIDTH, CHANNELS)


def test_int8_comes_closer(tmp_path: Path) -> None:
    split = Layered()
    split_outliers(split, SAMPLE, "layer")
    assert int8_error(split, tmp_path / "split") < 0.5 * int8_error(Layered(), tmp_path / "whole")


def test_other_matrices_are_left_alone() -> None:
    network = Layered()
    split_outliers(network, SAMPLE, "head")
    assert isinstance(network.layer[0], torch.nn.Linear)
