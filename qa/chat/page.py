"""The chat page: its parts, and which use of them leads to which event."""

from pathlib import Path
from typing import Any

import gradio as gr

from qa.chat.events import Events
from qa.chat.layout import Parts, lay_out
from qa.chat.warm import Warmth
from qa.chat.wording import EN, NAME, ZH

_SET_PAGE_LANGUAGE = (
    f"(language) => {{ document.documentElement.lang = language === '{EN.language}'"
    f" ? '{EN.tag}' : '{ZH.tag}'; }}"
)


def build_page(index: Path) -> gr.Blocks:
    """Return the page over an index folder, and start getting ready for questions.

    Every question is answered from the snapshot that is live when it is asked.
    """
    warmth = Warmth(index)
    page = gr.Blocks(title=NAME, fill_width=True, analytics_enabled=False)
    with page:
        parts = lay_out()
        _connect(page, parts, Events(index, warmth, parts))
    warmth.start()
    return page


def _connect(page: gr.Blocks, parts: Parts, events: Events) -> None:
    # Without the queue each event is one request with one response. The queue's event streams
    # lose an event that is sent just when the stream of the one before is being closed.
    plain: dict[str, Any] = {
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "multiple",
    }
    session = [parts.conversation, parts.language]
    shown = [parts.header, parts.chat, parts.sources]
    asked = [parts.question, parts.chat, parts.starters]
    labels = [
        *shown,
        parts.language,
        parts.starters_title,
        parts.question,
        parts.send,
        parts.clear,
    ]
    page.load(events.open, [parts.conversation], labels, **plain)
    offers = [parts.starters, *parts.examples, parts.poll]
    parts.poll.tick(events.offer, [parts.conversation], offers, **plain)
    parts.language.input(events.relabel, session, labels, **plain)
    parts.language.change(None, [parts.language], None, js=_SET_PAGE_LANGUAGE)
    parts.clear.click(events.clear, session, [*asked, parts.header, parts.sources], **plain)
    for source, triggers in (
        (parts.question, [parts.question.submit, parts.send.click]),
        *((button, [button.click]) for button in parts.examples),
    ):
        question = gr.on(triggers, events.ask, [source, *session], asked, **plain)
        question.then(events.answer, session, shown, **plain)
