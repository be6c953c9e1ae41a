"""Measures which passages ``embeddings.reprints`` takes for repeats of others.

``python -m tests.eval.measure_reprints ../shared/data`` makes altered copies of news articles
and prints, for each half of them, precision and recall over passages of the copies shown after
the originals, and how many passages of other articles, those nearest in words, are taken for
repeats. ``--choose`` prints a grid over the first half, which is what the constants were chosen
on; the second half is only reported.

A copy is altered as reprints are (another dateline and credit, sentences dropped or added, cut
short, misprints, Traditional characters, half-width forms and spaces) and its passages should be
found again; or it follows the original as a pattern, with its figures and rarest words
exchanged, and its passages should not. Where a passage mixes both, it is not counted.
"""

import itertools
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import opencc
import typer

from embeddings.chunks import chunk_article
from embeddings.dictionary import word_cutter
from embeddings.reprints import CONTAINED, FIGURES, SHINGLE, Shown, traits_of
from embeddings.sentences import sentence_spans
from embeddings.tokens import query_terms, terms
from embeddings.types import Article
from tests.conftest import sparse_index

ARTICLES = 500
"""Copied articles, both halves together."""
NEIGHBOURS = 8
REPEATED, DIFFERENT = 0.8, 0.4
"""Share of a passage's characters, of the shown passages, from which on and up to which it is
counted as a repeat and as something else."""
OTHER_FIGURES, OTHER_NAMES = 2, 3
"""Exchanged figures, or names where no figure is, from which on a passage tells something else."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a copy.

    Attributes:
        text: What it reads now.
        copied: Whether it stands in the original, small misprints aside.
        figures: How many figures were exchanged in it.
        names: How many rare words were.
    """

    text: str
    copied: bool = True
    figures: int = 0
    names: int = 0


Alteration = Callable[[list[Piece], random.Random, Sequence[str]], list[Piece]]


