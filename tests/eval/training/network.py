"""The reader as a network that learns: the frozen trunk, its low-rank changes and the head."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from qa.adapter import ADAPTED, HEAD_BIAS, HEAD_WEIGHT, SCALE, tensor_names

RANK = 32
"""Of the changes that one run learns."""


class Adapted(nn.Module):
    """A linear layer whose matrix stays as it is, beside a low-rank one that learns."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight = linear.weight.detach().to(torch.bfloat16)
        self.bias = linear.bias.detach().to(torch.bfloat16)
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.a.to(x.dtype), (SCALE * self.b).to(x.dtype)
        return functional.linear(functional.linear(x, a), b) + functional.linear(
            x, self.weight, self.bias
        )


class Network(nn.Module):
    """Start and end logits of every token, shape (batch, tokens, 2)."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        # Plain attention: the fused one is three times slower backwards on a CPU.
        trunk: Any = AutoModel.from_pretrained(
            folder,
            attn_implementation="eager",
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        trunk.requires_grad_(False)
        trunk.to(torch.bfloat16)
        for layer in trunk.encoder.layer:
            for matrix in ADAPTED:
                layer.set_submodule(matrix, Adapted(layer.get_submodule(matrix)))
        self.trunk = trunk
        self.head = nn.Linear(trunk.config.hidden_size, 2)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        hidden = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(hidden.float())

    def learned(self) -> dict[str, Tensor]:
        """Return what is shipped, in half precision."""
        tensors = {HEAD_WEIGHT: self.head.weight, HEAD_BIAS: self.head.bias}
        for number, layer in enumerate(self.trunk.encoder.layer):
            for matrix in ADAPTED:
                names = tensor_names(number, matrix)
                module = layer.get_submodule(matrix)
                tensors |= dict(zip(names, (module.a, module.b), strict=True))
        return {name: t.detach().to(torch.float16).contiguous() for name, t in tensors.items()}
