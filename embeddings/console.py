"""What the command lines share: progress bars, JSON, and exit codes.

Exit codes: 0 done, 2 the user's error with one message on stderr, 1 our bug.
"""

import datetime
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from embeddings.errors import WenbaoError
from embeddings.types import Progress as Report

IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="索引文件夹，或 milvus://HOST:PORT/NAME · Index folder, or Milvus [WENBAO_INDEX]",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="输出 JSON · Print JSON, and nothing else, on stdout")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="sentence-transformers 模型名或文件夹 · Model by name or folder [WENBAO_MODEL]",
        show_default=False,
    ),
]

_STAGES = {
    "read": "读取 Reading",
    "pages": "版面 Pages",
    "ocr": "识别图像 OCR",
    "encode": "编码 Encoding",
    "write": "写入 Writing",
    "send": "发送 Sending",
    "ask": "提问 Asking",
}
_REDRAW_SECONDS = 0.1


def run(app: Callable[[], object]) -> None:
    """Run a command line, turning errors into exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Text from damaged files or a C locale must not end in an encoding error.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except WenbaoError as error:
        typer.echo(f"错误：{error.chinese}\nError: {error.english}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)


def to_json(value: object) -> str:
    """Return JSON on one line, dates as YYYY-MM-DD."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def open_console(stderr: bool = False, soft_wrap: bool = False) -> Console:
    """Return a console that prints text as it is: ``:100:`` does not become an emoji.

    Args:
        stderr: Print on stderr, not on stdout.
        soft_wrap: Leave it to the terminal to break lines.
    """
    return Console(stderr=stderr, soft_wrap=soft_wrap, highlight=False, emoji=False)


@contextmanager
def progress_bars() -> Iterator[Report]:
    """Give a progress report that draws one bar a stage on stderr."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    tasks: dict[str, TaskID] = {}
    drawn: dict[str, float] = {}
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as bars:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
            now = time.monotonic()
            if done < total and now - drawn.get(stage, 0.0) < _REDRAW_SECONDS:
                return
            drawn[stage] = now
            bars.update(tasks[stage], completed=done, total=total, refresh=True)

        yield report


def _plain(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
