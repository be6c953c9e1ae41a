"""A browser window on the chat page, as the tests use it."""

from collections.abc import Callable
from dataclasses import dataclass, field

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