def dateline(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    first = rng.choice(["本报讯（记者 李明）", "据新华社电 ", "本报综合消息 ", "日前，"])
    return [Piece(first, copied=False), *pieces, Piece("（来源：综合）", copied=False)]


def dropped(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    return [piece for piece in pieces if rng.random() > 0.15] or pieces


def added(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    at = rng.randrange(len(pieces) + 1)
    return [*pieces[:at], Piece(rng.choice(others), copied=False), *pieces[at:]]


def cut_short(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    return pieces[: max(2, int(len(pieces) * rng.uniform(0.4, 0.8)))]


def misprinted(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    share = rng.uniform(0.005, 0.02)
    letters = "".join(others)

    def spoilt(text: str) -> str:
        return "".join(rng.choice(letters) if rng.random() < share else c for c in text)

    return [Piece(spoilt(piece.text), piece.copied) for piece in pieces]


_TRADITIONAL = opencc.OpenCC("s2t")


def traditional(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    return [Piece(_TRADITIONAL.convert(piece.text), piece.copied) for piece in pieces]


def half_width(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    forms = str.maketrans("，：；（）！？", ",:;()!?")
    return [
        Piece(re.sub(r"(\d+)", r" \1 ", piece.text.translate(forms)), piece.copied)
        for piece in pieces
    ]


REPRINTS: tuple[Alteration, ...] = (
    dateline, dropped, added, cut_short, misprinted, traditional, half_width,
)  # fmt: skip


def as_pattern(pieces: list[Piece], rng: random.Random, others: Sequence[str]) -> list[Piece]:
    """Exchange every figure, and the article's own rare words, as the next report would."""
    text = "".join(piece.text for piece in pieces)
    counts = Counter(
        word for word in word_cutter().cut(text) if re.fullmatch(r"[一-鿿]{2,4}", word)
    )
    names = sorted(counts, key=lambda word: (word_cutter().FREQ.get(word, 0), word))[
        : max(4, len(counts) // 8)
    ]
    strange = [w for w in word_cutter().cut("".join(others)) if re.fullmatch(r"[一-鿿]{2,4}", w)]
    exchanged = {name: rng.choice(strange) for name in names}
    pattern = re.compile("|".join([r"\d+", *map(re.escape, names)]))
    changed: list[Piece] = []
    for piece in pieces:
        found = pattern.findall(piece.text)
        figures = sum(word.isdigit() for word in found)

        def other(match: re.Match[str]) -> str:
            word = match.group()
            if word.isdigit():
                return "".join(rng.choice("123456789") for _ in word)
            return exchanged[word]

        altered = pattern.sub(other, piece.text)
        changed.append(Piece(altered, piece.copied, figures, len(found) - figures))
    return changed


@dataclass(frozen=True, slots=True)
class Case:
    """Passages shown, and one that comes after them, which repeats them or does not."""

    shown: tuple[str, ...]
    text: str
    repeats: bool
    how: str


def news(data: Path) -> list[str]:
    lines = (
        line
        for path in sorted((data / "news").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    return [json.loads(line)["text"] for line in lines]


def article(text: str) -> Article:
    return Article("a", None, None, (), None, None, "a", "article", text)


def passages(text: str) -> list[str]:
    return [chunk.text for chunk in chunk_article(article(text))]


def cases(texts: Sequence[str], half: int) -> Iterator[Case]:
    """Yield what should be told apart, of every second copied article."""
    order = random.Random(7).sample(range(len(texts)), ARTICLES)
    for position in order[half::2]:
        rng = random.Random(position)
        spans = sentence_spans(texts[position])
        pieces = [Piece(texts[position][s.start : s.end]) for s in spans]
        elsewhere = texts[rng.choice(order)]
        others = [elsewhere[s.start : s.end] for s in sentence_spans(elsewhere)]
        shown = tuple(passages(texts[position]))
        for alterations in (rng.sample(REPRINTS, 2), [as_pattern]):
            copy = pieces
            for alter in alterations:
                copy = alter(copy, rng, others)
            yield from _cases_of(shown, copy, "+".join(a.__name__ for a in alterations))


def _cases_of(shown: tuple[str, ...], copy: Sequence[Piece], how: str) -> Iterator[Case]:
    text = "".join(piece.text for piece in copy)
    ends, end = [], 0
    for piece in copy:
        end += len(piece.text)
        ends.append(end)
    for chunk in chunk_article(article(text)):
        same = figures = names = 0.0
        for piece, end in zip(copy, ends, strict=True):
            common = min(end, chunk.end) - max(end - len(piece.text), chunk.start)
            if common > 0:
                same += common * piece.copied
                figures += piece.figures * common / len(piece.text)
                names += piece.names * common / len(piece.text)
        share = same / (chunk.end - chunk.start)
        if figures or names:
            if figures >= OTHER_FIGURES:
                yield Case(shown, chunk.text, False, "other figures")
            elif not figures and names >= OTHER_NAMES:
                yield Case(shown, chunk.text, False, "other names")
        elif share >= REPEATED:
            yield Case(shown, chunk.text, True, how)
        elif share <= DIFFERENT:
            yield Case(shown, chunk.text, False, how)


def neighbours(texts: Sequence[str], half: int) -> Iterator[Case]:
    """Yield passages of other articles that are nearest in words to those of an article."""
    owners = [(i, passage) for i, text in enumerate(texts) for passage in passages(text)]
    with tempfile.TemporaryDirectory() as temporary:
        postings = sparse_index((terms(p) for _, p in owners), Path(temporary) / "postings")
        order = random.Random(7).sample(range(len(texts)), ARTICLES)
        for position in order[half::2][:120]:
            shown = tuple(passages(texts[position]))
            for text in shown:
                rows, _scores = postings.search(query_terms(text), NEIGHBOURS)
                for row in rows.tolist():
                    if owners[row][0] != position:
                        yield Case(shown, owners[row][1], False, "neighbour")


def found(some: Sequence[Case], shingle: int, contained: float, figures: float) -> list[bool]:
    """Return for each case whether it is taken for a repeat."""
    verdicts: list[bool] = []
    shown, seen = (), Shown()
    for case in some:
        if case.shown is not shown:
            shown, seen = case.shown, Shown(contained, figures)
            for text in shown:
                seen.add(traits_of(text, shingle))
        verdicts.append(seen.repeated_by(traits_of(case.text, shingle)) is not None)
    return verdicts


def figures_of(some: Sequence[Case], verdicts: Sequence[bool]) -> dict[str, float]:
    """Return precision and recall over the altered copies."""
    hits = sum(v and c.repeats for c, v in zip(some, verdicts, strict=True))
    taken, repeats = sum(verdicts), sum(case.repeats for case in some)
    return {
        "repeats": repeats,
        "different": len(some) - repeats,
        "precision": round(hits / max(1, taken), 4),
        "recall": round(hits / max(1, repeats), 4),
        "f1": round(2 * hits / max(1, taken + repeats), 4),
    }


def choose(texts: Sequence[str]) -> None:
    """Print the grid over the first half, best F1 first."""
    first = list(cases(texts, 0))
    grid = itertools.product((5, 6, 8, 10, 12), (0.6, 0.65, 0.7, 0.75, 0.8), (0.0, 0.5, 0.6, 0.8))
    rows = [(point, figures_of(first, found(first, *point))) for point in grid]
    for point, measured in sorted(rows, key=lambda row: -row[1]["f1"]):
        typer.echo(f"{point} {json.dumps(measured)}")


def report(texts: Sequence[str], half: int, show: bool) -> None:
    """Print what the constants give on a half."""
    some = list(cases(texts, half))
    verdicts = found(some, SHINGLE, CONTAINED, FIGURES)
    typer.echo(json.dumps(figures_of(some, verdicts)))
    by_kind: dict[str, list[bool]] = {}
    for case, verdict in zip(some, verdicts, strict=True):
        for how in case.how.split("+"):
            kind = how if case.repeats else f"{how} (different)"
            by_kind.setdefault(kind, []).append(verdict)
    for kind, taken in sorted(by_kind.items()):
        typer.echo(f"  {kind:26} taken for repeats: {sum(taken)} of {len(taken)}")
    near = list(neighbours(texts, half))
    verdicts = found(near, SHINGLE, CONTAINED, FIGURES)
    typer.echo(f"  nearest passages of other articles: {sum(verdicts)} of {len(verdicts)}")
    for case, verdict in zip(near, verdicts, strict=True):
        if show and verdict:
            typer.echo(f"--- {case.text}\n{' | '.join(case.shown)}")


def main(
    data: Path,
    grid: Annotated[bool, typer.Option("--choose", help="Print the grid instead.")] = False,
    show: Annotated[bool, typer.Option(help="Print neighbours taken for repeats.")] = False,
) -> None:
    """Print the table."""
    texts = news(data)
    if grid:
        choose(texts)
        return
    for half, name in enumerate(("chosen on", "reported on")):
        typer.echo(f"{name}:")
        report(texts, half, show)


if __name__ == "__main__":
    typer.run(main)
