"""An interactive session: what its commands do, and what is completed."""

import dataclasses
import datetime
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from embeddings import Filters, Index
from embeddings.console import open_console
from embeddings.errors import InputError
from embeddings.types import Article
from qa import Answer
from qa.conversation import open_conversation
from qa.prompt import completer
from qa.session import Session, piped_lines
from qa.terminal import show_answer
from tests.conftest import make_article

DAY = datetime.date(2022, 7, 18)
ARTICLES = [
    dataclasses.replace(
        make_article("大桥全长860米。大桥由市建工集团承建。", "bridge", headline="城东大桥通车"),
        date=DAY,
    ),
    make_article("市图书馆藏书50万册。", "library", headline="图书馆开放"),
]


class Talk:
    """A session with what it showed and said."""

    def __init__(self, index: Index) -> None:
        self.shown: list[Answer] = []
        self.said: list[str] = []
        self.session = Session(index, self.shown.append, self.said.append)

    def __call__(self, *lines: str) -> None:
        self.session.run(lines, forgiving=False)


@pytest.fixture
def talk(index_of: Callable[[Sequence[Article]], Index], monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.setattr("qa.extract.load_span_reader", lambda: None)
    return Talk(index_of(ARTICLES))


def test_lines_are_questions_of_one_conversation(talk: Talk) -> None:
    talk("大桥全长多少米？", "", "  谁承建的？ ")
    assert [answer.question for answer in talk.shown] == ["大桥全长多少米？", "谁承建的？"]
    assert len(talk.session.conversation.turns) == 2
    assert "大桥" in talk.shown[1].understood


def test_a_conversation_is_saved_and_opened(talk: Talk, tmp_path: Path) -> None:
    path = tmp_path / "my talk.jsonl"
    talk("大桥全长多少米？", f"/save {path}", "/new")
    assert talk.session.conversation.turns == ()
    talk(f"/open {path}")
    assert talk.shown[0] == talk.shown[1] == open_conversation(path).turns[0].answer
    assert len(talk.session.conversation.turns) == 1


def test_filters_are_set_shown_and_dropped(talk: Talk) -> None:
    talk("/filters", "/filters article=library", "大桥全长多少米？", "/filters off", "/filters")
    assert "No filters" in talk.said[0] and talk.said[1] == "article=library"
    assert {passage.article_id for passage in talk.shown[0].passages} == {"library"}
    assert "No filters" in talk.said[3]


def test_filters_with_spaces_are_quoted_and_told_as_they_are_typed(talk: Talk) -> None:
    talk("/filters author=\"Li Ming\" source='报纸 2022/' section=要闻")
    assert talk.session.filters == Filters(author="Li Ming", source="报纸 2022/", section="要闻")
    before = talk.session.filters
    talk("/filters off", f"/filters {talk.said[0]}")
    assert talk.session.filters == before and talk.said[2] == talk.said[0]


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_piped_lines_are_utf_8_whatever_the_locale(start: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(f"{start}/new\n全长？\n".encode()), encoding="ascii")
    assert list(piped_lines(stream)) == ["/new\n", "全长？\n"]


def test_piped_lines_in_another_encoding_are_refused() -> None:
    stream = io.TextIOWrapper(io.BytesIO("大桥全长多少米？\n".encode("gbk")), encoding="utf-8")
    with pytest.raises(InputError, match="iconv"):
        list(piped_lines(stream))


def test_answers_are_shown_as_they_are_printed() -> None:
    answer = Answer("比例尺？", "比例尺是1:100:200。[1]", "1:100:200", False, 0.9, (), (), 0.1)
    day = datetime.date(2022, 7, 18)
    answer = dataclasses.replace(answer, filters=Filters(since=day, until=day))
    console = open_console()
    with console.capture() as shown:
        show_answer(console, answer, "/dates off")
    assert "1:100:200" in shown.get() and "off: /dates off" in shown.get()


def test_dates_can_be_left_alone(talk: Talk) -> None:
    question = "2022年7月18日有什么新闻？"
    talk("/dates off", question, "/dates on", question)
    filters = [answer.filters for answer in talk.shown]
    assert filters == [Filters(), Filters(since=DAY, until=DAY)]


@pytest.mark.parametrize(
    "line",
    ["/nonsense", "/save", "/open", "/open no-such.jsonl", "/dates maybe", "/filters poem=1",
     "/filters since=昨天", "/filters kind=poem", "/save /no/such/folder/x.jsonl",
     "/save ~no-such-user/x.jsonl", "/open ~no-such-user/x.jsonl", '/filters author="Li'],
)  # fmt: skip
def test_what_cannot_be_done_is_told(talk: Talk, line: str) -> None:
    with pytest.raises(InputError):
        talk(line)
    talk.session.run([line, "大桥全长多少米？"], forgiving=True)
    assert len(talk.said) == 1 and len(talk.shown) == 1


def test_quit_ends_it(talk: Talk) -> None:
    talk("/help", "/quit", "大桥全长多少米？")
    assert "/save FILE" in talk.said[0] and talk.shown == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/sa", "/save"),
        ("/filters ki", "kind=photo"),
        ("/filters art", "article="),
        ("大桥", "城东大桥通车"),
    ],
)
def test_completion(talk: Talk, typed: str, offered: str) -> None:
    found = completer(talk.session.index).get_completions(Document(typed), CompleteEvent())
    assert offered in {completion.text for completion in found}
