"""The fast encoder for the CPU: the same weights as int8 under onnxruntime.

A sentence-transformers model made of a BERT-like transformer, mean or first-token pooling and
optional normalization is exported once; after that, encoding needs neither torch nor
transformers. Dynamic int8 quantization scales activations over the whole input, so every text is
an input of its own, one on each core: that is as fast as batches are, nothing is spent on padding,
and a text's vector does not depend on what is encoded with it.
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
from embeddings.session import Session
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
FOLDER_VERSION = 2
"""Part of an exported folder's name: raise when the same model gives other vectors or files."""

_MODEL, _TOKENIZER, _CONFIG = "model.onnx", "tokenizer.json", "encoder.json"

_log = logging.getLogger(__name__)


class OnnxEncoder:
    """An exported model; safe to share between threads."""

    def __init__(self, name: str, folder: Path) -> None:
        self._config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        self.name = name
        self.fingerprint = self.fingerprint_of(folder)
        self.dimension = int(self._config["dimension"])
        self._tokenizer = load_tokenizer(folder / _TOKENIZER)
        self._session = Session(folder / _MODEL)

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
        tokens = [cut_off(found.ids, limit) for found in self._tokenizer.encode(clean)]
        for row, hidden in enumerate(self._session.run_each(tokens)):
            vectors[row] = self._pooled(hidden)
            progress("encode", row + 1, len(texts))
        return vectors

    def _pooled(self, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return one unit vector for a text's tokens, shape (tokens, dimension)."""
        pooled = hidden[0] if self._config["pooling"] == "cls" else hidden.mean(axis=0)
        return cast(NDArray[np.float32], pooled / max(float(np.linalg.norm(pooled)), 1e-12))


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

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            output = self.transformer(input_ids=input_ids)
            return cast(torch.Tensor, output.last_hidden_state)

    export_int8(Trunk(cast(Any, model[0]).auto_model), folder / _MODEL, "hidden")


def _least_cosine(exported: Encoder, reference: Encoder) -> float:
    queries = exported.encode_queries(_SAMPLE) * reference.encode_queries(_SAMPLE)
    documents = exported.encode_documents(_SAMPLE) * reference.encode_documents(_SAMPLE)
    return float(min(queries.sum(axis=1).min(), documents.sum(axis=1).min()))
