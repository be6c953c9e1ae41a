"""Conversations when questions, answers and clearing overlap; no browser needed."""

import threading
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path

import pytest

from embeddings.types import Article
from qa.chat import turns
from qa.chat.turns import OUR_FAULT, Conversation, Failure, Turn, answered
from qa.types import Answer

Answering = Callable[[str, Sequence[str], Path], Turn]


def answer_with_history(question: str, history: Sequence[str], folder: Path) -> Turn:
    """Answer each question with the earlier ones."""
    article = Article("a", None, None, (), None, None, "a.txt", "article", question)
    text = "/".join(history)
    return Turn(question, Answer(question, text, None, True, 0.0, (), (), 0.0), {"a": article})


def told(conversation: Conversation) -> list[str]:
    return [turn.outcome.text for turn in conversation.turns if isinstance(turn.outcome, Answer)]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answering], None]:
    """Put another function in the place of the one that answers."""
    return lambda function: monkeypatch.setattr(turns, "answered", function)


def test_earlier_questions_come_along(answering: Callable[[Answering], None]) -> None:
    answering(answer_with_history)
    conversation = Conversation()
    for question in ("一？", "二？", "三？"):
        conversation.ask(question)
        conversation.answer(Path())
    assert told(conversation) == ["", "一？", "一？/二？"]


def test_only_the_latest_turn_keeps_its_articles(answering: Callable[[Answering], None]) -> None:
    answering(answer_with_history)
    conversation = Conversation()
    for question in ("一？", "二？"):
        conversation.ask(question)
    conversation.answer(Path())
    assert [bool(turn.articles) for turn in conversation.turns] == [False, True]


def test_question_asked_twice_in_a_hurry_counts_once() -> None:
    conversation = Conversation()
    conversation.ask("一？")
    conversation.ask("一？")
    assert [turn.question for turn in conversation.turns] == ["一？"]


def test_question_asked_meanwhile_is_answered_too(answering: Callable[[Answering], None]) -> None:
    conversation = Conversation()

    def interrupted(question: str, history: Sequence[str], folder: Path) -> Turn:
        if not history:
            conversation.ask("二？")
        return answer_with_history(question, history, folder)

    answering(interrupted)
    conversation.ask("一？")
    conversation.answer(Path())
    assert told(conversation) == ["", "一？"]


def test_cleared_question_does_not_come_back(answering: Callable[[Answering], None]) -> None:
    conversation = Conversation()
    started, cleared = threading.Event(), threading.Event()

    def slow(question: str, history: Sequence[str], folder: Path) -> Turn:
        started.set()
        assert cleared.wait(timeout=10)
        return answer_with_history(question, history, folder)

    answering(slow)
    conversation.ask("一？")
    thread = threading.Thread(target=conversation.answer, args=(Path(),))
    thread.start()
    assert started.wait(timeout=10)
    conversation.clear()
    cleared.set()
    thread.join(timeout=10)
    assert conversation.turns == () and conversation.latest is None


def test_copies_are_empty() -> None:
    conversation = Conversation()
    conversation.ask("一？")
    assert deepcopy(conversation).turns == ()


def test_missing_index_is_told_in_both_languages(tmp_path: Path) -> None:
    outcome = answered("今天有什么新闻？", (), tmp_path / "nothing").outcome
    assert isinstance(outcome, Failure)
    assert "wenbao rebuild" in outcome.told_in("zh") and "wenbao rebuild" in outcome.told_in("en")
    assert outcome.told_in("zh") != outcome.told_in("en")


def test_our_own_fault_is_an_apology(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(folder: Path) -> None:
        raise RuntimeError("details")

    monkeypatch.setattr(turns, "load_index", broken)
    assert answered("今天有什么新闻？", (), tmp_path).outcome == OUR_FAULT
    assert "details" in caplog.text and "details" not in OUR_FAULT.english
