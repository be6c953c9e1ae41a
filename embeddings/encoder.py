"""Chooses and loads the encoder: the bundled model, a local folder, or a model hub's name."""

import functools
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from embeddings import bundled
from embeddings.errors import EncoderError
from embeddings.fingerprint import fingerprint_folder
from embeddings.onnx import FOLDER_VERSION, OnnxEncoder, export
from embeddings.settings import Settings
from embeddings.types import Encoder, Progress, Vectors, no_progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

HUB_TIMEOUT = 5.0
"""Seconds to wait for the model hub's first answer before saying that it cannot be reached."""

_TORCH_BATCH = 32
_loading = threading.Lock()


def load_encoder(model: str | None = None, cache: Path | None = None) -> Encoder:
    """Load an encoder, exporting it for fast use on the CPU the first time.

    The same model is loaded only once, whoever asks. A local folder, the bundled model and a hub
    model that was downloaded before are loaded without any network call.

    Args:
        model: A folder, a hub name such as ``BAAI/bge-small-zh-v1.5``, or None for the
            setting ``WENBAO_MODEL`` and, where that is unset, the bundled model.
        cache: Where the bundled model and exports are kept; default ``WENBAO_CACHE``.

    Raises:
        EncoderError: The model cannot be found, reached or loaded.
    """
    source = _locate(model, cache)
    with _loading:
        return _load(source)


@functools.lru_cache(maxsize=4)
def _load(source: "_Source") -> Encoder:
    if OnnxEncoder.is_complete(source.exported):
        return OnnxEncoder(source.name, source.exported)
    loaded = _load_sentence_transformer(source.folder)
    torch_encoder = SentenceTransformerEncoder(source.name, source.fingerprint, loaded)
    if not _has_gpu() and export(loaded, torch_encoder, source.exported):
        return OnnxEncoder(source.name, source.exported)
    return torch_encoder


class EncoderIdentity(NamedTuple):
    """The ``name`` and ``fingerprint`` of an encoder."""

    name: str
    fingerprint: str


def encoder_identity(model: str | None = None, cache: Path | None = None) -> EncoderIdentity:
    """Return which encoder it is, without loading it where it was exported before.

    Args and errors are those of ``load_encoder``.
    """
    source = _locate(model, cache)
    if OnnxEncoder.is_complete(source.exported):
        return EncoderIdentity(source.name, OnnxEncoder.fingerprint_of(source.exported))
    return EncoderIdentity(source.name, load_encoder(model, cache).fingerprint)


class _Source(NamedTuple):
    """Where a model is, and where its export is or will be."""

    name: str
    folder: Path
    fingerprint: str
    exported: Path


def _locate(model: str | None, cache: Path | None) -> _Source:
    settings = Settings()
    cache = cache or settings.cache
    name = model or settings.model or bundled.NAME
    folder = _folder_of(name, cache)
    if name != bundled.NAME and Path(name).is_dir():
        name = str(folder)
    fingerprint = fingerprint_folder(folder)
    return _Source(name, folder, fingerprint, cache / "onnx" / f"{fingerprint}-{FOLDER_VERSION}")


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its own query and document prompts."""

    def __init__(self, name: str, fingerprint: str, model: "SentenceTransformer") -> None:
        self.name = name
        self.fingerprint = f"{fingerprint}-torch"
        self._model = model
        self.dimension = int(model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions with the model's query prompt, shape (n, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model.encode_query(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return cast(Vectors, np.asarray(vectors, np.float32))

    def encode_documents(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Encode passages with the model's document prompt, shape (n, dimension)."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _TORCH_BATCH):
            rows = order[start : start + _TORCH_BATCH]
            vectors[rows] = self._model.encode_document(
                [texts[i] for i in rows], normalize_embeddings=True, show_progress_bar=False
            )
            progress("encode", start + len(rows), len(texts))
        return vectors


def _folder_of(name: str, cache: Path) -> Path:
    if name == bundled.NAME:
        return bundled.ensure_model_folder(cache)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise EncoderError(
            f"没有模型文件夹 {name}。请检查路径，或去掉 --model 使用内置模型。",
            f"There is no model folder {name}. Check the path, or drop --model to use the "
            "bundled model.",
        )
    return _cached_hub_folder(name) or _download(name)


def _cached_hub_folder(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for marker in ("modules.json", "config.json"):
        try:
            path = try_to_load_from_cache(name, marker)
        except HFValidationError:
            return None
        if isinstance(path, str):
            return Path(path).parent
    return None


def _download(name: str) -> Path:
    """Fetch a model from the hub, after making sure in seconds that it is there."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        if os.environ.get("HF_HUB_OFFLINE", "") in {"1", "ON", "YES", "TRUE", "true"}:
            raise ConnectionError("HF_HUB_OFFLINE is set")
        HfApi().model_info(name, timeout=HUB_TIMEOUT)
    except (HFValidationError, RepositoryNotFoundError) as error:
        raise EncoderError(
            f"模型库里没有名为 {name} 的模型，本机也没有这个文件夹。请检查名称。",
            f"The model hub has no model named {name}, and there is no such folder here. "
            "Check the name.",
        ) from error
    except Exception as error:  # the hub client raises whatever its HTTP library does
        raise EncoderError(
            f"无法从模型库取得 {name}（连接不上：{type(error).__name__}）。请在能联网的机器上下载"
            "该模型，再用 --model 指定其文件夹；或用 HF_ENDPOINT 指定镜像；或去掉 --model "
            "使用内置模型。",
            f"Cannot get {name} from the model hub (unreachable: {type(error).__name__}). "
            "Download the model on a connected machine and name its folder with --model, set "
            "HF_ENDPOINT to a mirror, or drop --model to use the bundled model.",
        ) from error
    _load_sentence_transformer(name)
    folder = _cached_hub_folder(name)
    if folder is None:
        raise EncoderError(
            f"模型 {name} 已下载，但缓存中找不到。请检查 HF_HOME 的权限和空间。",
            f"Model {name} was downloaded but is not in the cache. Check permissions and space "
            "of HF_HOME.",
        )
    return folder


def _load_sentence_transformer(source: Path | str) -> "SentenceTransformer":
    """Load from a folder without a network call, or from the hub by name."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(source), local_files_only=isinstance(source, Path), trust_remote_code=False
        )
    except Exception as error:  # a broken model folder fails in as many ways as it has files
        raise EncoderError(
            f"无法载入模型 {source}（{error}）。"
            "它应是一个完整的 sentence-transformers 模型文件夹。",
            f"Cannot load model {source} ({error}). It should be a complete "
            "sentence-transformers model folder.",
        ) from error


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available() or torch.backends.mps.is_available())
