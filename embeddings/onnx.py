"""The fast encoder for the CPU: the same weights as int8 under onnxruntime.

A sentence-transformers model made of a BERT-like transformer, mean or first-token pooling and
optional normalization is exported once; after that, encoding needs neither torch nor
transformers. Dynamic int8 quantization scales activations over the whole batch, so a text's
vector depends slightly on its batch: cosine to fp32 stays above ``QUALITY_BOUND``.
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from embeddings.quantize import export_int8
from embeddings.tokenizer import cut_off, load_tokenizer, save_tokenizer
from embeddings.types import Encoder, Progress, Vectors, no_progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUALITY_BOUND = 0.985
"""Least cosine, over the sample below, between the export's vectors and the torch model's."""

_SAMPLE = (
    "示范区的篮球赛在哪一天开始？",
    "昨日，市图书馆新馆开门迎客，首日接待读者 3200 人次，借出图书 5100 册。",
    "The council approved a budget of 12.5 million yuan for the new bridge.",
    "氣象部門預計，週末全省有中到大雨，出行請注意安全。",
)
_BATCH_TOKENS = 640
"""Tokens in a batch, padding included: small batches win on few cores."""

_MODEL, _TOKENIZER, _CONFIG = "model.onnx", "tokenizer.json", "encoder.json"

_log = logging.getLogger(__name__)


class OnnxEncoder:
    """An exported model; safe to share between threads."""

    def __init__(self, name: str, folder: Path) -> None:
        import onnxruntime

        self._config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        self.name = name
        self.fingerprint = self.fingerprint_of(folder)
        self.dimension = int(self._config["dimension"])
        self._tokenizer = load_tokenizer(folder / _TOKENIZER)
        self._session = onnxruntime.InferenceSession(
            str(folder / _MODEL), providers=["CPUExecutionProvider"]
        )

    @staticmethod
    def is_complete(folder: Path) -> bool:
        """Tell whether ``folder`` holds a finished export (its configuration comes last)."""
        return (folder / _CONFIG).is_file()

    @staticmethod
    def fingerprint_of(folder: Path) -> str:
        """Return the fingerprint of the encoder in a finished export."""
        return f"{folder.name}-int8"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions with the model's query prompt, shape (n, dimension)."""
        return self._encode(self._config["query_prompt"], texts, no_progress)

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Encode passages with the model's document prompt, shape (n, dimension)."""
        return self._encode(self._config["document_prompt"], texts, progress)

    def _encode(self, prompt: str, texts: Sequence[str], progress: Progress) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Surrogates and NULs come out of damaged files; the tokenizer takes neither.
        clean = [prompt + t.encode("utf-8", "replace").decode().replace("\0", " ") for t in texts]
        limit = int(self._config["max_tokens"])
        tokens = [cut_off(found.ids, limit) for found in self._tokenizer.encode_batch(clean)]
        done = 0
        for rows in _batches([len(ids) for ids in tokens]):
            vectors[rows] = self._run([tokens[i] for i in rows])
            done += len(rows)
            progress("encode", done, len(texts))
        return vectors

    def _run(self, batch: list[list[int]]) -> Vectors:
        width = max(map(len, batch))
        ids = np.full((len(batch), width), int(self._config["pad_id"]), np.int64)
        mask = np.zeros((len(batch), width), np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        hidden: NDArray[np.float32] = self._session.run(None, inputs)[0]
        if self._config["pooling"] == "cls":
            pooled = hidden[:, 0]
        else:
            weights = mask[..., None].astype(np.float32)
            pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return cast(Vectors, pooled / np.maximum(norms, 1e-12))


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group rows of similar length so that little is spent on padding."""
    groups: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if groups and lengths[groups[-1][0]] * (len(groups[-1]) + 1) <= _BATCH_TOKENS:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def export(model: "SentenceTransformer", reference: Encoder, folder: Path) -> bool:
    """Export ``model`` to ``folder``; tell whether the result is there and good enough.

    A model of another shape, an exporter that fails or a result too far from the torch model
    are not errors: the caller goes on with torch.
    """
    config = _exportable(model)
    if config is None:
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _export_model(model, staging)
        save_tokenizer(model.tokenizer.backend_tokenizer, staging / _TOKENIZER)
        (staging / _CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")
        cosine = _least_cosine(OnnxEncoder(reference.name, staging), reference)
        if cosine < QUALITY_BOUND:
            _log.warning("int8 export of %s: cosine %.4f, using torch", reference.name, cosine)
            return False
        try:
            staging.replace(folder)
        except OSError:
            # Another process exported the same model first.
            return OnnxEncoder.is_complete(folder)
        return True
    except Exception as error:  # exporters fail in their own many ways
        _log.warning("cannot export %s (%s), using torch", reference.name, error)
        return False
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _exportable(model: "SentenceTransformer") -> dict[str, object] | None:
    """Return the configuration of the exported encoder, or None for a model of another shape."""
    shape = [type(module).__name__ for module in model]
    if shape not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    transformer, pooling = cast(Any, model[0]), cast(Any, model[1])
    if transformer.auto_model.config.model_type not in {"bert", "xlm-roberta", "roberta"}:
        return None
    if pooling.pooling_mode not in {"mean", "cls"} or not pooling.include_prompt:
        return None
    if not hasattr(model.tokenizer, "backend_tokenizer"):
        return None
    prompts = model.prompts
    return {
        "dimension": model.get_embedding_dimension(),
        "max_tokens": int(model.max_seq_length or 512),
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "pooling": pooling.pooling_mode,
        "query_prompt": prompts.get("query") or "",
        "document_prompt": prompts.get("document") or prompts.get("passage") or "",
    }


def _export_model(model: "SentenceTransformer", folder: Path) -> None:
    import torch

    class Trunk(torch.nn.Module):
        def __init__(self, transformer: Any) -> None:  # noqa: ANN401 - any BERT-like model
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output = self.transformer(input_ids=input_ids, attention_mask=attention_mask)
            return cast(torch.Tensor, output.last_hidden_state)

    export_int8(Trunk(cast(Any, model[0]).auto_model), folder / _MODEL, "hidden")


def _least_cosine(exported: Encoder, reference: Encoder) -> float:
    queries = exported.encode_queries(_SAMPLE) * reference.encode_queries(_SAMPLE)
    documents = exported.encode_documents(_SAMPLE) * reference.encode_documents(_SAMPLE)
    return float(min(queries.sum(axis=1).min(), documents.sum(axis=1).min()))
