"""axe-core, from npm, looks at the three views in light and dark."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_chat import INSPECTED, OFF_CORPUS
from tests.browser.visit import Visit, VisitPage

AXE = "axe-core@4.14.1"
SECONDS_TO_INSTALL = 60
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script, installed for this run."""
    folder = tmp_path_factory.mktemp("axe")
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, AXE]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS_TO_INSTALL)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"axe-core cannot be installed from npm ({error})")
    return folder / "node_modules" / "axe-core" / "axe.min.js"


def with_answers(reader: Visit) -> None:
    reader.ask(INSPECTED)
    reader.page.locator(".wb-suggestions").wait_for()
    reader.ask(OFF_CORPUS)
    answer = reader.page.locator(".wb-answer").first
    answer.locator(".wb-confidence summary").click()
    answer.get_by_role("button", name="答得不对").click()
    reader.page.locator(".wb-filter-bar summary").click()
    reader.page.get_by_label("版面").first.select_option("生态")
    answer.locator("a.wb-ref").first.click()
    reader.page.locator("mark.current").first.wait_for()


def with_an_article(reader: Visit) -> None:
    reader.go("corpus")
    reader.page.locator(".wb-entry").first.click()
    reader.page.locator(".wb-corpus .wb-reader h2").wait_for()


def with_a_preview(reader: Visit) -> None:
    reader.go("add")
    reader.page.locator("#wb-paste").fill("大桥通车\n\n大桥昨日通车。")
    reader.page.locator(".wb-paste button").click()
    reader.page.locator(".wb-preview").wait_for(timeout=120_000)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("prepare", [with_answers, with_an_article, with_a_preview])
def test_axe_finds_nothing_grave(
    visit: VisitPage, axe: Path, prepare: Callable[[Visit], None], width: int
) -> None:
    reader = visit(width=width, height=800)
    prepare(reader)
    reader.page.evaluate(axe.read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        reader.page.evaluate(
            "(dark) => document.body.classList.toggle('dark', dark)", theme == "dark"
        )
        assert (theme, grave_in(reader.page, passes=20)) == (theme, [])


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_grave_in_the_login_form(
    browser: Browser, guarded: str, axe: Path, dark: bool
) -> None:
    context = browser.new_context(color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.goto(guarded)
    page.get_by_label("密码").fill("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.evaluate(axe.read_text(encoding="utf-8"))
    assert grave_in(page, passes=10) == []
    context.close()


def grave_in(page: Page, passes: int) -> list[tuple[str, list[str]]]:
    """Return what axe finds grave; it must have found enough that is good, too."""
    found: dict[str, Any] = page.evaluate("axe.run(document)")
    assert len(found["passes"]) > passes
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] in GRAVE
    ]
