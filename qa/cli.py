"""The command line ``wenbao``."""

import contextlib
import dataclasses
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from embeddings import load_index
from embeddings.address import address_of, beside
from embeddings.console import (
    IndexOption,
    JsonOption,
    ModelOption,
    open_console,
    progress_bars,
    run,
    to_json,
)
from embeddings.errors import InputError
from embeddings.rebuild.command import EXAMPLES as REBUILD_EXAMPLES
from embeddings.rebuild.command import rebuild_command
from qa import terminal
from qa.filter_options import (
    AnyDayOption,
    ArticleOption,
    AuthorOption,
    KindOption,
    SectionOption,
    SinceOption,
    SourceOption,
    UntilOption,
    filters_from,
)
from qa.llm import LanguageModel
from qa.llm.options import LlmModelOption, LlmUrlOption
from qa.preload import load_models
from qa.retrieve import retrieve
from qa.service.access.command import EXAMPLES as PASSWORD_EXAMPLES
from qa.service.access.command import password_command
from qa.serving import (
    CHAT_EXAMPLES,
    MCP_EXAMPLES,
    SERVE_EXAMPLES,
    chat_command,
    mcp_command,
    serve_command,
)
from qa.session import HELP, Session, piped_lines
from qa.spans import is_span_reader_ready
from qa.types import Answer
from qa.upkeep import ROLLBACK_EXAMPLES, VERIFY_EXAMPLES, rollback_command, verify_command

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="问报：向报纸提问，得到有出处的简短回答。\n\n"
    "Wenbao: ask a newspaper questions and get short, exact, cited answers.",
)
app.command("rebuild", epilog=REBUILD_EXAMPLES)(rebuild_command)
app.command("password", epilog=PASSWORD_EXAMPLES)(password_command)
app.command("rollback", epilog=ROLLBACK_EXAMPLES)(rollback_command)
app.command("verify", epilog=VERIFY_EXAMPLES)(verify_command)


def main() -> None:
    """Run the command line; the console script's entry point."""
    try:
        run(app)
    except SystemExit as end:
        if any(thread.daemon for thread in threading.enumerate()):
            _leave(end.code if isinstance(end.code, int) else 0)
        raise


def _leave(code: int) -> None:
    """End at once: models that are still being loaded cannot be told to stop.

    When the interpreter ends in order, it tears their threads out of native code, which aborts.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


@app.command(
    epilog="\b\n例 Examples:\n  wenbao articles\n  wenbao articles --json | jq '.[].headline'\n"
    "  wenbao articles --explain 报纸/第3版.txt\n"
)
def articles(
    explain: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="不查索引，说明此文件如何被理解 · Show how a file is understood, without an index",
            show_default=False,
        ),
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出索引中的文章 · List the articles in the index."""
    if explain is not None:
        from embeddings.readers.explain import explain_file

        with progress_bars() as progress:
            explanation = explain_file(explain, progress)
        if as_json:
            typer.echo(to_json(dataclasses.asdict(explanation)))
        else:
            terminal.show_explanation(open_console(), explanation)
        return
    found = list(load_index(index).articles())
    if as_json:
        typer.echo(to_json([dataclasses.asdict(article) for article in found]))
    else:
        terminal.show_articles(open_console(), found)


