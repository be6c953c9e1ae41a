"""The chat page: its parts, and which use of them leads to which event."""

from pathlib import Path
from typing import Any

import gradio as gr

from qa.chat.events import Events
from qa.chat.layout import Parts, lay_out
from qa.chat.warm import Warmth
from qa.chat.wording import EN, NAME, ZH

_AT_ONCE = 4
"""Questions that are answered at the same time; more wait their turn."""
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
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    labels = [
        parts.header,
        parts.language,
        parts.chat,
        parts.starters_title,
        parts.question,
        parts.send,
        parts.clear,
        parts.sources,
    ]
    results = [
        parts.question,
        parts.chat,
        parts.starters,
        parts.sources,
        parts.conversation,
        parts.header,
    ]
    offers = [parts.starters, *parts.examples, parts.poll]
    page.load(events.open, None, labels, **quiet)
    parts.poll.tick(events.offer, [parts.conversation], offers, concurrency_limit=None, **quiet)
    parts.language.input(events.relabel, [parts.language, parts.conversation], labels, **quiet)
    parts.language.change(None, [parts.language], None, js=_SET_PAGE_LANGUAGE)
    # A question sent while another is being answered waits, instead of being ignored.
    asking: list[Any] = [
        gr.on(
            triggers,
            events.ask,
            [source, parts.conversation, parts.language],
            results,
            concurrency_limit=_AT_ONCE,
            concurrency_id="ask",
            trigger_mode="always_last",
            **quiet,
        )
        for source, triggers in (
            (parts.question, [parts.question.submit, parts.send.click]),
            *((button, [button.click]) for button in parts.examples),
        )
    ]
    parts.clear.click(events.clear, [parts.language], results, cancels=asking, **quiet)
