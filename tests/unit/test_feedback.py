"""Opinions of answers, as a question set that can be measured."""

import threading
from pathlib import Path

import filelock
import pytest

from embeddings.errors import InputError
from qa.feedback import Judgement, record
from qa.question_set import read_questions

TEXT = "纪委检查了36家企业。查出9个问题。"


def judged(vote: str = "up", right: str = "36家", question: str = "查了几家？") -> Judgement:
    return Judgement(question, "查了36家。", vote, "理由", right, "标题", TEXT)  # type: ignore[arg-type]


def test_evaluate_reads_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "feedback.json"
    record(judged(), path)
    record(judged("down", "9个", "几个问题？"), path)
    record(judged("down", "", "谁查的？"), path)
    articles, labelled, skipped = read_questions(path)
    assert [article.text for article in articles] == [TEXT]
    assert [(item.question, item.golds) for item in labelled] == [
        ("查了几家？", ("36家",)),
        ("几个问题？", ("9个",)),
    ]
    assert skipped == 1


def test_the_latest_opinion_of_a_question_counts(tmp_path: Path) -> None:
    path = tmp_path / "feedback.json"
    record(judged(right="9个"), path)
    record(judged(), path)
    _, labelled, _ = read_questions(path)
    assert [item.golds for item in labelled] == [("36家",)]


def test_another_program_that_writes_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "feedback.json"
    record(judged(), path)
    with filelock.FileLock(f"{path}.lock"):
        read = path.read_text(encoding="utf-8")
        waiting = threading.Thread(target=record, args=(judged("down", "9个", "几个问题？"), path))
        waiting.start()
        waiting.join(0.3)
        path.write_text(read.replace("查了几家？", "查了多少家？"), encoding="utf-8")
    waiting.join()
    _, labelled, _ = read_questions(path)
    assert [item.question for item in labelled] == ["查了多少家？", "几个问题？"]


def test_a_set_without_answers_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "feedback.json"
    record(judged("down", ""), path)
    with pytest.raises(InputError, match="请在 answers 里写明"):
        read_questions(path)


def test_right_answers_are_words_of_the_article(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        record(judged("down", "35家"), tmp_path / "feedback.json")
    assert not (tmp_path / "feedback.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"data": [{"paragraphs": [{"qas": [{}]}]}]}'])
def test_a_damaged_file_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feedback.json"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        record(judged(), path)
    assert str(path) in raised.value.english and path.read_text() == text
