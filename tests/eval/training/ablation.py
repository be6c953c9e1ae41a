"""Shows what each part of the evidence is worth: ``python -m tests.eval.training.ablation DATA``.

The weights are fitted anew without it, on the sets that ``fit`` fits them on; a part is worth
having if both the sets that it was fitted on and those that are only reported lose without it.
Writes ``tests/eval/results/evidence_ablation.md``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from embeddings import load_index
from embeddings.rebuild import rebuild
from qa.reader import READ_FEATURES
from tests.eval.training.fit import REFUSED, Example, fit, question_sets, report, with_bound

RESULT = Path(__file__).resolve().parents[1] / "results" / "evidence_ablation.md"

PARTS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "the reader's spans": ("span", "span_lead", "span_in_passage"),
    "agreement of passages": ("agreement",),
    "retrieval": ("retrieval_score", "first_passage"),
    "the question's words": ("words", "words_around", "words_in_passage", "rarest_missing"),
    "its names, years and figures": ("names_missing", "names_missing_around"),
    "the kind of answer": ("span_kind", "person", "unit", "kind"),
    "lengths": ("span_length", "length"),
}
"""What is left out, and the features that it is made of."""
COLUMNS = {
    "best_sentence_answers": "best sentence",
    "one_of_three_answers": "of three",
    "easy_auroc": "AUROC, article gone",
    "miss_auroc": "AUROC, near misses",
}


def table(title: str, rows: Sequence[tuple[str, dict[str, float]]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: of each part left out, the figures without it."""
    columns = {name: head for name, head in COLUMNS.items() if name in rows[0][1]}
    questions = int(rows[0][1]["questions"])
    yield f"## {title} ({questions} questions with an answer)\n"
    yield f"| left out | {' | '.join(columns.values())} |"
    yield f"|---{'|---:' * len(columns)}|"
    for part, figures in rows:
        yield f"| {part} | {' | '.join(f'{figures[name]:.3f}' for name in columns)} |"
    yield ""


def main(
    data: Path,
    index: Annotated[Path, typer.Option(help="Keep the news index here.")],
) -> None:
    """Fit the weights without each part in turn, and write the figures."""
    rebuild([data / "news"], index=index)
    selected, reported = question_sets(data, load_index(index), "read", is_chinese=True)
    sets: dict[str, list[Example]] = {"selection": selected, **reported}
    found: dict[str, list[tuple[str, dict[str, float]]]] = {name: [] for name in sets}
    for part, features in PARTS.items():
        fitted = with_bound(fit(selected, READ_FEATURES, set(features)), selected, REFUSED)
        for name, examples in sets.items():
            found[name].append((part, report(fitted, examples)))
    lines = ["# Evidence: what is lost without each part", ""]
    lines += ["`python -m tests.eval.training.ablation ../shared/data --index DIR`", ""]
    for name, rows in found.items():
        lines += table(name, rows)
    RESULT.write_text("\n".join(lines), encoding="utf-8")
    typer.echo("\n".join(lines))


if __name__ == "__main__":
    typer.run(main)