@app.command(
    epilog="\b\n例 Examples:\n  wenbao search 篮球邀请赛\n  wenbao search 片区建设 -k 10 --json\n"
    "  wenbao search 空间站 --since 2022-07-01 --until 2022-07-31 --section 科技\n"
)
def search(
    question: Annotated[str, typer.Argument(help="问题 · Question")],
    k: Annotated[int, typer.Option("-k", help="段数 · How many passages")] = 5,
    since: SinceOption = None,
    until: UntilOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    article: ArticleOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """检索相关段落 · Find passages for a question."""
    filters = filters_from(since, until, author, section, source, kind, article)
    passages = retrieve(question, k, index, filters)
    if not passages:
        terminal.say_nothing_is_left(open_console(stderr=True))
    if as_json:
        found = [dataclasses.asdict(passage) for passage in passages]
        typer.echo(to_json({"question": question, "passages": found}))
    else:
        terminal.show_passages(open_console(), passages)


@app.command(
    "ask",
    epilog="\b\n例 Examples:\n  wenbao ask 示范区纪委检查了多少家企业？\n"
    "  wenbao ask 示范区纪委检查了多少家企业？ 发现了几个问题？   连续追问 · a conversation\n"
    "  wenbao ask                         逐句提问，/help 有说明 · an interactive session\n"
    "  wenbao ask --json < questions.txt > conversation.jsonl\n"
    "  wenbao ask 查了多少家企业？ --source 报纸/2022-07/ --section 要闻\n",
)
def ask_command(
    questions: Annotated[
        list[str] | None,
        typer.Argument(
            help="问题，可连续追问；不写则逐句输入 · Questions of one conversation; none: "
            "type them",
            show_default=False,
        ),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    article: ArticleOption = None,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    index: IndexOption = None,
    any_day: AnyDayOption = False,
    as_json: JsonOption = False,
) -> None:
    """提问，回答附原文出处 · Ask; answers quote their sources."""
    filters = filters_from(since, until, author, section, source, kind, article)
    llm = LanguageModel.from_settings(llm_url, llm_model)
    if not is_span_reader_ready():
        terminal.say_reader_is_prepared(open_console(stderr=True))
    else:
        # While this thread loads the dictionary: on two cores all is there in half the time.
        threading.Thread(target=load_models, args=(index,)).start()
    console = open_console()

    def show(answer: Answer) -> None:
        if as_json:
            typer.echo(to_json(terminal.answer_fields(answer)))
        else:
            terminal.show_answer(console, answer, "--any-day" if questions else "/dates off")

    def say(text: str) -> None:
        typer.echo(text, err=as_json)

    session = Session(load_index(index), show, say, filters, not any_day, llm)
    if questions:
        for question in questions:
            session.ask(question)
    elif sys.stdin.isatty():
        from qa.prompt import typed_lines

        say(HELP)
        session.run(typed_lines(session.index), forgiving=True)
    else:
        session.run(piped_lines(sys.stdin), forgiving=False)
        if not session.conversation.turns:
            raise InputError("没有问题。请输入问题。", "There is no question. Type a question.")


@app.command(
    epilog="\b\n例 Examples:\n  wenbao evaluate cmrc2018_trial.json\n"
    "  wenbao evaluate drcd_dev.json --limit 500 --distractors news/ --json\n"
    "  wenbao evaluate drcd_dev.json --details misses.jsonl && jq 'select(.em == 0)' misses.jsonl\n"
)
def evaluate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS.json", help="SQuAD 格式 · In SQuAD layout")
    ],
    more_distractors: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    distractors: Annotated[
        list[Path] | None,
        typer.Option(help="混入的其他文章 · Articles mixed into the pool"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="只问前 N 题 · Ask only the first N questions")
    ] = None,
    details: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="逐题结果写入此文件（JSON lines） · Write what became of each question here, as "
            "JSON lines",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            metavar="DIR",
            help="评测索引放在此处的 evaluate/，而不是缓存里 · Keep the evaluation's index in "
            "evaluate/ there, not in the cache",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """用问题集评测 · Measure retrieval and answers on a question set."""
    from qa.evaluate import evaluate as measure

    if more_distractors and not distractors:
        raise InputError(
            f"只能评测一个问题集；多余的参数：{more_distractors[0]}。",
            f"One question set at a time; unexpected argument {more_distractors[0]}.",
        )
    pool = [*(distractors or []), *(more_distractors or [])]
    kept = beside(address_of(index), "evaluate") if index else None
    with progress_bars() as progress:
        measured = measure(questions, pool, limit, model, kept, progress, details)
    fields = terminal.evaluation_fields(measured)
    if as_json:
        typer.echo(to_json(fields))
    else:
        terminal.show_evaluation(open_console(), fields)


app.command("chat", epilog=CHAT_EXAMPLES)(chat_command)
app.command("serve", epilog=SERVE_EXAMPLES)(serve_command)
app.command("mcp", epilog=MCP_EXAMPLES)(mcp_command)
