"""The conversation as messages for Gradio's chatbot.

Questions and answers are handed over as HTML components in which everything but our own tags
is escaped: what is handed over as text, the chatbot reads for markup even when told not to.
"""

import re
from collections.abc import Sequence
from html import escape

import gradio as gr
from gradio.components.chatbot import Message, MessageDict

from qa.chat.turns import Failure, Turn
from qa.chat.wording import Language, Wording, wording
from qa.types import Answer

SURE = 0.75
"""From this confidence on it is called high."""
FAIRLY_SURE = 0.45
"""From this confidence on it is called medium."""

_WORD_JOINER = "&#8288;"  # no line may begin with a reference
_REFERENCE = re.compile(r"\[(\d+)\]")


def messages(turns: Sequence[Turn], language: Language) -> list[MessageDict | Message]:
    """Return the messages of all turns; references of the last answer are links."""
    words = wording(language)
    shown: list[MessageDict | Message] = []
    for place, turn in enumerate(turns, start=1):
        asked = f'<p class="wb-asked">{escape(turn.question)}</p>'
        body = _body(words, turn, linked=place == len(turns))
        shown.append({"role": "user", "content": _html(asked)})
        shown.append({"role": "assistant", "content": _html(body)})
    return shown


def _html(body: str) -> gr.HTML:
    return gr.HTML(body, apply_default_css=False, render=False)


def _body(words: Wording, turn: Turn, linked: bool) -> str:
    outcome = turn.outcome
    if outcome is None:
        return f'<div class="wb-pending" role="status">{escape(words.searching)}</div>'
    if isinstance(outcome, Failure):
        told = escape(outcome.told_in(words.language))
        return f'<div class="wb-failure" role="alert">{told}</div>'
    if outcome.abstained:
        return f'<div class="wb-abstained">{_text(words, outcome, linked=False)}</div>'
    return (
        f'<div class="wb-answer">{_exact(outcome)}{_text(words, outcome, linked)}'
        f'<p class="wb-confidence">{escape(_confidence(words, outcome.confidence))}</p></div>'
    )


def _exact(answer: Answer) -> str:
    return f'<p class="wb-exact" lang="zh">{escape(answer.exact)}</p>' if answer.exact else ""


def _text(words: Wording, answer: Answer, linked: bool) -> str:
    """Return the answer's text, the numbers of its own citations as links to the quotes."""
    numbers = {citation.n for citation in answer.citations}

    def reference(match: re.Match[str]) -> str:
        n = int(match.group(1))
        if n not in numbers:
            return match.group()
        if not linked:
            return f'{_WORD_JOINER}<span class="wb-ref">[{n}]</span>'
        jump = escape(words.jump.format(n=n))
        return f'{_WORD_JOINER}<a class="wb-ref" href="#quote-{n}" aria-label="{jump}">[{n}]</a>'

    return f'<p class="wb-text" lang="zh">{_REFERENCE.sub(reference, escape(answer.text))}</p>'


def _confidence(words: Wording, confidence: float) -> str:
    if confidence >= SURE:
        level = words.sure
    elif confidence >= FAIRLY_SURE:
        level = words.fairly_sure
    else:
        level = words.unsure
    return words.confidence.format(words=level, percent=round(100 * confidence))
