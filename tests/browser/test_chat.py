"""The chat page as its readers use it."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from embeddings import Index
from tests.browser.visit import HOSTILE_WORDS, VisitPage

INSPECTED = "示范区纪委检查了多少家企业？"
OFF_CORPUS = "火星探测器的电池是哪家公司生产的？"


def test_answer_and_its_source(visit: VisitPage, index: Index) -> None:
    reader = visit()
    answer = reader.ask(INSPECTED)
    expect(answer).to_contain_text("36")
    expect(answer).to_contain_text("[1]")
    expect(answer.locator(".wb-confidence")).to_have_text(re.compile(r"把握.+ · \d+%"))

    card = reader.page.locator(".wb-card").first
    expect(card.locator("h3")).to_have_text("示范区纪委督查“白名单”企业防疫")
    expect(card.locator(".wb-byline")).to_contain_text("姬慧洋、祝果")
    expect(card.locator(".wb-byline")).to_contain_text("zhoukou-shifanqu-page.txt")
    texts = [article.text for article in index.articles()]
    marks = reader.page.locator(".wb-card .wb-quote > mark")
    assert marks.count() >= 1
    for quote in marks.all_text_contents():
        assert any(quote in text for text in texts)
    expect(marks.first).to_contain_text("36")
    expect(marks.first.locator("mark.exact")).to_contain_text("36")


def test_reference_leads_to_its_quote(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED).locator("a.wb-ref").first.click()
    expect(reader.page.locator("#quote-1")).to_be_focused()


def test_follow_up_question(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    expect(reader.ask("发现了几个问题？")).to_contain_text("9个问题")
    expect(reader.page.locator(".wb-asked")).to_have_count(2)


def test_hurried_questions_are_all_answered(visit: VisitPage) -> None:
    reader = visit()
    for question in (INSPECTED, "第一批国家公园共有多少个？"):
        reader.question_box().fill(question)
        reader.page.keyboard.press("Enter")
        expect(reader.question_box()).to_have_value("")
    expect(reader.page.locator(".wb-answer")).to_have_count(2)
    expect(reader.page.locator(".wb-card h3").first).to_contain_text("国家公园")


def test_nothing_leaves_this_machine(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    reader.page.get_by_text("English", exact=True).click()
    expect(reader.page.locator(".wb-sources h2")).to_have_text("Sources")
    hosts = {urlsplit(url).hostname for url in reader.requested if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    # What the content security policy stops never becomes a request, but is complained of.
    assert reader.complaints == []


def test_language_switch(visit: VisitPage) -> None:
    reader = visit()
    page, question = reader.page, reader.question_box()
    expect(question).to_have_attribute("placeholder", "输入问题，按回车提问")
    reader.ask(INSPECTED)
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".wb-sources h2")).to_have_text("Sources")
    expect(page.locator(".wb-claim")).to_contain_text("Ask the newspaper")
    expect(page.locator("#wb-send")).to_have_text("Ask")
    expect(question).to_have_attribute("placeholder", "Type your question")
    expect(page.locator(".wb-confidence")).to_contain_text("confidence")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_text("中文", exact=True).click()
    expect(page.locator(".wb-sources h2")).to_have_text("出处")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_english_browser_is_greeted_in_english(visit: VisitPage) -> None:
    page = visit(locale="en-GB").page
    expect(page.locator("#wb-send")).to_have_text("Ask")
    expect(page.locator(".wb-empty-title")).to_have_text("No sources yet")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_markup_is_shown_as_written(visit: VisitPage) -> None:
    reader = visit()
    reader.ask("敌意测试市的图书馆共有多少册藏书？")
    expect(reader.page.locator(".wb-card").first).to_be_visible()
    reader.ask(" ".join(HOSTILE_WORDS))
    asked = reader.page.locator(".wb-asked").last
    for words in HOSTILE_WORDS:
        expect(asked).to_contain_text(words)
    reader.ask("敌意测试市的图书馆收藏了什么？")
    panel = reader.page.locator("#wb-panel")
    name = panel.locator("h3, .wb-name").filter(has_text="敌意测试").first
    for words in HOSTILE_WORDS:
        expect(name).to_contain_text(words)
    for foreign in ("img", "script", "strong", "b", "a[href^=javascript]", ".katex"):
        expect(reader.page.locator(f"#wb-chat {foreign}, #wb-panel {foreign}")).to_have_count(0)
    assert reader.page.evaluate("window.hacked") is None


def test_example_question(visit: VisitPage) -> None:
    reader = visit()
    example = reader.page.locator(".wb-example:visible").first
    example.wait_for(timeout=30_000)
    question = (example.text_content() or "").strip()
    answer = reader.answer_to(example.click)
    expect(answer).to_have_class("wb-answer")
    expect(reader.page.locator(".wb-asked")).to_have_text([question])
    expect(reader.page.locator(".wb-card").first).to_be_visible()
    expect(reader.page.locator(".wb-example:visible")).to_have_count(0)


def test_abstention(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask(OFF_CORPUS)
    expect(answer).to_have_class("wb-abstained")
    expect(answer).to_contain_text("没有找到")
    panel = reader.page.locator("#wb-panel")
    expect(panel.locator(".wb-nothing")).to_be_visible()
    expect(panel.locator(".wb-nearest h3")).to_contain_text("不是依据")
    assert panel.locator(".wb-nearest li").count() >= 1
    expect(panel.locator(".wb-card, mark")).to_have_count(0)


def test_clear_begins_anew(visit: VisitPage) -> None:
    reader = visit()
    reader.question_box().fill(INSPECTED)
    reader.answer_to(reader.page.locator("#wb-send").click)
    reader.page.locator("#wb-clear").click()
    expect(reader.page.locator(".wb-asked")).to_have_count(0)
    expect(reader.page.locator(".wb-empty-title")).to_be_visible()


def test_readers_do_not_see_each_other(visit: VisitPage) -> None:
    first, second = visit(), visit()
    first.ask(INSPECTED)
    second.ask("第一批国家公园共有多少个？")
    expect(first.page.locator(".wb-asked")).to_have_text([INSPECTED])
    expect(second.page.locator(".wb-asked")).to_have_text(["第一批国家公园共有多少个？"])
    expect(first.page.locator(".wb-card h3").first).to_contain_text("纪委")
    expect(second.page.locator(".wb-card h3").first).to_contain_text("国家公园")


def test_phone(visit: VisitPage) -> None:
    reader = visit(width=390, height=844)
    reader.ask(INSPECTED)
    card = reader.page.locator(".wb-card").first
    card.scroll_into_view_if_needed()
    expect(card).to_be_in_viewport()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390
    source, question = card.bounding_box(), reader.page.locator("#wb-ask").bounding_box()
    assert source and question and source["y"] > question["y"]
