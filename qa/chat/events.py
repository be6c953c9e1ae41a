"""What happens when the page is used."""

from pathlib import Path
from typing import Any

import gradio as gr

from qa.chat.cards import sources
from qa.chat.header import count_articles, header, starters_title
from qa.chat.layout import Parts
from qa.chat.messages import messages
from qa.chat.turns import Conversation
from qa.chat.warm import Warmth
from qa.chat.wording import Language, preferred, wording

Changes = dict[Any, Any]
"""New values, or new properties, by component."""


class Events:
    """Every event's answer. Conversations are no part of it: each stays in its session."""

    def __init__(self, index: Path, warmth: Warmth, parts: Parts) -> None:
        self._index = index
        self._warmth = warmth
        self._parts = parts

    def open(self, conversation: Conversation, request: gr.Request) -> Changes:
        """Greet a reader in the language of the browser."""
        self._warmth.start()
        language = preferred(request.headers.get("accept-language", ""))
        changes = self.relabel(conversation, language)
        changes[self._parts.language] = gr.Radio(value=language, label=wording(language).switch)
        return changes

    def relabel(self, conversation: Conversation, language: Language) -> Changes:
        """Say everything on the page in a language."""
        words, parts = wording(language), self._parts
        return {
            **self._shown(conversation, language),
            parts.language: gr.Radio(label=words.switch),
            parts.chat: gr.Chatbot(
                value=messages(conversation.turns, language),
                label=words.conversation,
                placeholder=words.welcome,
            ),
            parts.starters_title: starters_title(language),
            parts.question: gr.Textbox(label=words.question, placeholder=words.placeholder),
            parts.send: gr.Button(words.send),
            parts.clear: gr.Button(words.clear),
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
        changes[parts.starters] = gr.Column(visible=self._has_starters(conversation))
        changes[parts.poll] = gr.Timer(active=False)
        return changes

    def ask(self, question: str, conversation: Conversation, language: Language) -> Changes:
        """Show a question at once."""
        parts, question = self._parts, question.strip()
        if question:
            conversation.ask(question)
        return {
            parts.question: "",
            parts.chat: messages(conversation.turns, language),
            parts.starters: gr.Column(visible=self._has_starters(conversation)),
        }

    def answer(self, conversation: Conversation, language: Language) -> Changes:
        """Answer what was asked, and show on what grounds."""
        self._warmth.wait_until_loaded()
        conversation.answer(self._index)
        return self._shown(conversation, language)

    def clear(self, conversation: Conversation, language: Language) -> Changes:
        """Begin a new conversation."""
        conversation.clear()
        return {
            **self._shown(conversation, language),
            self._parts.question: "",
            self._parts.starters: gr.Column(visible=self._has_starters(conversation)),
        }

    def _shown(self, conversation: Conversation, language: Language) -> Changes:
        parts = self._parts
        return {
            parts.header: header(language, count_articles(self._index)),
            parts.chat: messages(conversation.turns, language),
            parts.sources: sources(conversation.latest, language),
        }

    def _has_starters(self, conversation: Conversation) -> bool:
        return bool(self._warmth.questions()) and not conversation.turns
