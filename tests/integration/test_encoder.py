"""The bundled model, other models, and what happens without a network."""

import importlib.util
import json
import shutil
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings import bundled
from embeddings.encoder import SentenceTransformerEncoder, load_encoder
from embeddings.errors import EncoderError
from embeddings.onnx import OnnxEncoder, export
from embeddings.settings import Settings

TEXTS = [
    "示范区纪委督导“白名单”企业36家，发现问题9个。",
    "机关篮球邀请赛有5支代表队参加。",
    "The committee inspected 36 companies.",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return bundled.ensure_model_folder(Settings().cache)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"a network call: {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_bundled_model_understands_chinese_and_english(no_network: None) -> None:
    encoder = load_encoder()
    assert encoder.name == "multilingual-e5-small"
    documents = encoder.encode_documents(TEXTS)
    queries = encoder.encode_queries(["纪委检查了几家公司？", "How many firms were inspected?"])
    assert documents.shape == (3, 384) and documents.dtype == np.float32
    assert np.allclose(np.linalg.norm(documents, axis=1), 1, atol=1e-5)
    similarity = queries @ documents.T
    # on inspection, not on basketball
    assert (similarity[:, 0] > similarity[:, 1]).all()


def test_int8_stays_close_to_the_torch_model(folder: Path, no_network: None) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), local_files_only=True)
    torch_vectors = SentenceTransformerEncoder("m", "f", model).encode_documents(TEXTS)
    fast = load_encoder()
    assert isinstance(fast, OnnxEncoder)
    assert (fast.encode_documents(TEXTS) * torch_vectors).sum(axis=1).min() > 0.985


def test_vectors_do_not_depend_on_what_is_encoded_with_them(folder: Path) -> None:
    encoder = load_encoder()
    alone = np.vstack([encoder.encode_documents([text]) for text in TEXTS])
    together = encoder.encode_documents(["别的一句话，让这一批更长一些。" * 9, *TEXTS])[1:]
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_no_text_gives_no_vector() -> None:
    assert load_encoder().encode_documents([]).shape == (0, 384)


def test_damaged_text_is_encoded_too() -> None:
    vectors = load_encoder().encode_documents(["坏\ud800字\0符", ""])
    assert np.isfinite(vectors).all()


def make_tiny_model(folder: Path, pooling: str = "mean") -> Path:
    """Write a two-layer BERT with random weights as a sentence-transformers folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    base = folder / "base"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"示范区纪委企业篮球赛问题"]
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", model_max_length=64,
    ).save_pretrained(base)  # fmt: skip
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=64)
    pooled = Pooling(transformer.get_embedding_dimension(), pooling_mode=pooling)
    prompts = {"query": "问", "document": "文"}
    SentenceTransformer(modules=[transformer, pooled], prompts=prompts).save(str(folder / "model"))
    return folder / "model"


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_another_local_model_with_its_own_prompts(
    tmp_path: Path, no_network: None, pooling: str
) -> None:
    model = make_tiny_model(tmp_path, pooling)
    encoder = load_encoder(str(model), cache=tmp_path / "cache")
    assert encoder.name == str(model)
    assert encoder.dimension == 32
    assert isinstance(encoder, OnnxEncoder) == (pooling != "max")
    query, document = encoder.encode_queries(["示范区"]), encoder.encode_documents(["示范区"])
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(query, document, atol=1e-4)


def test_an_export_that_misses_the_bound_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentence_transformers import SentenceTransformer

    from embeddings import onnx

    model = SentenceTransformer(str(make_tiny_model(tmp_path)), local_files_only=True)
    reference = SentenceTransformerEncoder("tiny", "f", model)
    monkeypatch.setattr(onnx, "QUALITY_BOUND", 1.1)
    assert not export(model, reference, tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_torch_encodes_what_cannot_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("an operator without an export")

    monkeypatch.setattr("embeddings.onnx.export_int8", fail)
    encoder = load_encoder(str(make_tiny_model(tmp_path)), cache=tmp_path / "cache")
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert encoder.encode_documents(["示范区"]).shape == (1, 32)


def test_a_missing_folder_names_the_remedy() -> None:
    with pytest.raises(EncoderError, match="drop --model"):
        load_encoder("/no/such/model")


def test_a_broken_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(EncoderError, match="complete"):
        load_encoder(str(tmp_path), cache=tmp_path / "cache")


@pytest.mark.parametrize("name", ["someone/some-model", "no-such-model"])
def test_an_unreachable_hub_is_told_in_seconds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a port that nobody listens on stands for a hub out of reach
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", f"http://127.0.0.1:{port}")
    began = time.monotonic()
    with pytest.raises(EncoderError, match=r"--model|Check the name"):
        load_encoder(name, cache=tmp_path)
    assert time.monotonic() - began < 20


def test_a_damaged_carrier_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(b"E5S1" + bytes(1000))
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: type("Spec", (), {"origin": str(tmp_path / "__init__.py")})(),
    )
    with pytest.raises(EncoderError, match="damaged"):
        bundled.ensure_model_folder(tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("multilingual*[0-9]"))


def test_two_may_unpack_the_model_at_once(tmp_path: Path) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(bundled.ensure_model_folder(tmp_path)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 2
    assert (found[0] / "model.safetensors").stat().st_size > 400_000_000
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".multi")]
    shutil.rmtree(tmp_path)
