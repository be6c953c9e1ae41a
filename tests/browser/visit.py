"""A browser window on the chat page, as the tests use it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page

SECONDS_TO_ANSWER = 30

HOSTILE_WORDS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "[x](javascript:window.hacked=1)",
    "$x$",
    "**b**",
    "{{7}}",
    "${7*7}",
)
"""What must be shown as it is written, in articles as in questions."""


BY_HAND = """() => {
  const given = window.fetch;
  window.fetch = (path, options) => {
    if (!String(path).endsWith("/ask")) return given(path, options);
    const body = new ReadableStream({
      start(stream) {
        const write = (line) => stream.enqueue(new TextEncoder().encode(`${line}\n`));
        window.tell = (lines, isLast) => {
          lines.forEach(write);
          if (isLast) stream.close();
        };
        options.signal.addEventListener("abort", () => {
          window.tell = () => {};
          stream.error(new DOMException("stopped", "AbortError"));
        });
      },
    });
    return Promise.resolve(new Response(body));
  };
}"""
"""Lets no question reach the server; the events of its answer are what ``window.tell`` is given."""


def nothing_found(question: str) -> dict[str, Any]:
    """Return the last event of an answer: that there is none."""
    empty = {"exact": None, "citations": [], "passages": [], "confidence": 0.0, "seconds": 0.0}
    return {"line": {"question": question, "answer": "没有找到。", "abstained": True, **empty}}


@dataclass
class Visit:
    """A window, all that it asked for, and the errors in its console."""

    page: Page
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Note an error in the console."""
        if message.type == "error":
            self.complaints.append(message.text)

    def answer_by_hand(self) -> None:
        """From now on, until the page is loaded anew, say what ``tell`` is given to questions."""
        self.page.evaluate(BY_HAND)

    def tell(self, *events: dict[str, Any] | str) -> None:
        """Say something to the question that waits: events, or lines as a server sends them."""
        lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
        is_last = any("line" in event for event in events if isinstance(event, dict))
        self.page.evaluate("([lines, isLast]) => window.tell(lines, isLast)", [lines, is_last])

    def begin_asking(self, question: str) -> Locator:
        """Type a question, press Enter, and return what is shown while the answer comes."""
        self.question_box().fill(question)
        self.page.keyboard.press("Enter")
        pending = self.page.locator(".wb-pending")
        pending.wait_for()
        return pending

    def question_box(self) -> Locator:
        return self.page.locator("#wb-question")

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, and return the answer's message."""
        self.question_box().fill(question)
        return self.answer_to(lambda: self.page.keyboard.press("Enter"))

    def go(self, view: str) -> None:
        """Show a view: ask, corpus or add."""
        self.page.locator(f"[data-view={view}]").click()

    def answer_to(self, act: Callable[[], None]) -> Locator:
        """Do something that asks a question, and return the answer's message."""
        answers = self.page.locator(".wb-answer, .wb-abstained, .wb-failure")
        before = answers.count()
        act()
        answer = answers.nth(before)
        answer.wait_for(timeout=1000 * SECONDS_TO_ANSWER)
        return answer


VisitPage = Callable[..., Visit]
"""Opens a window: ``visit(locale="en-GB", width=390, height=844)``."""
