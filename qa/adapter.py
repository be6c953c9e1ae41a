"""The reader's own weights: low-rank changes to the trunk's layers, and a head.

A trunk layer's matrix ``W`` (out, in) becomes ``W + SCALE * B @ A`` with ``A`` (rank, in) and
``B`` (out, rank): Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
arXiv:2106.09685. The trunk is the bundled encoder, so that 5 MB make a reader of 118 M weights.
Merged once with the trunk and exported as int8, it is kept in the cache beside the encoder.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from filelock import FileLock

from embeddings import bundled
from embeddings.fingerprint import fingerprint_folder
from embeddings.outliers import NAME as OUTLIERS
from embeddings.outliers import split_outliers
from embeddings.quantize import export_int8
from embeddings.tokenizer import load_tokenizer, save_tokenizer

if TYPE_CHECKING:
    import torch

SCALE = 2.0
ADAPTED = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of each layer that are changed, by their name in transformers' BERT."""
HEAD_WEIGHT, HEAD_BIAS = "head.weight", "head.bias"

MODEL, TOKENIZER = "reader.onnx", "tokenizer.json"
_FOLDER_VERSION = 4
"""Raise when the exported folder changes, so that old caches are not taken for it."""
_SAMPLE = (
    (
        "新馆周末开放到几点？",
        "昨日，市图书馆新馆开门迎客，首日接待读者 3200 人次，借出图书 5100 册。馆长说，新馆周末"
        "开放到晚上九点，三楼设有儿童阅览区。",
    ),
    ("谁批准了大桥的预算？", "The council approved a budget of 12.5 million yuan for the bridge."),
    ("周末天气怎么样？", "气象部门预计，周末全省有中到大雨，出行请注意安全。"),
)
"""Questions and passages in which the trunk's outlier channels are looked for."""
_WITH_OUTLIERS = r"\d\.(intermediate|output)\.dense"
"""The matrices around each layer's inner activations. Quantized alone, these are off by 0.37 and
0.80 in a best span's score, on average; those of attention by 0.20 and 0.10."""


def tensor_names(layer: int, matrix: str) -> tuple[str, str]:
    """Return the names under which a matrix's ``A`` and ``B`` are stored."""
    return f"layer.{layer}.{matrix}.a", f"layer.{layer}.{matrix}.b"


def ensure_reader_folder(cache: Path) -> Path:
    """Return the folder of the exported reader under ``cache``, writing it if need be.

    Several processes may call this at once: one writes, the others wait.

    Args:
        cache: The folder ``WENBAO_CACHE``.

    Raises:
        EncoderError: The trunk cannot be had.
        Exception: The export failed, in one of its own many ways.
    """
    trunk = bundled.ensure_model_folder(cache)
    weights = _weights()
    folder = _place(cache, trunk, weights)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f"{folder.name}.lock"):
        if not folder.is_dir():
            _write_folder(trunk, weights, folder)
    return folder


def reader_folder(cache: Path) -> Path | None:
    """Return the folder of the exported reader if it is there already, else None."""
    trunk = bundled.model_folder(cache)
    if not trunk.is_dir():
        return None
    folder = _place(cache, trunk, _weights())
    return folder if folder.is_dir() else None


def merge(trunk: Any, tensors: Mapping[str, "torch.Tensor"]) -> None:  # noqa: ANN401 - a BertModel
    """Add the stored changes to the trunk's matrices, in place.

    Raises:
        KeyError: A tensor is missing.
        RuntimeError: A tensor's shape does not fit the trunk.
    """
    import torch

    with torch.no_grad():
        for number, layer in enumerate(trunk.encoder.layer):
            for matrix in ADAPTED:
                a, b = (tensors[name].float() for name in tensor_names(number, matrix))
                layer.get_submodule(matrix).weight += SCALE * (b @ a)


def _weights() -> bytes:
    return resources.files("qa").joinpath("reader.safetensors").read_bytes()


def _place(cache: Path, trunk: Path, weights: bytes) -> Path:
    digest = hashlib.sha256(weights).hexdigest()[:12]
    name = f"reader-{fingerprint_folder(trunk)}-{digest}-{_FOLDER_VERSION}"
    return cache / "onnx" / name


def _write_folder(trunk: Path, weights: bytes, folder: Path) -> None:
    """Write the whole folder beside its final place, then move it there in one step."""
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        tokenizer = load_tokenizer(trunk / TOKENIZER).whole()
        network = _network(trunk, weights)
        # Logits are differences of large numbers: without this, one best span in five is another.
        split_outliers(network, [tokenizer.encode(*pair).ids for pair in _SAMPLE], _WITH_OUTLIERS)
        export_int8(network, staging / MODEL, "logits", kept=("head", OUTLIERS))
        save_tokenizer(tokenizer, staging / TOKENIZER)
        staging.replace(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _network(folder: Path, weights: bytes) -> "torch.nn.Module":
    import torch
    from safetensors.torch import load
    from transformers import AutoModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

    class Reader(torch.nn.Module):
        """Logits of start and end for every token, (1, tokens, 2)."""

        def __init__(self, trunk: Any, tensors: Mapping[str, torch.Tensor]) -> None:  # noqa: ANN401
            super().__init__()
            merge(trunk, tensors)
            self.trunk = trunk
            self.head = torch.nn.Linear(trunk.config.hidden_size, 2)
            self.head.load_state_dict(
                {"weight": tensors[HEAD_WEIGHT].float(), "bias": tensors[HEAD_BIAS].float()}
            )

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            hidden = self.trunk(input_ids=input_ids)
            return cast(torch.Tensor, self.head(hidden.last_hidden_state))

    # Traced attention of torch's own carries steps that onnxruntime cannot leave out.
    trunk = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    return Reader(trunk, load(weights))
