"""Shows articles, passages, answers and measurements on a terminal, or as JSON fields."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from embeddings.types import Article, Passage, Reprint
from qa.naming import name_of
from qa.types import Answer, Citation

if TYPE_CHECKING:
    from embeddings.readers.explain import Explanation
    from qa.evaluate import Evaluation


def answer_fields(answer: Answer) -> dict[str, object]:
    """Return the fields of ``wenbao ask --json``."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "exact": answer.exact,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "citations": [dataclasses.asdict(citation) for citation in answer.citations],
        "seconds": round(answer.seconds, 4),
        "understood": answer.understood,
        "filters": dataclasses.asdict(answer.filters),
        "note": answer.note,
        "claims": [dataclasses.asdict(claim) for claim in answer.claims],
        "topic": answer.topic,
        "items": [dataclasses.asdict(item) for item in answer.items],
        "stages": {stage: round(seconds, 4) for stage, seconds in answer.stages.items()},
    }


def evaluation_fields(evaluation: "Evaluation") -> dict[str, object]:
    """Return the fields of ``wenbao evaluate --json``."""
    fields = dataclasses.asdict(evaluation)
    return {name.replace("_at_", "@"): value for name, value in fields.items()}


def show_articles(console: Console, articles: Sequence[Article]) -> None:
    """Print a table of articles."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("日期 Date", "标题 Headline", "作者 Authors", "出处 Source"):
        table.add_column(column, overflow="fold")
    for article in articles:
        mark = "［图］" if article.kind == "photo" else ""
        table.add_row(
            article.date.isoformat() if article.date else "—",
            escape(mark + name_of(article.headline, article.text)),
            escape("、".join(article.authors)) or "—",
            escape(article.source),
        )
    console.print(table)
    console.print(f"{len(articles)} 篇 articles")


def show_explanation(console: Console, explanation: "Explanation") -> None:
    """Print which line of a page went where and why, then the articles and what is left over."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("行 Line", "篇 Item", "作为 As", "文字 Text", "因为 Because"):
        table.add_column(column, overflow="fold")
    for line in explanation.lines:
        style = "" if line.role.startswith(("正文", "图片")) else "bold"
        style = "dim" if line.item is None else style
        item = "—" if line.item is None else str(line.item)
        shown = escape(line.text.replace("\ufffd", "□"))
        number = str(line.line) if line.page is None else f"{line.page}:{line.line}"
        table.add_row(number, item, line.role, shown, escape(line.why), style=style)
    if explanation.lines:
        console.print(table)
        console.print()
    show_articles(console, explanation.articles)
    for article, origins in zip(explanation.articles, explanation.origins, strict=True):
        told = "；".join(f"{origin.what} ← {origin.source}" for origin in origins)
        if told:
            console.print(f"[dim]{escape(article.source)}[/]  {escape(told)}", soft_wrap=True)
    for skipped in explanation.skipped:
        console.print(f"[yellow]{escape(skipped.path)}[/]  {escape(skipped.reason)}")


def show_passages(console: Console, passages: Sequence[Passage]) -> None:
    """Print passages, best first."""
    for passage in passages:
        console.print(
            f"[bold]{passage.rank}. {escape(name_of(passage.headline, passage.text))}[/]  "
            f"[dim]{_where(passage)}  {passage.score:.3f}[/]",
            soft_wrap=True,
        )
        console.print(escape(passage.text), soft_wrap=True)
        for reprint in passage.reprints:
            console.print(f"[dim]又见 also in  {_where(reprint)}[/]", soft_wrap=True)
        console.print()


def show_answer(console: Console, answer: Answer, any_day: str) -> None:
    """Print an answer with its sources.

    Args:
        console: Where to.
        answer: What was answered.
        any_day: What to type so that days in a question narrow nothing.
    """
    console.print(f"[dim]问 Q[/] {escape(answer.question)}", soft_wrap=True)
    if answer.understood not in ("", answer.question.strip()):
        console.print(
            f"    [dim]理解为 understood as  {escape(answer.understood)}[/]", soft_wrap=True
        )
    days = answer.filters
    if days.since and days.until:
        console.print(
            f"    [dim]筛选 filters  {days.since} — {days.until}（去掉 off: {any_day}）[/]",
            soft_wrap=True,
        )
    style = "yellow" if answer.abstained else "bold"
    console.print(f"[dim]答 A[/] [{style}]{escape(answer.text)}[/]", soft_wrap=True)
    if len(answer.items) > 1:
        named = "；".join(f"{item.text} [{item.n}]" for item in answer.items)
        console.print(f"    {escape(named)}", soft_wrap=True)
    for citation in answer.citations:
        console.print(
            f"    [dim]\\[{citation.n}] {escape(name_of(citation.headline, citation.quote))}  "
            f"{_where(citation)}[/]",
            soft_wrap=True,
        )
    if answer.note:
        console.print(f"    [dim]{escape(answer.note)}[/]", soft_wrap=True)
    console.print(f"    [dim]把握 confidence {answer.confidence:.0%}[/]\n")


def show_evaluation(console: Console, fields: dict[str, object]) -> None:
    """Print measurements, a line each."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in fields.items():
        shown = (
            "  ".join(f"{key} {number}" for key, number in value.items())
            if isinstance(value, dict)
            else str(value)
        )
        table.add_row(name, shown)
    console.print(table)


def _where(item: Passage | Reprint | Citation) -> str:
    parts = ["、".join(item.authors), item.date.isoformat() if item.date else "", item.source]
    return escape(" · ".join(part for part in parts if part))


def say_nothing_is_left(console: Console) -> None:
    """Say that no passage was found because of the filters."""
    console.print(
        "没有符合筛选条件的文章；wenbao articles 列出全部。\n"
        "No article meets the filters; wenbao articles lists all.",
        style="dim",
    )


def say_reader_is_prepared(console: Console) -> None:
    """Say why the first answer takes longer."""
    console.print(
        "首次使用：正在准备阅读器，约半分钟。\nFirst use: preparing the reader, half a minute.",
        style="dim",
    )
