"""Trains the reader: ``python -m tests.eval.training.train ../shared/data``.

Goes on from its last checkpoint when started again; the result is ``qa/reader.safetensors``.
"""

import json
import os
import random
import subprocess
import time
from pathlib import Path
from typing import Annotated

import torch
import typer
from safetensors.torch import save_file
from torch.nn import functional

from embeddings import bundled
from embeddings.settings import Settings
from embeddings.tokenizer import Tokenizer, load_tokenizer
from qa.pairs import encode_pairs
from tests.eval.training.examples import Example, encyclopedia, epoch, news
from tests.eval.training.network import Network

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE.parents[2] / "qa" / "reader.safetensors"

EPOCHS = 1
BATCH = 16
RATE = 4e-4
WARM_UP = 150
POOL = 40
"""Batches whose examples are sorted by length together, so that little is padding."""
CHECKPOINT_EVERY = 200
PRINT_EVERY = 20

NEWS = ("news_questions.jsonl", "contrasting_questions.jsonl", "news_questions_in_english.jsonl")
"""Questions on the news: of all kinds, groups that differ in little, and some in English."""

Row = tuple[list[int], int, int, int]
"""Token ids, the text's first token, and the answer's first and last token (0: no answer)."""


def rows_of(tokenizer: Tokenizer, examples: list[Example]) -> list[Row]:
    """Return the network's inputs and labels; examples whose answer was cut off are left out."""
    rows: list[Row] = []
    for example in examples:
        (pair,) = encode_pairs(tokenizer, example.question, [(example.context, example.text)])
        place = pair.tokens_of(*example.answer) if example.answer else (0, 0)
        if place is not None:
            rows.append((pair.ids, pair.body, *place))
    return rows


def batches_of(rows: list[Row], seed: int) -> list[list[Row]]:
    """Return batches of rows of like length, in random order."""
    chance = random.Random(seed)
    batches = []
    for start in range(0, len(rows), POOL * BATCH):
        pool = sorted(rows[start : start + POOL * BATCH], key=lambda row: len(row[0]))
        batches += [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
    chance.shuffle(batches)
    return batches


def padded(batch: list[Row], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and which tokens can be an answer (the class token can), (batch, width)."""
    width = max(len(row[0]) for row in batch)
    ids = torch.full((len(batch), width), pad)
    mask = torch.zeros((len(batch), width), dtype=torch.long)
    able = torch.zeros((len(batch), width), dtype=torch.bool)
    for i, (tokens, body, _start, _end) in enumerate(batch):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        mask[i, : len(tokens)] = 1
        able[i, body : len(tokens) - 1] = True
        able[i, 0] = True
    return ids, mask, able


def logits_of(network: Network, batch: list[Row], pad: int) -> torch.Tensor:
    """Return start and end logits, (batch, width, 2), minus infinity where nothing can be."""
    ids, mask, able = padded(batch, pad)
    return network(ids, mask).masked_fill(~able[..., None], -1e4)


def examples_of(data: Path, seed: int) -> list[list[Example]]:
    """Return the examples of each epoch."""
    asked = encyclopedia(data / "drcd_dev.json") + encyclopedia(data / "drcd_test.json")
    asked += news([HERE / name for name in NEWS], data / "news", rest=500)
    return [epoch(asked, seed + number) for number in range(EPOCHS)]


class Training:
    """The network with its optimizer; goes on from the last checkpoint if there is one."""

    def __init__(self, network: Network, steps: int, checkpoint: Path) -> None:
        self.network = network
        self.steps = steps
        self.learned = [p for p in network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.learned, RATE, weight_decay=0.01, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._share_of_rate)
        self.done = 0
        self._checkpoint = checkpoint
        if checkpoint.exists():
            state = torch.load(checkpoint, weights_only=True)
            network.load_state_dict(state["network"], strict=False)
            self.optimizer.load_state_dict(state["optimizer"])
            self.schedule.load_state_dict(state["schedule"])
            self.done = state["step"]

    def _share_of_rate(self, step: int) -> float:
        left = (self.steps - step) / max(1, self.steps - WARM_UP)
        return min((step + 1) / WARM_UP, left)

    def step(self, batch: list[Row], pad: int) -> float:
        """Learn from a batch; return its loss, the mean of start and end."""
        logits = logits_of(self.network, batch, pad)
        starts = torch.tensor([row[2] for row in batch])
        ends = torch.tensor([row[3] for row in batch])
        loss = functional.cross_entropy(logits[..., 0], starts) + functional.cross_entropy(
            logits[..., 1], ends
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learned, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad()
        self.done += 1
        if self.done % CHECKPOINT_EVERY == 0:
            self._save()
        return loss.item() / 2

    def _save(self) -> None:
        learned = {n: p.detach() for n, p in self.network.named_parameters() if p.requires_grad}
        state = {
            "network": learned,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.done,
        }
        staging = self._checkpoint.with_suffix(".new")
        torch.save(state, staging)
        staging.replace(self._checkpoint)


def main(
    data: Path,
    seed: int = 1,
    weights: Path = WEIGHTS,
    steps: Annotated[int | None, typer.Option(help="Stop early, to try something.")] = None,
) -> None:
    """Train the reader on DRCD and on questions about the news, and write its weights."""
    torch.manual_seed(seed)
    folder = bundled.ensure_model_folder(Settings().cache)
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    pad = tokenizer.whole().token_to_id("<pad>")
    batches = [
        batch
        for number, examples in enumerate(examples_of(data, seed))
        for batch in batches_of(rows_of(tokenizer, examples), seed + number)
    ][:steps]
    torch.set_num_threads(os.cpu_count() or 1)  # searching for wrong passages left one
    checkpoint = weights.with_suffix(f".seed{seed}.checkpoint")
    training = Training(Network(folder), len(batches), checkpoint)
    losses: list[float] = []
    began = time.perf_counter()
    for batch in batches[training.done :]:
        losses.append(training.step(batch, pad))
        if training.done % PRINT_EVERY == 0:
            pace = (time.perf_counter() - began) / len(losses)
            left = pace * (len(batches) - training.done) / 60
            typer.echo(
                f"step {training.done}/{len(batches)}, loss {_recent(losses):.3f}, "
                f"{pace:.2f} s a step, {left:.0f} min left",
                err=True,
            )
    record = {
        "data": ["drcd_dev.json", "drcd_test.json", *NEWS],
        "seed": seed,
        "steps": len(batches),
        "batch": BATCH,
        "rate": RATE,
        "loss": round(_recent(losses), 4),
        "commit": _commit(),
    }
    learned = training.network.learned()
    save_file(learned, weights, metadata={"training": json.dumps(record)})
    checkpoint.unlink(missing_ok=True)


def _recent(losses: list[float]) -> float:
    return sum(losses[-100:]) / len(losses[-100:])


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    typer.run(main)
