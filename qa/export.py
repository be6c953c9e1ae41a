"""A conversation as a document to keep: Markdown, or one HTML file that needs nothing else.

Every answer has its own sources under it. Whatever comes from articles and questions is text in
the document, never markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from qa.conversation import Conversation, Turn
from qa.types import Citation

Language = Literal["zh", "en"]

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:@^=])")
_REFERENCE = re.compile(r"\[(\d+)\]")

_STYLE = """
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #23201c; background: #fffdf8;
  font: 16px/1.9 "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; }
h1 { font-size: 1.5rem; color: #9c2b20; }
section { margin: 2rem 0; padding-top: 1rem; border-top: 1px solid #ddd5c6; }
h2 { font-size: 1.1rem; }
.exact { font-size: 1.3rem; font-weight: 700; color: #9c2b20; }
.text, blockquote { white-space: pre-line; overflow-wrap: anywhere; }
blockquote { margin: 0.2rem 0; padding-left: 1rem; border-left: 3px solid #ddd5c6; }
.about, .confidence { color: #6b645a; font-size: 0.85rem; }
@media (prefers-color-scheme: dark) {
  body { color: #ece6dc; background: #191715; }
  h1, .exact, a { color: #e9968a; }
  section, blockquote { border-color: #3a352f; }
  .about, .confidence { color: #a79f93; }
}
"""


@dataclass(frozen=True, slots=True)
class _Words:
    tag: str
    sources: str
    confidence: str
    nothing: str
    comma: str


_ZH = _Words("zh-CN", "出处", "引文含有答案的估计概率：{percent}%", "没有引用任何原文。", "、")
_EN = _Words(
    "en",
    "Sources",
    "Estimated probability that the quotes hold the answer: {percent}%",
    "Nothing was quoted.",
    ", ",
)


def to_markdown(conversation: Conversation, title: str, language: Language = "zh") -> str:
    """Return a conversation as Markdown; its title is the first heading."""
    words = _EN if language == "en" else _ZH
    parts = [f"# {_plain(title)}"]
    for turn in conversation.turns:
        parts += _markdown_turn(turn, words)
    return "\n\n".join(parts) + "\n"


def to_html(conversation: Conversation, title: str, language: Language = "zh") -> str:
    """Return a conversation as one HTML document without scripts."""
    words = _EN if language == "en" else _ZH
    body = "".join(
        _html_turn(turn, number, words) for number, turn in enumerate(conversation.turns, start=1)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{words.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def _markdown_turn(turn: Turn, words: _Words) -> Iterator[str]:
    answer = turn.answer
    yield f"## {_plain(turn.question)}"
    if answer.exact:
        yield f"**{_plain(answer.exact)}**"
    yield "\n\n".join(_plain(line) for line in answer.text.split("\n") if line.strip())
    if answer.note:
        yield f"*{_plain(answer.note)}*"
    if answer.abstained:
        yield f"*{_plain(words.nothing)}*"
        return
    yield _plain(words.confidence.format(percent=round(100 * answer.confidence)))
    yield f"### {words.sources}"
    for citation in answer.citations:
        about = _plain(_about(citation, words))
        quote = "\n> ".join(_plain(line) for line in citation.quote.split("\n"))
        yield f"{citation.n}\\. {about}\n\n> {quote}"


def _html_turn(turn: Turn, number: int, words: _Words) -> str:
    answer = turn.answer
    exact = f'<p class="exact">{escape(answer.exact)}</p>' if answer.exact else ""
    numbers = {citation.n for citation in answer.citations}

    def reference(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return f'<a href="#a{number}-{n}">[{n}]</a>' if n in numbers else match.group()

    text = f'<p class="text">{_REFERENCE.sub(reference, escape(answer.text))}</p>'
    note = f'<p class="about">{escape(answer.note)}</p>' if answer.note else ""
    head = f"<section><h2>{escape(turn.question)}</h2>{exact}{text}{note}"
    if answer.abstained:
        return f'{head}<p class="about">{escape(words.nothing)}</p></section>'
    told = words.confidence.format(percent=round(100 * answer.confidence))
    return (
        f'{head}<p class="confidence">{escape(told)}</p><h3>{words.sources}</h3>'
        f"<ol>{_html_sources(answer.citations, number, words)}</ol></section>"
    )


def _html_sources(citations: Sequence[Citation], number: int, words: _Words) -> str:
    return "".join(
        f'<li id="a{number}-{citation.n}" value="{citation.n}">'
        f"<blockquote>{escape(citation.quote)}</blockquote>"
        f'<p class="about">{escape(_about(citation, words))}</p></li>'
        for citation in citations
    )


def _about(citation: Citation, words: _Words) -> str:
    date = citation.date.isoformat() if citation.date else ""
    known = (citation.headline, words.comma.join(citation.authors), date, citation.source)
    return " · ".join(part for part in known if part)


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is: punctuation escaped, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
