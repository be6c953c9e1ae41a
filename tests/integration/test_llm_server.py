"""A real server speaks the real protocol: ``transformers serve`` with a model of random weights.

What it says is of no use, so the newspaper must be quoted in its place, with a note.
"""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Answer, LanguageModel, ask_stream
from qa.stream import Delta
from tests.browser.conftest import free_port

SECONDS_TO_START = 60
CHAT = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"


def make_model(folder: Path) -> None:
    """Write a model of two small layers and a tokenizer of bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    vocabulary = {"<end>": 0}
    for symbol in sorted(pre_tokenizers.ByteLevel.alphabet()):
        vocabulary[symbol] = len(vocabulary)
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<end>", pad_token="<end>"
    )
    wrapped.chat_template = CHAT
    wrapped.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=8192,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    torch.manual_seed(0)
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        model.lm_head.weight[0] = 0  # never the likeliest: it does not end before it began
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageModel]:
    folder = tmp_path_factory.mktemp("model")
    make_model(folder)
    program = Path(sys.executable).with_name("transformers")
    if not program.exists():
        pytest.skip("transformers has no command here")
    port = free_port()
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as told:
        server = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and not _answers(f"http://127.0.0.1:{port}/health"):
            if server.poll() is not None:
                said = log.read_text(errors="replace")[-300:]
                pytest.skip(f"transformers serve does not start here: {said}")
            time.sleep(0.2)
        yield LanguageModel(f"http://127.0.0.1:{port}/v1", str(folder), timeout=20)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def test_useless_words_are_replaced(served: LanguageModel, seeds_index: Path) -> None:
    events = list(ask_stream("示范区纪委检查了多少家企业？", index=seeds_index, llm=served))
    answer = events[-1]
    assert isinstance(answer, Answer) and not answer.claims and "原文摘录" in answer.note
    assert answer.exact == "36家"
    assert any(isinstance(event, Delta) for event in events), answer.note
