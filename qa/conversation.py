"""A conversation, and its text form: JSON lines, one line a turn.

A line has the fields of ``wenbao ask --json`` and, besides, the passages that were read, so that
a conversation is restored whole. Lines without passages, as that command prints them, are read
too. The chat, the command line, the REST interface and exports use this one form.
"""

import dataclasses
import functools
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from embeddings.console import to_json
from embeddings.errors import InputError
from qa.types import Answer

_TEXT = "answer"
"""What a line calls ``Answer.text``, as ``wenbao ask --json`` does."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was said to it.

    Raises:
        ValueError: The answer is to another question.
    """

    question: str
    answer: Answer

    def __post_init__(self) -> None:
        if self.question != self.answer.question:
            raise ValueError(f"{self.answer.question!r} was answered, not {self.question!r}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns, oldest first."""

    turns: tuple[Turn, ...] = ()

    def with_answer(self, answer: Answer) -> "Conversation":
        """Return this conversation with one more turn."""
        return Conversation((*self.turns, Turn(answer.question, answer)))

    def to_jsonl(self) -> str:
        """Return the text form; ``from_jsonl`` makes an equal conversation of it."""
        return "".join(f"{to_json(_fields(turn.answer))}\n" for turn in self.turns)

    @classmethod
    def from_jsonl(cls, text: str, name: str = "JSON lines") -> "Conversation":
        """Read the text form. Empty lines and unknown fields are passed over.

        Args:
            text: One JSON object a line.
            name: What errors call the text, for instance its file.

        Raises:
            InputError: A line is damaged; the message names it and what is wrong with it.
        """
        conversation = cls()
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
            if line.strip():
                conversation = conversation.with_answer(_answer(line, f"{name}:{number}"))
        return conversation


def save_conversation(conversation: Conversation, path: Path) -> None:
    """Write a conversation to a file, in its text form.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        path.write_text(conversation.to_jsonl(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"无法写入 {path}（{error.strerror}）。请检查文件夹是否存在、有无权限。",
            f"Cannot write {path} ({error.strerror}). Check that its folder exists and may be "
            "written to.",
        ) from error


def open_conversation(path: Path) -> Conversation:
    """Read a conversation that was saved.

    Raises:
        InputError: The file cannot be read, or a line of it is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"无法读取 {path}（{error.strerror}）。请检查文件名。",
            f"Cannot read {path} ({error.strerror}). Check the file's name.",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} 不是 UTF-8 文本，不是保存的对话。请打开由 wenbao 保存的文件。",
            f"{path} is not UTF-8 text, so not a saved conversation. Open a file that wenbao "
            "saved.",
        ) from error
    return Conversation.from_jsonl(text, str(path))


def _fields(answer: Answer) -> dict[str, object]:
    fields = dataclasses.asdict(answer)
    return {_TEXT if name == "text" else name: value for name, value in fields.items()}


def _answer(line: str, where: str) -> Answer:
    """Read one line.

    Raises:
        InputError: It is no JSON object, or a field is missing or of the wrong kind.
    """
    try:
        fields = json.loads(line)
        json.dumps(fields, ensure_ascii=False).encode()  # escapes may name halves of pairs
    except (ValueError, RecursionError) as error:
        raise _damaged(where, "不是 JSON", "it is not JSON") from error
    if not isinstance(fields, dict):
        raise _damaged(where, "不是 JSON 对象", "it is not a JSON object")
    fields = {"passages": [], **fields, "text": fields.get(_TEXT)}
    try:
        return _reader().validate_python(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        place = _TEXT if place == "text" else place
        raise _damaged(where, f"{place} 有误", f"{place}: {first['msg']}") from error
    except InputError as error:
        raise _damaged(where, error.chinese, error.english) from error


@functools.cache
def _reader() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _damaged(where: str, chinese: str, english: str) -> InputError:
    return InputError(
        f"{where} 不是一轮对话：{chinese}。请打开由 wenbao 保存的文件，或删去这一行。",
        f"{where} is not a turn of a conversation: {english}. Open a file that wenbao saved, "
        "or delete that line.",
    )
