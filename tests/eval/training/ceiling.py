"""How near a reader comes to CMRC's trial answers: ``python -m tests.eval.training.ceiling DATA``.

Nearly half of these answers are whole sentences or longer, where the sets that the reader learns
from and is chosen on have a few words. To tell what that costs from what it reads wrongly, a
reader goes on learning from every second context of the very set, and is asked the questions of
the others, the right article given. That is no way to make a reader to be measured on the set;
nothing of it is kept.
"""

import json
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import torch
import typer
from safetensors.torch import load
from torch.nn import functional

from embeddings import bundled
from embeddings.settings import Settings
from embeddings.tokenizer import Tokenizer, load_tokenizer
from qa.adapter import HEAD_BIAS, HEAD_WEIGHT, merge
from qa.pairs import encode_pairs
from qa.scores import exact_match, f1
from tests.eval.training.examples import Asked, encyclopedia, epoch
from tests.eval.training.network import Network
from tests.eval.training.train import batches_of, logits_of, rows_of

EPOCHS = 4
RATE = 2e-4
LONGEST = {"short": 40, "any": 200}
"""Tokens of an answer at most: as the shipped reader has them, and enough for any gold answer."""


def shipped(folder: Path) -> Network:
    """Return the shipped reader as a network whose further changes can be learned."""
    tensors = load(resources.files("qa").joinpath("reader.safetensors").read_bytes())
    network = Network(folder)
    merge(network.trunk, tensors)
    network.head.load_state_dict(
        {"weight": tensors[HEAD_WEIGHT].float(), "bias": tensors[HEAD_BIAS].float()}
    )
    return network


def learn(network: Network, tokenizer: Tokenizer, asked: Sequence[Asked], pad: int) -> None:
    """Go on learning from questions, right and wrong passages, at a rate that falls to nothing."""
    learned = [p for p in network.parameters() if p.requires_grad]
    batches = [
        batch
        for seed in range(EPOCHS)
        for batch in batches_of(rows_of(tokenizer, epoch(asked, seed)), seed)
    ]
    optimizer = torch.optim.AdamW(learned, RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, len(batches))
    for number, batch in enumerate(batches):
        logits = logits_of(network, batch, pad)
        loss = torch.zeros(())
        for side in (0, 1):
            labels = torch.tensor([row[2 + side] for row in batch])
            loss = loss + functional.cross_entropy(logits[..., side], labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if number % 20 == 0:
            typer.echo(f"step {number}/{len(batches)}, loss {loss.item() / 2:.2f}", err=True)


@torch.no_grad()
def answer(network: Network, tokenizer: Tokenizer, item: Asked, longest: int) -> str:
    """Return the best span of the question's own article."""
    best, words = -float("inf"), ""
    for example in item.right:
        (pair,) = encode_pairs(tokenizer, item.question, [(example.context, example.text)])
        ids = torch.tensor([pair.ids])
        logits = network(ids, torch.ones_like(ids))[0][pair.body : pair.body + len(pair.spans)]
        scores = logits[:, None, 0] + logits[None, :, 1]
        scores = scores.triu().masked_fill(torch.ones_like(scores).tril(-1).bool(), -1e4)
        scores = scores.masked_fill(torch.ones_like(scores).triu(longest).bool(), -1e4)
        first, last = divmod(int(scores.argmax()), len(pair.spans))
        if float(scores.max()) > best:
            best = float(scores.max())
            words = example.text[pair.spans[first].start : pair.spans[last].end]
    return words


def figures(network: Network, tokenizer: Tokenizer, asked: Sequence[Asked]) -> str:
    """Return exact match and F1 over questions, for each bound of an answer's length."""
    told = []
    for name, longest in LONGEST.items():
        pairs = [(answer(network, tokenizer, item, longest), _gold(item)) for item in asked]
        em = sum(exact_match(said, [gold]) for said, gold in pairs) / len(pairs)
        score = sum(f1(said, [gold]) for said, gold in pairs) / len(pairs)
        told.append(f"{name} answers: EM {em:.3f}, F1 {score:.3f}")
    return "; ".join(told)


def _gold(item: Asked) -> str:
    first = item.right[0]
    assert first.answer is not None
    return first.text[slice(*first.answer)]


def halves(path: Path) -> tuple[list[Asked], list[Asked]]:
    """Return the questions of every second context, and those of the others."""
    documents = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for document in documents for paragraph in document["paragraphs"]]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number in (0, 1):
            half = Path(folder) / f"{path.stem}-{number}.json"
            kept = {"data": [{"paragraphs": paragraphs[number::2]}]}
            half.write_text(json.dumps(kept), encoding="utf-8")
            found.append([item for item in encyclopedia(half) if item.right])
    return found[0], found[1]


def main(data: Path) -> None:
    """Measure the shipped reader on half of the set, before and after learning from the other."""
    torch.manual_seed(1)
    folder = bundled.ensure_model_folder(Settings().cache)
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    taught, tested = halves(data / "cmrc2018_trial.json")
    network = shipped(folder)
    network.eval()
    typer.echo(f"{len(taught)} questions to learn from, {len(tested)} to ask")
    typer.echo(f"as shipped: {figures(network, tokenizer, tested)}")
    learn(network, tokenizer, taught, tokenizer.whole().token_to_id("<pad>"))
    typer.echo(f"having learned from half of the set: {figures(network, tokenizer, tested)}")


if __name__ == "__main__":
    typer.run(main)
