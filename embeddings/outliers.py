"""Takes the few channels with very large activations out of what int8 has to represent.

Dynamic quantization gives all channels of a layer's input one scale. In trained transformers a
handful of channels are ten times larger than the rest and take nearly all of its steps. Those
channels are multiplied in single precision beside the others: Dettmers et al., "LLM.int8()",
arXiv:2208.07339.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import torch

CHANNELS = 16
"""Channels of each matrix that stay in single precision."""
NAME = "outliers"
"""The submodule that multiplies them; its matrices must not be quantized."""


def split_outliers(
    network: "torch.nn.Module", sample: Sequence[Sequence[int]], within: str
) -> None:
    """Give the matrices of ``network`` a second, small one for their outlier channels, in place.

    What the network computes stays the same, rounding aside.

    Args:
        network: Called with ``input_ids``, (1, tokens).
        sample: Token ids of texts of the usual kind; the channels that are largest in them are
            taken. They are the same for any text: large weights, not words, make them large.
        within: A regular expression found in the names of the matrices to split.
    """
    import torch

    class Split(torch.nn.Module):
        def __init__(self, matrix: torch.nn.Linear, largest: torch.Tensor) -> None:
            super().__init__()
            channels = largest.topk(CHANNELS).indices.sort().values
            rest = torch.ones_like(largest)
            rest[channels] = 0
            self.channels: torch.Tensor
            self.rest: torch.Tensor
            self.register_buffer("channels", channels)
            self.register_buffer("rest", rest)
            self.outliers = torch.nn.Linear(CHANNELS, matrix.out_features, bias=False)
            self.matrix = matrix
            with torch.no_grad():
                self.outliers.weight.copy_(matrix.weight[:, channels])
                matrix.weight[:, channels] = 0

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            few = self.outliers(x[..., self.channels])
            return cast(torch.Tensor, self.matrix(x * self.rest) + few)

    matrices = {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, torch.nn.Linear) and re.search(within, name)
    }
    largest: dict[str, torch.Tensor] = {}

    def watch(name: str, module: torch.nn.Module) -> torch.utils.hooks.RemovableHandle:
        def note(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest.get(name, torch.zeros_like(seen)), seen)

        return module.register_forward_pre_hook(note)

    watching = [watch(name, matrix) for name, matrix in matrices.items()]
    with torch.no_grad():
        for ids in sample:
            network.eval()(torch.tensor([ids]))
    for handle in watching:
        handle.remove()
    for name, matrix in matrices.items():
        parent, _dot, leaf = name.rpartition(".")
        setattr(network.get_submodule(parent), leaf, Split(matrix, largest[name]))
