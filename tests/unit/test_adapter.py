"""The reader's own weights and how they join the trunk's."""

from importlib import resources

import torch
from safetensors import safe_open
from safetensors.torch import load
from transformers import BertConfig, BertModel

from qa.adapter import ADAPTED, HEAD_BIAS, HEAD_WEIGHT, SCALE, merge, tensor_names
from tests.eval.training.network import RANK

LAYERS, HIDDEN, INNER = 2, 8, 16


def shapes(matrix: str) -> tuple[int, int]:
    out, inward = HIDDEN, HIDDEN
    if matrix == "intermediate.dense":
        out = INNER
    if matrix == "output.dense":
        inward = INNER
    return out, inward


def test_merging_adds_the_product_to_every_matrix() -> None:
    torch.manual_seed(0)
    trunk = BertModel(
        BertConfig(
            vocab_size=10,
            hidden_size=HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=2,
            intermediate_size=INNER,
        )
    )
    tensors = {}
    for layer in range(LAYERS):
        for matrix in ADAPTED:
            out, inward = shapes(matrix)
            a, b = tensor_names(layer, matrix)
            tensors[a], tensors[b] = torch.randn(RANK, inward), torch.randn(out, RANK)
    before = {
        (n, m): trunk.encoder.layer[n].get_submodule(m).weight.detach().clone()
        for n in range(LAYERS)
        for m in ADAPTED
    }
    merge(trunk, tensors)
    for (number, matrix), old in before.items():
        a, b = (tensors[name] for name in tensor_names(number, matrix))
        new = trunk.encoder.layer[number].get_submodule(matrix).weight
        assert torch.allclose(new, old + SCALE * b @ a, atol=1e-5)


def test_the_shipped_weights_fit_the_bundled_trunk_and_are_small() -> None:
    path = resources.files("qa").joinpath("reader.safetensors")
    weights = path.read_bytes()
    assert len(weights) <= 12_000_000
    tensors = load(weights)
    names = {name for n in range(12) for m in ADAPTED for name in tensor_names(n, m)}
    assert set(tensors) == names | {HEAD_WEIGHT, HEAD_BIAS}
    assert tensors["layer.0.output.dense.a"].shape == (RANK, 1536)
    assert all(torch.isfinite(tensor).all() for tensor in tensors.values())


def test_the_shipped_weights_say_how_they_were_made() -> None:
    shipped = resources.files("qa").joinpath("reader.safetensors")
    with resources.as_file(shipped) as path, safe_open(path, framework="pt") as file:
        assert "seed" in file.metadata()["training"]
