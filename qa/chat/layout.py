"""What is on the page, and where."""

from dataclasses import dataclass

import gradio as gr

from qa.chat.cards import sources
from qa.chat.examples import WANTED
from qa.chat.header import header, starters_title
from qa.chat.turns import Conversation
from qa.chat.wording import LANGUAGES, ZH
from qa.retrieve import MAX_QUESTION

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that change.

    Attributes:
        starters: The example questions with their title; gone once a question is asked.
        conversation: One reader's own.
        poll: Looks for example questions until they are made.
    """

    header: gr.HTML
    language: gr.Radio
    chat: gr.Chatbot
    starters: gr.Column
    starters_title: gr.HTML
    examples: tuple[gr.Button, ...]
    question: gr.Textbox
    send: gr.Button
    clear: gr.Button
    sources: gr.HTML
    conversation: gr.State
    poll: gr.Timer


def lay_out() -> Parts:
    """Put the components on the page under construction, in Chinese and without an answer."""
    with gr.Column(elem_id="wb"):
        with gr.Row(elem_id="wb-top"):
            top = _html(header(ZH.language, None), "wb-header")
            language = _language()
        with gr.Row(elem_id="wb-desk"):
            with gr.Column(elem_id="wb-talk", min_width=0):
                chat = _chat()
                with gr.Column(elem_id="wb-starters", visible=False) as starters:
                    title = _html(starters_title(ZH.language), "wb-starters-title")
                    examples = tuple(_example() for _ in range(WANTED))
                with gr.Row(elem_id="wb-ask"):
                    question = _question()
                    send = gr.Button(
                        ZH.send, variant="primary", elem_id="wb-send", scale=0, min_width=0
                    )
                    clear = gr.Button(ZH.clear, elem_id="wb-clear", scale=0, min_width=0)
            with gr.Column(elem_id="wb-evidence", min_width=0):
                panel = _html(sources(None, ZH.language), "wb-panel")
    return Parts(
        header=top,
        language=language,
        chat=chat,
        starters=starters,
        starters_title=title,
        examples=examples,
        question=question,
        send=send,
        clear=clear,
        sources=panel,
        conversation=gr.State(Conversation()),
        poll=gr.Timer(_POLL_SECONDS),
    )


def _html(value: str, elem_id: str) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False)


def _language() -> gr.Radio:
    return gr.Radio(
        list(LANGUAGES),
        value=ZH.language,
        label=ZH.switch,
        show_label=False,
        container=False,
        elem_id="wb-language",
        min_width=0,
        scale=0,
    )


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        label=ZH.conversation,
        show_label=False,
        placeholder=ZH.welcome,
        elem_id="wb-chat",
        height=None,
        container=False,
        render_markdown=False,
        buttons=[],
        feedback_options=None,
    )


def _example() -> gr.Button:
    return gr.Button("", visible=False, size="sm", elem_classes="wb-example")


def _question() -> gr.Textbox:
    return gr.Textbox(
        label=ZH.question,
        placeholder=ZH.placeholder,
        show_label=False,
        container=False,
        max_lines=1,
        max_length=MAX_QUESTION,
        autofocus=True,
        elem_id="wb-question",
        scale=1,
        min_width=0,
    )
