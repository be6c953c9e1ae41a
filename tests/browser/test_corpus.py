"""Browsing the corpus, and narrowing questions to a part of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_chat import INSPECTED, PARKS, SIZES
from tests.browser.visit import VisitPage


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_articles_are_narrowed_and_read(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    page = reader.page
    reader.go("corpus")
    entries = page.locator(".wb-corpus .wb-entry")
    expect(page.locator(".wb-total")).to_have_text("14 篇")
    expect(entries).to_have_count(14)

    fields = page.locator(".wb-corpus .wb-seek")
    fields.get_by_label("文中含有").fill("国家公园")
    expect(entries).to_have_count(1)
    fields.get_by_label("文中含有").fill("")
    expect(entries).to_have_count(14)
    fields.get_by_label("作者").fill("祝果")
    fields.get_by_label("作者").press("Enter")
    expect(entries).to_have_count(1)
    expect(entries.first).to_contain_text("白名单")
    page.locator(".wb-total-row").get_by_role("button").click()
    fields.get_by_label("版面").select_option("生态")
    expect(entries).to_have_count(1)
    page.locator(".wb-total-row").get_by_role("button").click()
    fields.get_by_label("从").fill("2022-05-01")
    fields.get_by_label("到").fill("2022-05-03")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("更正")

    entries.first.click()
    panel = page.locator(".wb-corpus .wb-reader")
    expect(panel.locator("h2")).to_contain_text("更正")
    expect(panel.locator(".wb-reader-body")).to_contain_text("1280米")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_bar_of_the_chart_narrows_the_list(visit: VisitPage) -> None:
    reader = visit()
    reader.go("corpus")
    entries = reader.page.locator(".wb-corpus .wb-entry")
    bars = reader.page.locator(".wb-chart rect")
    may = reader.page.locator('.wb-chart rect[aria-label^="2022-05-01"]')
    expect(may).to_have_attribute("aria-label", "2022-05-01 至 2022-05-31：2 篇")
    count = bars.count()
    may.focus()
    reader.page.keyboard.press("Enter")
    expect(entries).to_have_count(2)
    expect(bars).to_have_count(count)
    expect(may).to_be_focused()
    may.click()
    expect(entries).to_have_count(14)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_asking_about_one_article(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    page = reader.page
    reader.go("corpus")
    page.locator(".wb-entry").filter(has_text="更正").click()
    page.locator(".wb-corpus .wb-about").click()
    expect(page.locator("[inert]")).to_have_count(0)
    chip = page.locator(".wb-chip")
    expect(chip).to_contain_text("只问：甲河大桥通车（更正）")
    answer = reader.ask("甲河大桥桥长多少米？")
    expect(answer).to_contain_text("1280米")
    expect(page.locator(".wb-card")).to_have_count(1)
    expect(page.locator(".wb-asked-with")).to_contain_text("甲河大桥通车（更正）")
    expect(reader.ask(PARKS)).to_have_class("wb-abstained")
    chip.click()
    expect(chip).to_have_count(0)
    expect(reader.ask(PARKS)).to_have_class("wb-answer")


def test_a_list_that_cannot_be_had_is_told_in_the_pages_language(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    told = {"chinese": "还没有索引。", "english": "There is no index yet."}
    missing = {"snapshot": None, "articles": 0, **told}
    page.route("**/page/articles*", lambda route: route.fulfill(status=422, json=told))
    page.route("**/page/corpus", lambda route: route.fulfill(json=missing))
    page.reload()
    reader.go("corpus")
    alert, total = page.locator(".wb-alert"), page.locator(".wb-total")
    expect(alert).to_have_text("还没有索引。")
    expect(total).to_have_text("还没有索引。")
    expect(page.locator(".wb-more")).to_be_hidden()
    expect(page.locator(".wb-total-row button")).to_be_hidden()
    page.get_by_role("button", name="English").click()
    expect(alert).to_have_text("There is no index yet.")
    expect(total).to_have_text("There is no index yet.")
    page.unroute("**/page/articles*")
    page.get_by_label("Containing").fill("国家公园")
    expect(total).to_have_text("1 articles")


def test_the_keyboard_keeps_its_place_where_things_vanish(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    bar = page.locator(".wb-filter-bar")
    bar.locator("summary").click()
    bar.get_by_label("版面").select_option("生态")
    bar.get_by_label("从").fill("2021-01-01")
    chips = page.locator(".wb-chip")
    expect(chips).to_have_count(2)
    chips.first.press("Enter")
    expect(chips).to_have_count(1)
    expect(chips).to_be_focused()
    chips.press("Enter")
    expect(chips).to_have_count(0)
    expect(bar.locator("summary")).to_be_focused()

    page.locator("[data-view=corpus]").press("Enter")
    expect(page.locator("[data-view=corpus]")).to_be_focused()
    page.get_by_label("文中含有").fill("国家公园")
    expect(page.locator(".wb-total")).to_have_text("1 篇")
    page.locator(".wb-total-row button").press("Enter")
    expect(page.locator(".wb-total")).to_have_text("14 篇")
    expect(page.locator(".wb-total")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_filters_change_answers(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    page = reader.page
    bar = page.locator(".wb-filter-bar")
    bar.locator("summary").click()
    bar.get_by_label("版面").select_option("生态")
    expect(page.locator(".wb-chip")).to_have_text(["生态 ×"])
    expect(reader.ask(INSPECTED)).to_have_class("wb-abstained")
    bar.get_by_label("从").fill("2021-01-01")
    expect(page.locator(".wb-chip")).to_have_count(2)
    bar.get_by_role("button", name="全部清除").click()
    expect(page.locator(".wb-chip")).to_have_count(0)
    expect(reader.ask(INSPECTED)).to_contain_text("36")


def test_filters_that_contradict_are_told(visit: VisitPage) -> None:
    reader = visit()
    bar = reader.page.locator(".wb-filter-bar")
    bar.locator("summary").click()
    bar.get_by_label("从").fill("2022-01-01")
    bar.get_by_label("到").fill("2021-01-01")
    failure = reader.ask(INSPECTED)
    expect(failure).to_have_class("wb-failure")
    expect(failure).to_contain_text("晚于截止日期")
