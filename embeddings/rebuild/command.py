"""The rebuild command: ``wenbao rebuild`` and ``python -m embeddings.rebuild``."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from embeddings.console import (
    IndexOption,
    JsonOption,
    ModelOption,
    open_console,
    progress_bars,
    to_json,
)
from embeddings.day import day_from
from embeddings.rebuild.pipeline import rebuild
from embeddings.rebuild.result import Rebuilt

_MAX_SHOWN = 20
"""Skipped files listed on the terminal; all are in the JSON."""

PACKAGE = Path(__file__).resolve().parents[1]

EXAMPLES = """
\b
例 Examples:
  wenbao rebuild                       重建自带的示例 · the articles that come with Wenbao
  wenbao rebuild 报纸/ 补充.jsonl       自己的文章 · your own articles
  wenbao rebuild 报纸/ --model BAAI/bge-small-zh-v1.5
  wenbao rebuild 第3版.txt --date 2022-07-18
  wenbao rebuild 报纸/ --index milvus://127.0.0.1:19530/news --workers ray
"""


def default_paths() -> list[Path]:
    """Return ``seeds/`` of the checkout, or the copy that an installed package carries."""
    checkout = PACKAGE.parent / "seeds"
    is_checkout = checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file()
    return [checkout if is_checkout else PACKAGE / "seeds"]


def rebuild_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="文件或文件夹；不写则用自带的示例 · Files and folders; none: the samples",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
    index: IndexOption = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="没有注明日期的文章算作这一天 · Date for articles that have none",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        str,
        typer.Option(
            metavar="N",
            help="几个进程读取和编码；或 ray、ray://HOST:PORT · Processes that read and encode, "
            "or a Ray cluster",
        ),
    ] = "1",
    as_json: JsonOption = False,
) -> None:
    """读取文章，重建索引 · Read articles and rebuild the index.

    索引从此只有这些路径里的文章。只有变动的片段重新编码；失败时旧索引照常回答。

    The index then holds exactly what is in the paths. Only chunks that changed are encoded; if
    anything fails, the old index goes on answering.
    """
    with progress_bars() as progress:
        rebuilt = rebuild(paths or default_paths(), index, model, progress, day_from(date), workers)
    if as_json:
        typer.echo(to_json(dataclasses.asdict(rebuilt)))
    else:
        _show(rebuilt)


def _show(rebuilt: Rebuilt) -> None:
    console = open_console(soft_wrap=True)
    console.print(
        f"[bold]{rebuilt.articles}[/] 篇文章 articles · [bold]{rebuilt.chunks}[/] 个片段 chunks"
        f"（新编码 encoded {rebuilt.encoded}，沿用 reused {rebuilt.reused}，"
        f"移除 removed {rebuilt.removed}） · {rebuilt.seconds:.1f} s"
    )
    console.print(f"模型 model: {escape(rebuilt.model)}")
    for skipped in rebuilt.skipped[:_MAX_SHOWN]:
        console.print(f"[yellow]跳过 skipped[/] {escape(skipped.path)} — {escape(skipped.reason)}")
    if len(rebuilt.skipped) > _MAX_SHOWN:
        more = len(rebuilt.skipped) - _MAX_SHOWN
        console.print(f"… 另跳过 {more} 处 · {more} more skipped；--json 列出全部 lists all")
