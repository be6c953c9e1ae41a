"""What readers think of answers, kept as a question set that ``wenbao evaluate`` reads.

The file is in SQuAD layout: the cited article's text is the context, and what was right is a
gold answer. A question whose right answer nobody named has no gold, and is skipped there.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import filelock

from embeddings.address import IndexAddress, local_folder
from embeddings.errors import InputError, LockError

_PATIENCE = 10.0
"""Seconds to wait for others who write; each takes a fraction of one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reader's opinion of one answer.

    Attributes:
        question: As it was asked.
        answer: What was said.
        vote: Whether the answer was right.
        reason: In the reader's words; may be empty.
        right: The right answer, verbatim from ``context``, or empty if not known.
        title: What the article is called (``naming``); empty if there is none.
        context: The text of the article that was cited, or was nearest; empty if there is none.
    """

    question: str
    answer: str
    vote: Literal["up", "down"]
    reason: str
    right: str
    title: str
    context: str


def feedback_path(index: IndexAddress) -> Path:
    """Return where feedback on an index is kept: beside it, as rebuilding must not lose it."""
    folder = local_folder(index)
    return folder.with_name(f"{folder.name}-feedback.json")


def record(judgement: Judgement, path: Path) -> None:
    """Add a judgement to the file. A question judged again replaces its earlier judgement.

    Raises:
        InputError: The right answer is not in the text, or the file is damaged or cannot be
            written.
        LockError: Another program does not let go of the file.
    """
    if judgement.right and judgement.right not in judgement.context:
        raise InputError(
            "正确答案须是原文里的文字，请从文章中复制。",
            "The right answer must be words of the article; copy them from it.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(f"{path.name}.lock"), timeout=_PATIENCE):
            squad = _read(path)
            _put(squad, judgement)
            _write(squad, path)
    except filelock.Timeout as error:
        raise LockError(
            f"另一个程序正在写 {path}。请稍后再试。",
            f"Another program is writing {path}. Try again later.",
        ) from error
    except OSError as error:
        raise InputError(
            f"无法写入 {path}（{error.strerror}）。请检查权限。",
            f"Cannot write {path} ({error.strerror}). Check its permissions.",
        ) from error


def _put(squad: dict[str, Any], judgement: Judgement) -> None:
    for document in squad["data"]:
        for paragraph in document["paragraphs"]:
            same = paragraph["context"] == judgement.context
            paragraph["qas"] = [
                qa for qa in paragraph["qas"] if not (same and qa["question"] == judgement.question)
            ]
            if same:
                paragraph["qas"].append(_qa(judgement))
                return
    paragraph = {"context": judgement.context, "qas": [_qa(judgement)]}
    squad["data"].append({"title": judgement.title, "paragraphs": [paragraph]})


def _qa(judgement: Judgement) -> dict[str, Any]:
    gold = judgement.right
    answers = [{"text": gold, "answer_start": judgement.context.index(gold)}] if gold else []
    kept = asdict(judgement)
    return {
        "question": judgement.question,
        "answers": answers,
        "feedback": {name: kept[name] for name in ("vote", "reason", "answer")},
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        squad = json.loads(path.read_text(encoding="utf-8"))
        if not all(
            isinstance(qa["question"], str)
            for document in squad["data"]
            for paragraph in document["paragraphs"]
            for qa in paragraph["qas"] + [{"question": paragraph["context"]}]
        ):
            raise ValueError("a question is no text")
    except FileNotFoundError:
        return {"version": "wenbao-feedback", "data": []}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} 已损坏，无法记下反馈。请把它移到别处，会另建一份。",
            f"{path} is damaged, so feedback cannot be kept. Move it elsewhere to begin anew.",
        ) from error
    found: dict[str, Any] = squad
    return found


def _write(squad: dict[str, Any], path: Path) -> None:
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(json.dumps(squad, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(unfinished, path)
