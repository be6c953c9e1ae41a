"""Exports a torch network over tokens to an onnx file with int8 weights."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_OPSET = 17


def export_int8(
    network: "torch.nn.Module", path: Path, output: str, kept: Sequence[str] = ()
) -> None:
    """Write ``network`` to ``path``, its matrices as int8 with a scale for each column.

    Args:
        network: Called with ``input_ids``, (1, tokens); returns one tensor (1, tokens, any).
            One sequence at a time needs no padding, and so no mask.
        path: The file to write; its folder must exist.
        output: The name of the returned tensor in the file.
        kept: Names of submodules whose matrices stay in single precision.

    Raises:
        Exception: Exporters fail in their own many ways.
    """
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Any valid tokens will do to trace the graph.
    ids = torch.ones((1, 16), dtype=torch.long)
    axes = {1: "tokens"}
    full = path.with_suffix(".full.onnx")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval().cpu(),
            (ids,),
            str(full),
            input_names=["input_ids"],
            output_names=[output],
            dynamic_axes={"input_ids": axes, output: axes},
            opset_version=_OPSET,
            dynamo=False,
        )
    names = [node.name for node in onnx.load(str(full), load_external_data=False).graph.node]
    excluded = [name for name in names if any(f"/{part}/" in name for part in kept)]
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            str(full),
            str(path),
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=excluded,
        )
    finally:
        logging.disable(logging.NOTSET)
    full.unlink()
