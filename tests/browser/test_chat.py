"""The chat page as its readers use it: questions, answers and their sources."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Route, expect

from embeddings import Index
from tests.browser.visit import HOSTILE_WORDS, Visit, VisitPage, nothing_found

INSPECTED = "示范区纪委检查了多少家企业？"
PARKS = "第一批国家公园共有多少个？"
OFF_CORPUS = "火星探测器的电池是哪家公司生产的？"
HOSTILE_ASKED = "敌意测试市的图书馆共有多少册藏书？"
SIZES = [(1280, 800), (390, 844)]


def reader_of(reader: Visit) -> Locator:
    return reader.page.locator(".wb-asking .wb-reader")


def marked(reader: Visit) -> str:
    """The text that is marked as the current quote in the reader panel."""
    marks = reader_of(reader).locator("mark.current")
    expect(marks.first).to_be_in_viewport()
    return "".join(marks.all_text_contents())


def test_answer_and_its_source(visit: VisitPage, index: Index) -> None:
    reader = visit()
    answer = reader.ask(INSPECTED)
    expect(answer).to_contain_text("36")
    expect(answer).to_contain_text("[1]")
    expect(answer.locator(".wb-confidence summary")).to_have_text(re.compile(r"把握.+ · \d+%"))

    card = reader.page.locator(".wb-card").first
    expect(card.locator("h3")).to_have_text("示范区纪委督查“白名单”企业防疫")
    expect(card.locator(".wb-byline")).to_contain_text("姬慧洋、祝果")
    expect(card.locator(".wb-byline")).to_contain_text("zhoukou-shifanqu-page.txt")
    texts = [article.text for article in index.articles()]
    marks = reader.page.locator(".wb-card .wb-quote > mark")
    assert marks.count() >= 1
    for quote in marks.all_text_contents():
        assert any(quote in text for text in texts)
    best = reader.page.locator('[data-quote="1"] > mark')
    expect(best).to_contain_text("36")
    expect(best.locator("mark.exact")).to_contain_text("36")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_reference_opens_the_article_at_its_quote(
    visit: VisitPage, index: Index, width: int, height: int
) -> None:
    reader = visit(width=width, height=height)
    reader.ask(INSPECTED).locator("a.wb-ref").first.click()
    quote = marked(reader)
    article = next(a for a in index.articles() if a.headline and "督查“白名单”" in a.headline)
    assert quote in article.text and "36" in quote
    expect(reader_of(reader).locator("mark.current mark.exact")).to_contain_text("36")
    panel = reader_of(reader)
    expect(panel.locator("h2")).to_have_text(article.headline or "")
    expect(panel.locator(".wb-byline")).to_contain_text("城乡一体化示范区新闻")
    # The whole article: its first and last words are there, not only the passage.
    expect(panel).to_contain_text(article.text[:12])
    expect(panel).to_contain_text(article.text[-12:])
    card_quote = reader.page.locator('[data-quote="1"] > mark')
    assert card_quote.text_content() == quote
    if width > 859:
        expect(card_quote).to_be_in_viewport()
        expect(panel.locator("mark.current").first).to_be_in_viewport()


def test_hovering_a_reference_shows_its_quote(visit: VisitPage) -> None:
    reader = visit()
    reference = reader.ask(INSPECTED).locator("a.wb-ref").first
    reference.hover()
    tip = reader.page.locator("#wb-tip")
    expect(tip).to_contain_text("36家")
    expect(tip).to_contain_text("督查“白名单”")
    reader.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_stepping_through_citations(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask("甲河大桥通车仪式上，桥长多少米？")
    references = answer.locator(".wb-text a.wb-ref")
    count = references.count()
    assert count >= 2, "the bridge of these articles is told of in two of them"
    references.first.click()
    first = marked(reader)
    panel = reader_of(reader)
    expect(panel.locator(".wb-place")).to_have_text(f"第 1/{count} 处")
    expect(panel.locator(".wb-previous")).to_be_disabled()
    panel.locator(".wb-next").click()
    expect(panel.locator(".wb-place")).to_have_text(f"第 2/{count} 处")
    expect(panel.locator("mark.current").first).not_to_have_text(first)
    reader.page.locator(".wb-asked").last.click()
    reader.page.keyboard.press("ArrowLeft")
    expect(panel.locator(".wb-place")).to_have_text(f"第 1/{count} 处")
    reader.page.keyboard.press("ArrowRight")
    expect(panel.locator(".wb-place")).to_have_text(f"第 2/{count} 处")
    reader.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_accounts_that_differ_are_shown_with_their_days(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask("甲河大桥通车仪式上，桥长多少米？")
    accounts = answer.locator(".wb-accounts li")
    expect(accounts).to_have_count(2)
    expect(accounts.nth(0)).to_contain_text("2022-05-01")
    expect(accounts.nth(0)).to_contain_text("1260")
    expect(accounts.nth(1)).to_contain_text("2022-05-03")
    expect(accounts.nth(1)).to_contain_text("1280")
    expect(answer.locator(".wb-accounts > p").last).to_contain_text("1280")


def test_lists_and_timelines_name_each_thing_with_its_source(visit: VisitPage) -> None:
    reader = visit()
    parks = reader.ask("第一批国家公园有哪些？").locator(".wb-items li")
    expect(parks.locator("strong")).to_have_text(
        ["三江源", "大熊猫", "东北虎豹", "海南热带雨林", "武夷山国家公园"]
    )
    expect(parks.locator("a.wb-ref")).to_have_count(5)
    days = reader.ask("问天实验舱发射的时间线").locator(".wb-items li")
    told = days.locator("time").all_text_contents()
    assert len(told) >= 2 and told == sorted(told)
    days.nth(1).locator("a.wb-ref").click()
    assert marked(reader) in (days.nth(1).text_content() or "")


def test_filters_read_from_the_question_are_told_and_taken_back(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask("2022年7月25日有什么新闻？")
    chips = answer.locator(".wb-understood .wb-chip")
    expect(chips).to_have_text(["2022-07-25 起", "2022-07-25 止"])
    again = reader.answer_to(answer.get_by_role("button", name="不用这些筛选").click)
    expect(reader.page.locator(".wb-asked").last).to_have_text("有什么新闻？")
    expect(again.locator(".wb-understood .wb-chip")).to_have_count(0)


def test_a_question_is_asked_again_with_the_filters_that_were_set_for_it(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    page.locator(".wb-filters summary").click()
    section = page.locator(".wb-filters select")
    section.select_option("科技")
    answer = reader.ask("2022年7月有什么新闻？")
    section.select_option("")
    expect(page.locator(".wb-chips .wb-chip")).to_have_count(0)
    reader.answer_to(answer.get_by_role("button", name="不用这些筛选").click)
    expect(page.locator(".wb-asked-with")).to_have_count(2)
    expect(page.locator(".wb-asked-with").last).to_contain_text("科技")


def test_a_list_shows_why_no_model_wrote_it(visit: VisitPage) -> None:
    reader = visit()

    def failed(route: Route) -> None:
        response = route.fetch()
        *before, last = response.text().strip().split("\n")
        line = json.loads(last)["line"] | {"note": "语言模型没有回答 · The model did not answer"}
        body = "\n".join([*before, json.dumps({"line": line})])
        route.fulfill(response=response, body=f"{body}\n")

    reader.page.route("**/page/ask", failed)
    answer = reader.ask("第一批国家公园有哪些？")
    expect(answer.locator(".wb-items li")).to_have_count(5)
    expect(answer.locator(".wb-note")).to_contain_text("语言模型没有回答")


def test_confidence_is_explained(visit: VisitPage) -> None:
    answer = visit().ask(INSPECTED)
    meter = answer.get_by_role("meter")
    percent = int(meter.get_attribute("aria-valuenow") or "0")
    expect(answer.locator(".wb-confidence summary")).to_contain_text(f"{percent}%")
    told = answer.locator(".wb-confidence p")
    expect(told).to_be_hidden()
    answer.locator(".wb-confidence summary").click()
    expect(told).to_contain_text("估计概率")


def test_follow_up_question(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    expect(reader.ask("发现了几个问题？")).to_contain_text("9个问题")
    expect(reader.page.locator(".wb-asked")).to_have_count(2)


def test_hurried_questions_are_all_answered(visit: VisitPage) -> None:
    reader = visit()
    for question in (INSPECTED, PARKS):
        reader.question_box().fill(question)
        reader.page.keyboard.press("Enter")
        expect(reader.question_box()).to_have_value("")
    expect(reader.page.locator(".wb-answer")).to_have_count(2)
    expect(reader.page.locator(".wb-card h3").first).to_contain_text("国家公园")


def test_earlier_answers_keep_their_sources(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    reader.ask(PARKS)
    expect(reader.page.locator(".wb-card h3").first).to_contain_text("国家公园")
    reader.page.locator(".wb-answer").first.locator("a.wb-ref").first.click()
    expect(reader.page.locator(".wb-card h3").first).to_contain_text("纪委")
    assert "36" in marked(reader)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_answer_that_comes_closes_no_article_over_its_reader(
    visit: VisitPage, width: int, height: int
) -> None:
    reader = visit(width=width, height=height)
    answer = reader.ask(INSPECTED)
    reader.answer_by_hand()
    reader.begin_asking(OFF_CORPUS)
    answer.locator("a.wb-ref").first.click()
    assert "36" in marked(reader)
    reader.tell(nothing_found(OFF_CORPUS))
    expect(reader.page.locator(".wb-abstained")).to_have_count(1)
    assert "36" in marked(reader)
    expect(reader.page.locator(".wb-of")).to_contain_text(INSPECTED)
    reader_of(reader).locator(".wb-close").click()
    expect(reader.page.locator(".wb-of")).to_contain_text(OFF_CORPUS)


def test_nothing_leaves_this_machine(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED).locator("a.wb-ref").first.click()
    reader.go("corpus")
    reader.page.locator(".wb-entry").first.click()
    reader.go("add")
    hosts = {urlsplit(url).hostname for url in reader.requested if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    # What the content security policy stops never becomes a request, but is complained of.
    assert reader.complaints == []


def test_markup_is_shown_as_written(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    reader.ask(HOSTILE_ASKED).locator("a.wb-ref").first.click()
    panel = reader_of(reader)
    reader.ask(" ".join(HOSTILE_WORDS))
    reader.ask(HOSTILE_ASKED)
    page.locator(".wb-answer").last.locator("a.wb-ref").first.hover()
    page.locator(".wb-answer").last.locator("a.wb-ref").first.click()
    places = [
        page.locator(".wb-asked").nth(1),
        page.locator(".wb-card h3").filter(has_text="敌意测试").first,
        panel.locator("h2"),
        panel.locator(".wb-byline"),
        panel.locator(".wb-reader-body"),
        page.locator("#wb-tip"),
    ]
    for place in places:
        for words in HOSTILE_WORDS:
            expect(place).to_contain_text(words)
    reader.go("corpus")
    entry = page.locator(".wb-entry").filter(has_text="敌意测试").first
    for words in HOSTILE_WORDS:
        expect(entry).to_contain_text(words)
    for foreign in ("img", "script", "b", "a[href^=javascript]", ".katex"):
        expect(page.locator(f"#wb {foreign}")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_example_question(visit: VisitPage) -> None:
    reader = visit()
    example = reader.page.locator(".wb-starters .wb-example").first
    example.wait_for(timeout=30_000)
    question = (example.text_content() or "").strip()
    answer = reader.answer_to(example.click)
    expect(answer).to_have_class("wb-answer")
    expect(reader.page.locator(".wb-asked")).to_have_text([question])
    expect(reader.page.locator(".wb-card").first).to_be_visible()
    expect(reader.page.locator(".wb-starters")).to_be_hidden()


def test_example_questions_come_though_the_server_was_gone_for_a_while(visit: VisitPage) -> None:
    reader = visit()
    refused: list[Route] = []

    def at_last(route: Route) -> None:
        if len(refused) == 2:
            route.continue_()
            return
        refused.append(route)
        route.abort()

    reader.page.route("**/page/examples", at_last)
    reader.page.reload()
    reader.page.locator(".wb-starters .wb-example").first.wait_for(timeout=30_000)
    assert len(refused) == 2


def test_every_suggested_question_has_an_answer(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    offered = reader.page.locator(".wb-suggestions .wb-example")
    offered.first.wait_for()
    questions = offered.all_text_contents()
    assert 1 <= len(questions) <= 3 and INSPECTED not in questions
    for question in questions:
        expect(reader.ask(question)).to_have_class("wb-answer")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_abstention(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    answer = reader.ask(OFF_CORPUS)
    expect(answer).to_have_class("wb-abstained")
    expect(answer).to_contain_text("没有找到")
    panel = reader.page.locator(".wb-sources")
    expect(panel.locator(".wb-nothing")).to_be_visible()
    expect(panel.locator(".wb-nearest h3")).to_contain_text("不是依据")
    assert panel.locator(".wb-nearest li").count() >= 1
    expect(panel.locator(".wb-card, mark")).to_have_count(0)
    nearest = answer.locator(".wb-near-list .wb-link").first
    name = nearest.text_content() or ""
    nearest.click()
    expect(reader_of(reader).locator("h2")).to_have_text(name)
    expect(reader_of(reader).locator("mark.wb-quoted")).to_have_count(0)


def test_readers_do_not_see_each_other(visit: VisitPage) -> None:
    first, second = visit(), visit()
    first.ask(INSPECTED)
    second.ask(PARKS)
    expect(first.page.locator(".wb-asked")).to_have_text([INSPECTED])
    expect(second.page.locator(".wb-asked")).to_have_text([PARKS])
    expect(first.page.locator(".wb-card h3").first).to_contain_text("纪委")
    expect(second.page.locator(".wb-card h3").first).to_contain_text("国家公园")


def test_words_that_come_are_shown_as_unchecked_and_can_be_stopped(visit: VisitPage) -> None:
    reader = visit()
    reader.answer_by_hand()
    pending = reader.begin_asking(INSPECTED)
    reader.tell({"found": 5}, {"delta": "<b>三"}, {"delta": "十</b>六家"})
    expect(pending).to_contain_text("尚未与原文核对")
    expect(pending.locator(".wb-text")).to_have_text("<b>三十</b>六家")
    expect(pending.locator(".wb-stop")).to_be_visible()
    pending.locator(".wb-stop").click()
    expect(reader.page.locator(".wb-failure")).to_contain_text("已停止")


# Low, so that there is more than fits in.
@pytest.mark.parametrize(("width", "height"), [(1280, 560), (390, 560)])
def test_words_that_come_disturb_nobody(visit: VisitPage, width: int, height: int) -> None:
    reader = visit(width=width, height=height)
    page = reader.page
    for question in (INSPECTED, PARKS):
        reader.ask(question)
    reader.answer_by_hand()
    stop = reader.begin_asking(OFF_CORPUS).locator(".wb-stop")
    # As a model writes: a word now and then, for longer than it takes the button to appear.
    word = json.dumps({"delta": "字"})
    page.evaluate("(word) => { window.writing = setInterval(tell, 100, [word]); }", word)
    expect(stop).to_be_visible()
    stop.focus()
    scrolled = "() => document.querySelector('.wb-thread').scrollTop + window.scrollY"
    page.evaluate("() => { document.querySelector('.wb-thread').scrollTop = 0; scrollTo(0, 0); }")
    words = page.locator(".wb-pending .wb-text")
    came = len(words.text_content() or "")
    expect(words).to_have_text(re.compile(f"^字{{{came + 3},}}$"))
    expect(stop).to_be_focused()
    assert page.evaluate(scrolled) == 0
    page.evaluate("clearInterval(window.writing)")
    reader.tell(nothing_found(OFF_CORPUS))
    expect(page.locator(".wb-abstained")).to_have_count(1)
    assert page.evaluate(scrolled) == 0


def test_what_a_model_wrote_is_told_from_what_is_unverified(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page

    def written(route: Route) -> None:
        response = route.fetch()
        *before, last = response.text().strip().split("\n")
        line = json.loads(last)["line"]
        line["claims"] = [
            {"text": "共检查了36家。", "citations": [1], "missing": []},
            {"text": "<b>罚款</b>九万元。", "citations": [], "missing": ["九万"]},
        ]
        line["note"] = "由模型撰写 · Written by a model"
        body = "\n".join([*before, json.dumps({"line": line})])
        route.fulfill(response=response, body=f"{body}\n")

    page.route("**/page/ask", written)
    answer = reader.ask(INSPECTED)
    expect(answer.locator(".wb-unverified")).to_have_text(["<b>罚款</b>九万元。"])
    expect(answer.locator(".wb-unverified-mark")).to_have_text("未证实：所引原文里没有「九万」")
    expect(answer.locator(".wb-note")).to_contain_text("由模型撰写")
    answer.locator(".wb-text a.wb-ref").click()
    assert "36" in marked(reader)


def test_unexpected_answer_is_told_and_the_next_question_answered(visit: VisitPage) -> None:
    reader = visit()
    failures = reader.page.locator(".wb-failure")
    reader.answer_by_hand()
    for what, told in (("<html>", "不是问报的回答"), ("null", "意外的错误")):
        reader.begin_asking(INSPECTED)
        reader.tell(what)
        expect(failures.last).to_contain_text(told)
    reader.begin_asking(PARKS)
    reader.tell(nothing_found(PARKS))
    expect(reader.page.locator(".wb-abstained")).to_be_visible()


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("The newspaper says nothing of 三江源 (Sanjiangyuan).", "en"),
        ("报上没有NBA的消息。", "zh"),
    ],
)
def test_an_answer_is_marked_as_what_it_is_written_in(
    visit: VisitPage, told: str, language: str
) -> None:
    reader = visit()

    def written(route: Route) -> None:
        response = route.fetch()
        *before, last = response.text().strip().split("\n")
        line = {**json.loads(last)["line"], "answer": told}
        route.fulfill(response=response, body="\n".join([*before, json.dumps({"line": line}), ""]))

    reader.page.route("**/page/ask", written)
    for question in (INSPECTED, OFF_CORPUS):
        text = reader.ask(question).locator(".wb-text")
        expect(text).to_have_text(told)
        expect(text).to_have_attribute("lang", language)


def test_server_that_is_gone_is_told(visit: VisitPage) -> None:
    reader = visit()
    reader.page.route("**/page/ask", lambda route: route.abort())
    failure = reader.ask(INSPECTED)
    expect(failure).to_have_class("wb-failure")
    expect(failure).to_contain_text("连不上")
    reader.page.unroute("**/page/ask")
    failure.get_by_role("button").click()
    expect(reader.page.locator(".wb-answer")).to_contain_text("36")
