"""The page behind a password: the form, at both widths, and out again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_chat import INSPECTED, SIZES


@pytest.fixture
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str]]]:
    width, height = request.param
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": height})
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, complaints
    context.close()


@pytest.mark.parametrize("window", SIZES, indirect=True)
def test_in_and_out(window: tuple[Page, list[str]], guarded: str) -> None:
    page, complaints = window
    page.goto(guarded)
    expect(page).to_have_url(f"{guarded}login")
    field = page.get_by_label("密码")
    expect(field).to_be_focused()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    field.fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Wrong password")
    complaints[:] = [told for told in complaints if "401" not in told]
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(guarded)
    page.locator(".wb-articles:not(:empty)").wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#wb-question").fill(INSPECTED)
    page.keyboard.press("Enter")
    expect(page.locator(".wb-answer")).to_contain_text("36家", timeout=30_000)
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{guarded}login")
    page.goto(guarded)
    expect(page).to_have_url(f"{guarded}login")
    assert complaints == []


@pytest.mark.parametrize("window", SIZES[:1], indirect=True)
def test_no_script_but_the_pages_own_runs(window: tuple[Page, list[str]], address: str) -> None:
    """What a hole in the page would let in, the browser does not run; nothing else complains."""
    page, complaints = window
    sent = page.goto(address)
    policy = sent.headers["content-security-policy"] if sent else ""
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert "frame-ancestors 'none'" in policy
    page.locator(".wb-articles:not(:empty)").wait_for(timeout=60_000)
    assert complaints == []
    page.evaluate(
        """() => {
          const inside = document.createElement("script");
          inside.textContent = "window.hacked = 1";
          document.body.append(inside);
          const button = document.createElement("button");
          button.setAttribute("onclick", "window.hacked = 2");
          document.body.append(button);
          button.click();
        }"""
    )
    assert page.evaluate("window.hacked") is None
    assert len(complaints) == 2 and all("Content Security Policy" in told for told in complaints)


@pytest.mark.parametrize(
    "path",
    ["gradio_api/upload", "gradio_api/file=/etc/passwd", "gradio_api/queue/join", "config",
     "gradio_api/proxy=http://127.0.0.1/", "gradio_api/info", "svelte/x", "monitoring",
     "assets/../../../etc/passwd", "assets/..%2f..%2f..%2fgradio%2froutes.py",
     "static/%2e%2e/%2e%2e/routes.py", "page/web/..%2fserver.py"],
)  # fmt: skip
def test_of_gradios_server_there_is_the_frame_only(
    browser: Browser, address: str, path: str
) -> None:
    context = browser.new_context()
    assert context.request.get(f"{address}{path}").status in (403, 404)
    context.close()
