"""The conversation's text form: nothing is lost, and damage is named."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InputError
from embeddings.types import Reprint
from qa import Answer, Citation, Conversation, Filters, Passage, Turn
from qa.conversation import open_conversation, save_conversation

_texts = st.text(max_size=20)
_names = st.one_of(st.none(), _texts)
_days = st.one_of(st.none(), st.dates())
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_counts = st.integers(0, 9999)
_authors = st.lists(_texts, max_size=2).map(tuple)
_reprints = st.builds(Reprint, _texts, _names, _authors, _days, _texts, _counts, _counts)
_passages = st.builds(
    Passage, _counts, _numbers, _texts, _texts, _names, _authors, _days, _texts, _counts, _counts,
    st.lists(_reprints, max_size=1).map(tuple),
)  # fmt: skip
_citations = st.builds(
    Citation, _counts, _texts, _texts, _names, _authors, _days, _texts, _counts, _counts
)
_filters = st.builds(
    Filters,
    since=st.one_of(st.none(), st.just(datetime.date(2022, 7, 1))),
    until=st.one_of(st.none(), st.just(datetime.date(2022, 7, 31))),
    author=st.one_of(st.none(), st.just("姬慧洋")),
    kind=st.sampled_from([None, "article", "photo"]),
)
_answers = st.builds(
    Answer, _texts, _texts, _names, st.booleans(), _numbers,
    st.lists(_citations, max_size=2).map(tuple), st.lists(_passages, max_size=2).map(tuple),
    _numbers, _texts, _filters,
)  # fmt: skip


def conversation_of(*answers: Answer) -> Conversation:
    return Conversation(tuple(Turn(answer.question, answer) for answer in answers))


@given(st.lists(_answers, max_size=3))
def test_what_is_written_is_read_again(answers: list[Answer]) -> None:
    conversation = conversation_of(*answers)
    text = conversation.to_jsonl()
    assert Conversation.from_jsonl(text) == conversation
    assert Conversation.from_jsonl("\ufeff" + text.replace("\n", "\r\n\r\n")) == conversation
    assert text.count("\n") == len(answers)


CITATION = Citation(1, "共36家。", "a", None, ("甲",), datetime.date(2022, 7, 18), "a.txt", 3, 8)
ANSWER = Answer("几家？", "共36家。[1]", "36家", False, 0.9, (CITATION,), (), 0.1, "几家？")


def test_a_line_has_the_fields_of_the_command_line(tmp_path: Path) -> None:
    (line,) = conversation_of(ANSWER).to_jsonl().splitlines()
    fields = json.loads(line)
    assert fields["answer"] == "共36家。[1]" and "text" not in fields
    assert fields["citations"][0]["date"] == "2022-07-18"
    del fields["passages"], fields["understood"], fields["filters"]
    restored = Conversation.from_jsonl(json.dumps(fields | {"new": 1})).turns[0].answer
    assert restored.citations == (CITATION,) and restored.passages == ()


LINE = Conversation().with_answer(ANSWER).to_jsonl()
BACKWARDS = ('"since": null, "until": null', '"since": "2022-02-02", "until": "2022-01-01"')


def without(name: str) -> str:
    fields = json.loads(LINE)
    del fields[name]
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"question": ', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a JSON object"),
        (without("answer"), "answer"),
        (without("citations"), "citations"),
        (LINE.replace("2022-07-18", "2022-07-32"), "citations.0.date"),
        (LINE.replace(*BACKWARDS), "after the last day"),
    ],
)
def test_a_damaged_line_is_named(line: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        Conversation.from_jsonl(LINE + line, "talk.jsonl")
    assert "talk.jsonl:2" in error.value.english and "talk.jsonl:2" in error.value.chinese
    assert told in error.value.english


def test_a_turn_is_one_question_with_its_own_answer() -> None:
    with pytest.raises(ValueError, match="answered"):
        Turn("几人？", ANSWER)


def test_conversations_are_files(tmp_path: Path) -> None:
    path = tmp_path / "对话.jsonl"
    save_conversation(conversation_of(ANSWER, ANSWER), path)
    assert open_conversation(path) == Conversation().with_answer(ANSWER).with_answer(ANSWER)
    with pytest.raises(InputError, match="Check the file's name"):
        open_conversation(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="its folder"):
        save_conversation(Conversation(), tmp_path / "none" / "x.jsonl")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        open_conversation(path)
