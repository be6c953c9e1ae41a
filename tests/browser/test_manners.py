"""How the page behaves: languages, keys, input methods, narrow and dark."""

import pytest
from playwright.sync_api import expect

from qa.service.limits.middleware import _all_busy
from tests.browser.test_chat import INSPECTED, SIZES
from tests.browser.visit import VisitPage


def test_language_switch(visit: VisitPage) -> None:
    reader = visit()
    page, question = reader.page, reader.question_box()
    expect(question).to_have_attribute("placeholder", "输入问题，回车提问，Shift+回车换行")
    reader.ask(INSPECTED).locator("a.wb-ref").first.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator(".wb-sources h2")).to_have_text("Sources")
    expect(page.locator(".wb-claim")).to_contain_text("Ask the newspaper")
    expect(page.locator("#wb-send")).to_have_text("Ask")
    expect(page.locator(".wb-confidence summary")).to_contain_text("confidence")
    expect(page.locator(".wb-asking .wb-next")).to_have_text("Next")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for view in ("corpus", "add"):
        reader.go(view)
        assert page.locator(f".wb-{'corpus' if view == 'corpus' else 'adding'}").is_visible()
    page.reload()
    expect(page.locator("#wb-send")).to_have_text("Ask")
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".wb-sources h2")).to_have_text("出处")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_language_switch_on_a_phone(visit: VisitPage) -> None:
    reader = visit(width=390, height=844)
    page = reader.page
    reader.ask(INSPECTED)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#wb-send")).to_have_text("Ask")
    expect(page.locator(".wb-confidence summary")).to_contain_text("confidence")
    page.locator("a.wb-ref").first.click()
    expect(page.locator(".wb-asking .wb-next")).to_have_text("Next")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".wb-sources h2")).to_have_text("出处")


def test_english_browser_is_greeted_in_english(visit: VisitPage) -> None:
    page = visit(locale="en-GB").page
    expect(page.locator("#wb-send")).to_have_text("Ask")
    expect(page.locator(".wb-empty-title")).to_have_text("No sources yet")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_both_languages_say_the_same_things(visit: VisitPage) -> None:
    blanks = visit().page.evaluate(
        """async () => {
          const { ZH } = await import("/page/web/words-zh.js");
          const { EN } = await import("/page/web/words-en.js");
          const of = (words) => Object.entries(words)
            .map(([key, text]) => [key, [...text.matchAll(/\\{\\w+\\}/g)].map(String).sort()])
            .sort();
          return [of(ZH), of(EN)];
        }"""
    )
    assert blanks[0] == blanks[1]


def test_keys(visit: VisitPage) -> None:
    reader = visit()
    page, box = reader.page, reader.question_box()
    expect(box).to_be_focused()
    box.type("第一行")
    page.keyboard.press("Shift+Enter")
    box.type("第二行")
    expect(box).to_have_value("第一行\n第二行")
    expect(page.locator(".wb-asked")).to_have_count(0)
    reader.go("corpus")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("第一行\n第二行")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-asked")).to_have_text(["第一行\n第二行"])
    box.type("a/b")
    expect(box).to_have_value("a/b")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_input_method_is_let_finish(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    keyboard = reader.page.context.new_cdp_session(reader.page)
    reader.question_box().focus()
    composing = {"text": "shifanqu", "selectionStart": 8, "selectionEnd": 8}
    keyboard.send("Input.imeSetComposition", composing)
    # What a browser sends when Enter takes the composed letters: keyCode 229, then the text.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    plain = {**enter, "windowsVirtualKeyCode": 13}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **plain})
    expect(reader.page.locator(".wb-asked")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": INSPECTED})
    expect(reader.question_box()).to_have_value(INSPECTED)
    expect(reader.page.locator(".wb-asked")).to_have_count(0)
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".wb-asked")).to_have_text([INSPECTED])


def test_who_must_come_back_later_is_told_so(visit: VisitPage) -> None:
    reader = visit()
    body = bytes(_all_busy().body).decode()
    reader.page.route("**/page/ask", lambda route: route.fulfill(status=429, body=body))
    answer = reader.ask(INSPECTED)
    expect(answer).to_contain_text("现在提问的人多，请过几秒再问。")
    reader.page.unroute("**/page/ask")
    reader.page.get_by_role("button", name="重试").click()
    expect(reader.page.locator(".wb-answer")).to_contain_text("36家")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_wider_than_the_window(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    reader.ask(INSPECTED)
    for view in ("ask", "corpus", "add"):
        reader.go(view)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_phone_shows_sources_below_and_the_article_over_the_page(visit: VisitPage) -> None:
    reader = visit(width=390, height=844)
    answer = reader.ask(INSPECTED)
    card = reader.page.locator(".wb-card").first
    source, question = card.bounding_box(), reader.page.locator(".wb-ask").bounding_box()
    assert source and question and source["y"] > question["y"]
    card.scroll_into_view_if_needed()
    quote = card.locator(".wb-quote").first.bounding_box()
    assert quote and quote["y"] - source["y"] < 844 / 2, "the card begins near the quote"
    answer.locator("a.wb-ref").first.click()
    panel = reader.page.locator(".wb-asking .wb-reader")
    box = panel.bounding_box()
    assert box and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    panel.locator(".wb-close").click()
    expect(panel).to_be_hidden()


def test_article_covers_the_page_only_in_one_column_and_in_its_view(visit: VisitPage) -> None:
    reader = visit(width=390, height=844)
    page, covered = reader.page, reader.page.locator("[inert]")
    reader.go("corpus")
    page.locator(".wb-entry").first.click()
    panel = page.locator(".wb-corpus .wb-reader")
    expect(panel).to_have_attribute("role", "dialog")
    page.set_viewport_size({"width": 900, "height": 844})
    expect(covered).to_have_count(0)
    expect(panel).not_to_have_attribute("role", "dialog")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(panel).to_have_attribute("role", "dialog")
    page.keyboard.press("/")
    expect(covered).to_have_count(0)
    expect(reader.question_box()).to_be_focused()


def test_dark_as_the_system_or_as_chosen(visit: VisitPage) -> None:
    reader = visit(dark=True)
    body = reader.page.locator("body")
    expect(body).to_have_class("dark")
    reader.page.locator(".wb-theme").click()
    expect(body).not_to_have_class("dark")
    reader.page.reload()
    reader.page.locator("#wb[data-ready]").wait_for()
    expect(body).not_to_have_class("dark")


def test_page_does_not_jump(visit: VisitPage) -> None:
    reader = visit()
    shift = reader.page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(
          list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
        )).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 500))"""
    )
    assert shift < 0.02
