"""What happens when the page is used."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from qa.chat.cards import sources
from qa.chat.header import count_articles, header, starters_title
from qa.chat.layout import Parts
from qa.chat.messages import messages
from qa.chat.turns import Conversation, Turn, answered, continued
from qa.chat.warm import Warmth
from qa.chat.wording import Language, preferred, wording

Changes = dict[Any, Any]
"""New values, or new properties, by component."""


class Events:
    """Every event's answer. Holds nothing of any conversation: that stays in its session."""

    def __init__(self, index: Path, warmth: Warmth, parts: Parts) -> None:
        self._index = index
        self._warmth = warmth
        self._parts = parts

    def open(self, request: gr.Request) -> Changes:
        """Greet a reader in the language of the browser."""
        self._warmth.start()
        language = preferred(request.headers.get("accept-language", ""))
        changes = self.relabel(language, ())
        changes[self._parts.language] = gr.Radio(value=language, label=wording(language).switch)
        return changes

    def relabel(self, language: Language, conversation: Conversation) -> Changes:
        """Say everything on the page in a language."""
        words, parts = wording(language), self._parts
        return {
            parts.header: header(language, count_articles(self._index)),
            parts.language: gr.Radio(label=words.switch),
            parts.chat: gr.Chatbot(
                value=messages(conversation, language),
                label=words.conversation,
                placeholder=words.welcome,
            ),
            parts.starters_title: starters_title(language),
            parts.question: gr.Textbox(label=words.question, placeholder=words.placeholder),
            parts.send: gr.Button(words.send),
            parts.clear: gr.Button(words.clear),
            parts.sources: sources(conversation[-1] if conversation else None, language),
        }

    def offer(self, conversation: Conversation) -> Changes:
        """Show the example questions as soon as there are any."""
        parts, questions = self._parts, self._warmth.questions()
        if questions is None:
            return {parts.poll: gr.skip()}
        changes: Changes = {
            button: gr.Button(question, visible=True)
            for button, question in zip(parts.examples, questions, strict=False)
        }
        changes[parts.starters] = gr.Column(visible=bool(questions) and not conversation)
        changes[parts.poll] = gr.Timer(active=False)
        return changes

    def ask(
        self, question: str, conversation: Conversation, language: Language
    ) -> Iterator[Changes]:
        """Show the question at once, and the answer with its sources when it is there."""
        parts = self._parts
        question = question.strip()
        if not question:
            yield {parts.question: ""}
            return
        yield {
            parts.question: "",
            parts.chat: messages(continued(conversation, Turn(question)), language),
            parts.starters: gr.Column(visible=False),
        }
        self._warmth.wait_until_loaded()
        turn = answered(question, conversation, self._index)
        conversation = continued(conversation, turn)
        yield {
            parts.chat: messages(conversation, language),
            parts.sources: sources(turn, language),
            parts.conversation: conversation,
            parts.header: header(language, count_articles(self._index)),
        }

    def clear(self, language: Language) -> Changes:
        """Begin a new conversation."""
        parts = self._parts
        return {
            parts.question: "",
            parts.chat: [],
            parts.starters: gr.Column(visible=bool(self._warmth.questions())),
            parts.sources: sources(None, language),
            parts.conversation: (),
        }
