"""``wenbao ask`` without questions: a conversation on the terminal, or line by line from a pipe."""

import dataclasses
import io
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from embeddings import Filters, Index
from embeddings.errors import InputError, WenbaoError
from embeddings.filters import EVERYTHING
from qa.answer import ask
from qa.conversation import Conversation, open_conversation, save_conversation
from qa.filter_options import filters_from
from qa.llm import LanguageModel
from qa.types import Answer

HELP = """\
直接输入问题；可以追问。 Type a question; follow-ups are understood.
/filters                        当前的筛选条件 · What the search is narrowed to
/filters since=2022-07-01 author=姬慧洋   筛选 · since until author section source kind article
/filters author="Li Ming"       有空格的加引号 · Quote what has spaces
/filters off                    去掉筛选 · No filters
/dates off | on                 是否理解“昨天”等日期 · Whether days like 昨天 narrow the search
/save FILE   /open FILE         保存、打开对话（JSON lines） · Save or open a conversation
/new                            开始新的对话 · Begin a new conversation
/help   /quit                   帮助、退出 · This help; leave"""

COMMANDS = ("/filters", "/dates", "/save", "/open", "/new", "/help", "/quit")
_QUOTED = r"[\s'\"\\]"
"""What a filter's value has to be quoted for."""
_FILTERS = ("since", "until", "author", "section", "source", "kind", "article")


@dataclass
class Session:
    """A conversation that goes on; one thread uses it.

    Attributes:
        show: Shows an answer.
        say: Tells anything else.
    """

    index: Index
    show: Callable[[Answer], None]
    say: Callable[[str], None]
    filters: Filters = EVERYTHING
    understand_dates: bool = True
    llm: LanguageModel | None = None
    conversation: Conversation = Conversation()

    def run(self, lines: Iterable[str], forgiving: bool) -> None:
        """Take lines until they end or one says /quit.

        Args:
            lines: Questions and commands.
            forgiving: Tell of an error and go on, as for somebody who types.

        Raises:
            WenbaoError: A line cannot be used, and ``forgiving`` is false.
        """
        for line in lines:
            try:
                if not self.take(line):
                    return
            except WenbaoError as error:
                if not forgiving:
                    raise
                self.say(f"{error.chinese}\n{error.english}")

    def take(self, line: str) -> bool:
        """Answer a question or do what a command says; false if it says /quit.

        Raises:
            InputError: There is no such command, or it lacks something.
        """
        line = line.strip()
        if not line.startswith("/"):
            if line:
                self.ask(line)
            return True
        command, _space, rest = line.partition(" ")
        return self._obey(command, rest.strip())

    def ask(self, question: str) -> None:
        """Answer a question, even one that looks like a command, and show the answer.

        Raises:
            WenbaoError: See ``qa.ask``.
        """
        answer = ask(
            question,
            self.conversation,
            self.index,
            self.filters,
            self.understand_dates,
            self.llm,
        )
        self.conversation = self.conversation.with_answer(answer)
        self.show(answer)

    def _obey(self, command: str, rest: str) -> bool:
        match command:
            case "/quit" | "/exit":
                return False
            case "/help":
                self.say(HELP)
            case "/new":
                self.conversation = Conversation()
                self.say("新的对话。 A new conversation.")
            case "/filters":
                self._narrow(rest)
            case "/dates" if rest in ("on", "off"):
                self.understand_dates = rest == "on"
            case "/save" if rest:
                save_conversation(self.conversation, _path(rest))
                self.say(f"已保存 {rest}。 Saved.")
            case "/open" if rest:
                self._open(_path(rest))
            case _:
                typed = f"{command} {rest}".strip()
                raise InputError(
                    f"不明白“{typed}”：没有这个命令，或缺了什么。/help 列出全部。",
                    f"“{typed}” is not a command, or lacks something. /help lists all.",
                )
        return True

    def _open(self, path: Path) -> None:
        self.conversation = open_conversation(path)
        for turn in self.conversation.turns:
            self.show(turn.answer)

    def _narrow(self, rest: str) -> None:
        """Set filters written as ``name=value``, and tell which there are."""
        if rest == "off":
            self.filters = EVERYTHING
        elif rest:
            given = dict.fromkeys(_FILTERS, None) | _pairs(rest)
            self.filters = filters_from(**given)  # type: ignore[arg-type]
        told = [  # article_id as it is typed: article
            written(name.removesuffix("_id"), str(value))
            for name, value in dataclasses.asdict(self.filters).items()
            if value is not None
        ]
        self.say("  ".join(told) or "没有筛选条件。 No filters.")


def piped_lines(stream: TextIO) -> Iterator[str]:
    """Yield the lines of a pipe or file, which are UTF-8 whatever the locale.

    Raises:
        InputError: They are not.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8-sig", errors="strict")
    try:
        yield from stream
    except UnicodeDecodeError as error:
        raise InputError(
            "输入的问题不是 UTF-8 文本。请先转换编码，如 iconv -f GB18030 -t UTF-8 问题.txt。",
            "The questions are not UTF-8 text. Convert them first, as with iconv -f GB18030 "
            "-t UTF-8 questions.txt.",
        ) from error


def written(name: str, value: str) -> str:
    """Return a filter as it is typed after ``/filters``."""
    return f"{name}={shlex.quote(value) if re.search(_QUOTED, value) else value}"


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise InputError(
            f"没有“{text}”所说的用户文件夹。当前文件夹里的文件请写成 ./{text}。",
            f"“{text}” names no user's folder. Write ./{text} for a file in this folder.",
        ) from error


def _pairs(text: str) -> dict[str, str]:
    try:
        parts = shlex.split(text)
    except ValueError as error:
        raise InputError(
            f'“{text}”里的引号不成对。请补上，如 author="Li Ming"。',
            f'A quotation mark in “{text}” has no partner. Close it, as in author="Li Ming".',
        ) from error
    pairs = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if name not in _FILTERS or not equals:
            raise InputError(
                f"“{part}”不是筛选条件。请写成 名称=值，名称为 {' '.join(_FILTERS)}。",
                f"“{part}” is not a filter. Write name=value; names: {' '.join(_FILTERS)}.",
            )
        pairs[name] = value
    return pairs
