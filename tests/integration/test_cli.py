"""The command line as its users see it."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest

from embeddings.console import run
from embeddings.errors import InputError
from embeddings.rebuild import Rebuilt, pipeline
from qa import evaluate
from qa.cli import app
from tests.conftest import CHECKOUT

QUESTION = "示范区纪委检查了多少家企业？"


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def wenbao(*arguments: object, typed: str = "") -> Done:
    """Run the command line in this process, as its console script does."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch("sys.stdin", io.StringIO(typed)),
    ):
        try:
            run(lambda: app([str(argument) for argument in arguments], prog_name="wenbao"))
        except SystemExit as stop:
            code = stop.code or 0
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())


def script(module: str, *arguments: object) -> Done:
    """Run a module as a script, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-m", module, *map(str, arguments)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "index"
    done = script("embeddings.rebuild", "--index", folder, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report.keys() == {
        "snapshot", "model", "articles", "chunks", "encoded", "reused", "removed", "skipped",
        "seconds",
    }  # fmt: skip
    assert (report["articles"], report["skipped"], report["removed"]) == (11, [], 0)
    assert report["encoded"] == report["chunks"] > 11
    return folder


def test_rebuilding_again_encodes_nothing(index: Path) -> None:
    done = wenbao("rebuild", CHECKOUT / "seeds", "--index", index, "--json")
    report = json.loads(done.stdout)
    assert report["encoded"] == 0 and report["reused"] == report["chunks"]
    assert "Reading" in done.stderr


def test_articles(index: Path) -> None:
    listed = json.loads(wenbao("articles", "--index", index, "--json").stdout)
    assert len(listed) == 11
    assert set(listed[0]) == {
        "id", "headline", "kicker", "authors", "date", "section", "source", "kind", "text",
    }  # fmt: skip
    assert [a["kind"] for a in listed].count("photo") == 1
    assert {a["date"] for a in listed} == {None, "2022-07-25", "2021-07-25", "2021-10-12"}
    assert "示范区纪委督查" in wenbao("articles", "--index", index).stdout.replace("\n", "")


def test_search(index: Path) -> None:
    found = json.loads(wenbao("search", QUESTION, "-k", 3, "--index", index, "--json").stdout)
    assert found["question"] == QUESTION
    assert [p["rank"] for p in found["passages"]] == [1, 2, 3]
    assert set(found["passages"][0]) == {
        "rank", "score", "text", "article_id", "headline", "authors", "date", "source", "start",
        "end", "reprints", "lead",
    }  # fmt: skip
    assert "36家" in found["passages"][0]["text"]
    scores = [p["score"] for p in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_search_and_ask_can_be_narrowed(index: Path) -> None:
    def dates(*narrowed: object) -> set[str | None]:
        done = wenbao("search", "通车", "-k", 50, "--index", index, "--json", *narrowed)
        assert done.returncode == 0, done.stderr
        return {passage["date"] for passage in json.loads(done.stdout)["passages"]}

    assert dates() == {None, "2022-07-25", "2021-07-25", "2021-10-12"}
    assert dates("--since", "2021-08-01") == {"2022-07-25", "2021-10-12"}
    assert dates("--since", "2021-08-01", "--until", "2021-12-31") == {"2021-10-12"}
    assert dates("--source", "zhoukou-shifanqu-page.txt") == {None}
    assert dates("--kind", "photo", "--source", "seeds") == {None}
    nothing = wenbao("search", QUESTION, "--author", "无名氏", "--index", index)
    assert nothing.returncode == 0
    assert nothing.stdout == "" and "筛选" in nothing.stderr and "filters" in nothing.stderr

    answered = wenbao("ask", QUESTION, "--author", "姬慧洋", "--index", index, "--json")
    assert json.loads(answered.stdout)["exact"] == "36家"
    refused = wenbao("ask", QUESTION, "--since", "2021-01-01", "--index", index, "--json")
    assert "36家" not in json.loads(refused.stdout)["answer"]


def test_ask_is_one_object_a_turn(index: Path) -> None:
    done = wenbao("ask", QUESTION, "发现了几个问题？", "--index", index, "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) == {
        "question", "answer", "exact", "abstained", "confidence", "citations", "seconds", "stages",
        "understood", "filters", "topic", "items", "note", "claims",
    }  # fmt: skip
    assert list(first["stages"]) == ["open", "understand", "load", "search", "read"]
    assert first["exact"] == "36家" and not first["abstained"]
    assert "36家" in first["citations"][0]["quote"]
    assert set(first["citations"][0]) == {
        "n", "quote", "article_id", "headline", "authors", "date", "source", "start", "end",
    }  # fmt: skip
    assert "9个" in second["answer"]
    assert 0 <= second["confidence"] <= 1


def test_questions_may_come_line_by_line(index: Path, tmp_path: Path) -> None:
    saved = tmp_path / "talk.jsonl"
    lines = f"{QUESTION}\n\n发现了几个问题？\n/save {saved}\n/quit\n{QUESTION}\n"
    done = wenbao("ask", "--index", index, "--json", typed=lines)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["exact"] == "36家" and "9个" in second["answer"]
    assert "Saved" in done.stderr
    opened = wenbao("ask", "--index", index, typed=f"/open {saved}\n那省级的企业有几家？\n")
    assert opened.returncode == 0, opened.stderr
    assert "36家" in opened.stdout and "13家" in opened.stdout
    assert "理解为 understood as" in opened.stdout
    wrong = wenbao("ask", "--index", index, typed=f"/nonsense\n{QUESTION}\n")
    assert wrong.returncode == 2 and "/help" in wrong.stderr and wrong.stdout == ""


def test_days_that_a_question_means_are_shown(index: Path) -> None:
    shown = wenbao("ask", "7月下旬有什么新闻？", "--index", index).stdout
    assert "2022-07-21 — 2022-07-31" in shown and "--any-day" in shown and "问天" in shown
    free = wenbao("ask", "7月下旬有什么新闻？", "--index", index, "--any-day", "--json").stdout
    assert json.loads(free)["filters"]["since"] is None


def test_ask_reads_like_an_answer(index: Path) -> None:
    shown = script("qa", "ask", QUESTION, "--index", index).stdout
    assert "36家" in shown and "[1]" in shown and "姬慧洋" in shown


def squad(path: Path) -> Path:
    context = "城东大桥昨日建成通车，全长860米。大桥由市建工集团承建，工期两年。"
    gold = {"text": "860米", "answer_start": context.index("860米")}
    qas = [
        {"question": "城东大桥全长多少米？", "answers": [gold], "id": "1"},
        {"question": "没有答案的问题", "answers": [], "id": "2"},
    ]
    data = {"version": "x", "data": [{"paragraphs": [{"context": context, "qas": qas}]}]}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_evaluate(index: Path, tmp_path: Path) -> None:
    done = wenbao(
        "evaluate",
        squad(tmp_path / "q.json"),
        "--distractors",
        CHECKOUT / "seeds",
        "--limit",
        5,
        "--json",
    )
    measured = json.loads(done.stdout)
    assert {
        "questions", "contexts", "chunks", "mrr@10", "article_recall@1", "article_recall@5",
        "answer_recall@1", "answer_recall@5", "exact_match", "f1", "encode_chunks_per_second",
        "search_ms", "ask_ms",
    } <= measured.keys()  # fmt: skip
    assert (measured["questions"], measured["skipped"], measured["contexts"]) == (1, 1, 1)
    assert measured["chunks"] > 12
    assert measured["mrr@10"] == measured["answer_recall@1"] == 1.0
    assert measured["exact_match"] == 1.0
    assert set(measured["search_ms"]) == set(measured["ask_ms"]) == {"p50", "p95"}


def test_evaluate_tells_what_became_of_each_question(tmp_path: Path) -> None:
    questions, details = squad(tmp_path / "q.json"), tmp_path / "details.jsonl"
    done = wenbao("evaluate", questions, "--details", details, "--json")
    assert (done.returncode, "Asking" in done.stderr) == (0, True)
    (line,) = map(json.loads, details.read_text(encoding="utf-8").splitlines())
    assert line.pop("seconds") > 0 and 0 < line.pop("confidence") <= 1
    assert "860米" in line.pop("answer") and "860米" in line.pop("first_passage")
    assert line == {
        "question": "城东大桥全长多少米？", "kind": "figure", "gold": ["860米"],
        "article": "q.json:1", "article_rank": 1, "answer_rank": 1, "exact": "860米",
        "em": 1.0, "f1": 1.0, "abstained": False, "first_article": "q.json:1",
    }  # fmt: skip


def test_evaluating_again_encodes_nothing_but_measures_the_speed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def index_articles(*arguments: object) -> Rebuilt:
        made.append(pipeline.index_articles(*arguments))
        return made[-1]

    monkeypatch.setattr(evaluate, "index_articles", index_articles)
    kept = tmp_path / "kept"
    for _ in range(2):
        done = wenbao("evaluate", squad(tmp_path / "q.json"), "--index", kept, "--json")
        assert json.loads(done.stdout)["encode_chunks_per_second"] > 0
    assert [rebuilt.encoded for rebuilt in made] == [1, 0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("rebuild", "no/such/folder"),
        ("rebuild", CHECKOUT / "seeds", "--model", "/no/such/model"),
        ("search", "  "),
        ("search", QUESTION, "-k", "0"),
        ("rollback",),
        ("search", QUESTION, "--since", "昨天"),
        ("search", QUESTION, "--until", "2022-02-30"),
        ("search", QUESTION, "--since", "2022-07-02", "--until", "2022-07-01"),
        ("ask", QUESTION, "--kind", "poem"),
        ("ask", QUESTION, "--author", ""),
        ("ask", ""),
        ("ask",),
        ("articles", "--nonsense"),
        ("evaluate", CHECKOUT / "README.md"),
        ("evaluate", "no-such.json"),
        ("evaluate", "QUESTIONS", "--details", "no/such/folder/details.jsonl"),
    ],
)
def test_user_errors_exit_with_2_and_a_message(
    index: Path, tmp_path: Path, arguments: tuple[object, ...]
) -> None:
    questions = squad(tmp_path / "q.json")
    named = [questions if argument == "QUESTIONS" else argument for argument in arguments]
    done = wenbao(*named, "--index", index)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error" in done.stderr or "错误" in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_leave_the_index_alone(index: Path) -> None:
    before = (index / "current").read_text(encoding="utf-8")
    wenbao("rebuild", "no/such/folder", "--index", index)
    assert (index / "current").read_text(encoding="utf-8") == before


def test_no_index_says_what_to_do(tmp_path: Path) -> None:
    done = wenbao("ask", QUESTION, "--index", tmp_path / "none")
    assert done.returncode == 2
    assert "wenbao rebuild" in done.stderr and "请先运行" in done.stderr


def test_our_own_bugs_are_not_taken_for_the_users() -> None:
    def bug() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(bug)


WHILE_LOADING = """
import atexit, sys, threading, time
from qa import cli
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
atexit.register(print, "ended in order")
sys.argv = ["wenbao", "articles", "--index", "no/such/index"]
cli.main()
"""


def test_models_that_are_still_being_loaded_do_not_abort_the_end() -> None:
    """An orderly end tears threads out of native code, which calls ``terminate``."""
    done = subprocess.run(
        [sys.executable, "-c", WHILE_LOADING],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "") and "wenbao rebuild" in done.stderr


def test_a_users_error_is_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    def complain() -> None:
        raise InputError("没有这个文件。", "There is no such file.")

    with pytest.raises(SystemExit, match="2"):
        run(complain)
    assert capsys.readouterr().err == "错误：没有这个文件。\nError: There is no such file.\n"


@pytest.mark.parametrize(
    "command",
    [
        [], ["rebuild"], ["rollback"], ["verify"], ["articles"], ["search"], ["ask"],
        ["evaluate"], ["chat"],
    ],
)  # fmt: skip
def test_every_command_has_help_with_examples(command: list[str]) -> None:
    done = wenbao(*command, "--help")
    assert done.returncode == 0
    if command:
        assert "Examples" in done.stdout and f"wenbao {command[0]}" in done.stdout
        assert "--index" in done.stdout


def test_explain_shows_what_became_of_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    page = str(CHECKOUT / "seeds" / "zhoukou-shifanqu-page.txt")
    with pytest.raises(SystemExit) as done:
        app(["articles", "--explain", page, "--json"])
    assert done.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["articles"]) == 8
    headline = next(line for line in told["lines"] if line["text"].startswith("文昌办“数字城管”"))
    assert (headline["item"], headline["role"]) == (1, "标题 headline")
    with pytest.raises(SystemExit):
        app(["articles", "--explain", page])
    assert "\x1b[" not in capsys.readouterr().out


def test_explain_shows_which_fields_were_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    records = tmp_path / "2024-10-08.jsonl"
    records.write_text(
        '{"title": "城东大桥通车", "正文": "（记者 李红）大桥昨日通车。"}\n', "utf-8"
    )
    with pytest.raises(SystemExit):
        app(["articles", "--explain", str(records), "--json"])
    told = json.loads(capsys.readouterr().out)
    (origins,) = told["origins"]
    sources = {origin["what"].split()[-1]: origin["source"] for origin in origins}
    assert "title" in sources["headline"] and "正文" in sources["text"]
    assert "dateline" in sources["authors"] and "file name" in sources["date"]
    with pytest.raises(SystemExit):
        app(["articles", "--explain", str(records)])
    assert "“title”" in capsys.readouterr().out
