"""The commands that look after an index: ``wenbao verify`` and ``wenbao rollback``."""

import dataclasses
from datetime import datetime

import typer
from rich.console import Console
from rich.markup import escape

from embeddings.checkup import SnapshotReport, check_up, problem_of
from embeddings.console import IndexOption, JsonOption, open_console, to_json
from embeddings.rollback import roll_back

VERIFY_EXAMPLES = (
    "\b\n例 Examples:\n  wenbao verify\n  wenbao verify --json | jq '.snapshots[].problems'\n"
    "  0 4 * * 0  wenbao verify >/dev/null || mail …     每周检查 · weekly, from cron\n"
)
ROLLBACK_EXAMPLES = "\b\n例 Examples:\n  wenbao rollback\n  wenbao rollback --index DIR --json\n"


def verify_command(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """检查索引的每个文件 · Check every file of the index.

    退出码 2 表示有损坏。 · Exit code 2 tells that something is wrong.
    """
    checkup = check_up(index)
    if as_json:
        typer.echo(to_json(dataclasses.asdict(checkup)))
    else:
        console = open_console(soft_wrap=True)
        for report in checkup.snapshots:
            _show(console, report)
        for name in checkup.leftovers:
            console.print(
                f"{escape(name)} — 未完成，下次重建时清除 · unfinished; the next rebuild removes it"
            )
    problem = problem_of(checkup)
    if problem is not None:
        raise problem


def rollback_command(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """回到上一个快照 · Return to the previous snapshot.

    正在运行的聊天立即跟上。此后不再自动重建，直到运行 wenbao rebuild。再运行一次则撤销。

    A running chat follows at once. Nothing rebuilds the index on its own
    after that, until you run wenbao rebuild. Running it again undoes it.
    """
    done = roll_back(index)
    if as_json:
        typer.echo(to_json(dataclasses.asdict(done)))
        return
    console = open_console(soft_wrap=True)
    console.print(
        f"已回到 {_when(done.created)} 建立的快照 {done.snapshot}：{done.articles} 篇文章。"
        "再运行一次则撤销；wenbao rebuild PATH 按现有文件重建。"
    )
    console.print(
        f"Back at the snapshot of {_when(done.created)}, {done.snapshot}, with {done.articles} "
        "articles. Run it again to undo; wenbao rebuild PATH rebuilds from the files as they are."
    )


def _show(console: Console, report: SnapshotReport) -> None:
    place = "现用 live" if report.is_live else "上一个 previous"
    built = _when(report.created) if report.created else "?"
    console.print(
        f"[bold]{place}[/] {report.snapshot}  建于 built {built}：{report.articles} 篇文章 "
        f"articles · {report.chunks} 个片段 chunks · {report.files} 个文件 files · "
        f"{report.bytes / 1e6:.1f} MB"
    )
    if not report.problems:
        console.print("  [green]完好 intact[/]")
    for problem in report.problems:
        console.print(
            f"  [red]{escape(problem.file)}[/] — {escape(problem.chinese)} · "
            f"{escape(problem.english)}"
        )


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
