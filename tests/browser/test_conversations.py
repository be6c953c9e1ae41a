"""What a browser keeps of conversations, and what readers take away or say of them."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from qa.feedback import feedback_path
from qa.question_set import read_questions
from tests.browser.test_chat import INSPECTED, OFF_CORPUS, PARKS, SIZES, marked
from tests.browser.visit import HOSTILE_WORDS, Visit, VisitPage, nothing_found

BRIDGE = "甲河大桥通车仪式上，桥长多少米？"


def drawer(reader: Visit) -> None:
    """Show the list of conversations where it is folded away."""
    if reader.page.locator(".wb-talks").is_hidden():
        reader.page.locator(".wb-drawer summary").click()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_reload_keeps_the_conversation_and_each_answers_sources(
    visit: VisitPage, width: int, height: int
) -> None:
    reader = visit(width=width, height=height)
    reader.ask(INSPECTED)
    reader.ask(PARKS)
    reader.ask(OFF_CORPUS)
    before = reader.page.locator(".wb-turn .wb-text").all_text_contents()
    reader.page.reload()
    expect(reader.page.locator(".wb-asked")).to_have_text([INSPECTED, PARKS, OFF_CORPUS])
    assert reader.page.locator(".wb-turn .wb-text").all_text_contents() == before
    for at, words in enumerate(("36", "5个")):
        link = reader.page.locator(".wb-answer").nth(at).locator("a.wb-ref").first
        link.click()
        assert words in marked(reader)
        reader.page.locator(".wb-asking .wb-close").click()


def test_sources_outlive_the_index(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(INSPECTED)
    reader.page.route("**/page/article?*", lambda route: route.fulfill(status=404, body="{}"))
    reader.page.locator("a.wb-ref").first.click()
    expect(reader.page.locator(".wb-asking .wb-notice")).to_contain_text("不在索引里")
    assert "36" in marked(reader)


def test_article_that_changed_since_is_not_marked(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask(OFF_CORPUS)

    def changed(route: Route) -> None:
        response = route.fetch()
        article = response.json()
        route.fulfill(response=response, json={**article, "text": f"更正。{article['text']}"})

    reader.page.route("**/page/article?*", changed)
    answer.locator(".wb-near-list .wb-link").first.click()
    expect(reader.page.locator(".wb-asking .wb-notice")).to_contain_text("已改动")
    expect(reader.page.locator(".wb-asking mark.wb-near")).to_have_count(0)


def test_conversations_are_renamed_opened_and_deleted(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    names = page.locator(".wb-talk-name")
    reader.ask(INSPECTED)
    expect(names).to_have_text([INSPECTED])
    page.locator(".wb-begin").click()
    expect(page.locator(".wb-asked")).to_have_count(0)
    expect(page.locator(".wb-empty-title")).to_be_visible()
    reader.ask(PARKS)
    expect(names).to_have_text([PARKS, INSPECTED])

    page.get_by_role("button", name=f"改名: {PARKS}").click()
    page.get_by_role("textbox", name="新的名字").fill("公园")
    page.keyboard.press("Enter")
    expect(names.first).to_have_text("公园")
    expect(names.first).to_be_focused()
    names.nth(1).click()
    expect(page.locator(".wb-asked")).to_have_text([INSPECTED])
    expect(page.locator(".wb-card h3").first).to_contain_text("纪委")
    page.reload()
    expect(page.locator(".wb-asked")).to_have_text([INSPECTED])

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"删除: {INSPECTED}").click()
    expect(names).to_have_text(["公园"])
    expect(page.locator(".wb-asked")).to_have_count(0)
    page.reload()
    expect(names).to_have_text(["公园"])


def test_question_that_waits_is_still_there_when_its_conversation_is_opened_again(
    visit: VisitPage,
) -> None:
    reader = visit()
    asked, names = reader.page.locator(".wb-asked"), reader.page.locator(".wb-talk-name")
    reader.ask(INSPECTED)
    reader.answer_by_hand()
    pending = reader.begin_asking(PARKS)
    names.click()
    expect(asked).to_have_text([INSPECTED, PARKS])
    reader.page.locator(".wb-begin").click()
    expect(asked).to_have_count(0)
    names.click()
    expect(asked).to_have_text([INSPECTED, PARKS])
    expect(pending).to_be_visible()
    reader.tell(nothing_found(PARKS))
    expect(reader.page.locator(".wb-abstained")).to_be_visible()
    reader.begin_asking(OFF_CORPUS)
    reader.tell(nothing_found(OFF_CORPUS))
    expect(pending).to_have_count(0)
    reader.page.reload()
    expect(asked).to_have_text([INSPECTED, PARKS, OFF_CORPUS])


def test_answer_that_comes_late_brings_no_deleted_conversation_back(visit: VisitPage) -> None:
    reader = visit()
    page, names = reader.page, reader.page.locator(".wb-talk-name")
    page.on("dialog", lambda dialog: dialog.accept())
    reader.ask(INSPECTED)
    reader.answer_by_hand()
    reader.begin_asking(PARKS)
    page.get_by_role("button", name=f"删除: {INSPECTED}").click()
    expect(names).to_have_count(0)
    reader.tell(nothing_found(PARKS))
    reader.begin_asking(OFF_CORPUS)
    reader.tell(nothing_found(OFF_CORPUS))
    expect(names).to_have_text([OFF_CORPUS])


def test_two_windows_with_one_conversation_keep_each_others_turns(visit: VisitPage) -> None:
    first = visit()
    first.ask(INSPECTED)
    second = Visit(first.page.context.new_page())
    second.page.goto(first.page.url)
    second.page.locator(".wb-talk-name").click()
    second.ask(PARKS)
    second.page.get_by_role("button", name=f"改名: {INSPECTED}").click()
    second.page.get_by_role("textbox", name="新的名字").fill("两个窗口")
    second.page.keyboard.press("Enter")
    first.ask(OFF_CORPUS)
    first.page.reload()
    expect(first.page.locator(".wb-asked")).to_have_text([INSPECTED, PARKS, OFF_CORPUS])
    expect(first.page.locator(".wb-talk-name")).to_have_text(["两个窗口"])


def test_an_answer_lets_a_name_be_typed_and_deleting_moves_on(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    for question in (INSPECTED, PARKS):
        reader.ask(question)
        page.locator(".wb-begin").click()
    held: list[Route] = []
    page.route("**/page/ask", lambda route: held.append(route))
    reader.question_box().fill(OFF_CORPUS)
    with page.expect_request("**/page/ask"):
        page.keyboard.press("Enter")
    page.get_by_role("button", name=f"改名: {INSPECTED}").press("Enter")
    field = page.get_by_role("textbox", name="新的名字")
    expect(field).to_be_focused()
    field.fill("企业")
    held[0].continue_()
    expect(page.locator(".wb-abstained")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("企业")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-talk-name")).to_have_text(["企业", OFF_CORPUS, PARKS])
    expect(page.locator(".wb-talk-name").first).to_be_focused()

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除: 企业").press("Enter")
    expect(page.locator(".wb-talk-name")).to_have_text([OFF_CORPUS, PARKS])
    expect(page.get_by_role("button", name=f"删除: {OFF_CORPUS}")).to_be_focused()


def test_damaged_storage_is_passed_over(visit: VisitPage) -> None:
    reader = visit()
    reader.page.evaluate(
        """() => {
          localStorage.setItem("wenbao.conversation.x", "{");
          localStorage.setItem("wenbao.conversation.y", '{"turns":[{"question":1}]}');
          sessionStorage.setItem("wenbao.current", "x");
        }"""
    )
    reader.page.reload()
    expect(reader.page.locator(".wb-welcome")).to_be_visible()
    expect(reader.ask(INSPECTED)).to_contain_text("36")
    assert reader.complaints == []


def test_full_storage_lets_the_oldest_conversation_go(visit: VisitPage) -> None:
    reader = visit()
    kept = reader.page.evaluate(
        """async () => {
          const store = await import("/page/web/store.js");
          const made = (id, size, updated) => ({ id, title: id, updated, turns: [
            { question: id, failure: { chinese: "x".repeat(size), english: "" } } ] });
          for (const [id, at] of [["old", 1], ["new", 2]]) {
            localStorage.setItem(`wenbao.conversation.${id}`, JSON.stringify(made(id, 2e6, at)));
          }
          const keep = (conversation) => store.keep(conversation, conversation.turns[0]);
          const outcomes = [keep(made("latest", 2e6, 3)), keep(made("huge", 8e6, 4))];
          return [outcomes, store.all().map((conversation) => conversation.id)];
        }"""
    )
    # What fits nowhere drives nothing out.
    outcomes = [{"isKept": True, "lost": 1}, {"isKept": False, "lost": 0}]
    assert kept == [outcomes, ["latest", "new"]]


def test_conversation_that_finds_no_room_is_told_of(visit: VisitPage) -> None:
    reader = visit()
    names = reader.page.locator(".wb-talk-name")
    reader.ask(INSPECTED)
    # An entry that is no conversation's, so that none can make room.
    reader.page.evaluate(
        """() => {
          for (let size = 2 ** 23; size >= 1; size /= 2) {
            const had = localStorage.getItem("other") ?? "";
            try { localStorage.setItem("other", had + "x".repeat(size)); } catch { continue; }
          }
        }"""
    )
    reader.ask(PARKS)
    expect(reader.page.locator(".wb-history [role=status]")).to_contain_text("没有保存")
    expect(names).to_have_text([INSPECTED])
    reader.page.evaluate("localStorage.removeItem('other')")
    reader.ask(OFF_CORPUS)
    expect(reader.page.locator(".wb-history [role=status]")).to_be_empty()
    reader.page.reload()
    expect(reader.page.locator(".wb-asked")).to_have_text([INSPECTED, PARKS, OFF_CORPUS])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_exports_show_the_sources(
    visit: VisitPage, tmp_path: Path, width: int, height: int
) -> None:
    reader = visit(width=width, height=height)
    page = reader.page
    reader.ask(INSPECTED)
    reader.ask(" ".join(HOSTILE_WORDS))
    reader.ask(PARKS)
    for kind in ("md", "html"):
        with page.expect_download() as started:
            page.locator(f".wb-export-{kind}").click()
        assert started.value.suggested_filename.endswith(f".{kind}")
        started.value.save_as(tmp_path / f"talk.{kind}")
    written = (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert "zhoukou\\-shifanqu\\-page\\.txt" in written and "36家" in written

    page.goto((tmp_path / "talk.html").as_uri())
    expect(page.locator("h2")).to_have_count(3)
    expect(page.locator("section").nth(0).locator("li")).to_contain_text(["36家"])
    expect(page.locator("section").nth(0).locator(".about").last).to_contain_text("shifanqu-page")
    expect(page.locator("section").nth(2).locator("li")).to_contain_text(["国家公园"])
    page.locator("section").nth(2).locator("a").first.click()
    expect(page.locator("section").nth(2).locator("li:target")).to_be_visible()
    for words in HOSTILE_WORDS:
        expect(page.locator("h2").nth(1)).to_contain_text(words)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_opinions_become_a_question_set(
    visit: VisitPage, chat_index: Path, width: int, height: int
) -> None:
    reader = visit(width=width, height=height)
    answer = reader.ask(INSPECTED)
    answer.get_by_role("button", name="答得对").click()
    expect(answer.get_by_role("status")).to_contain_text("已记下")
    wrong = reader.ask(PARKS)
    wrong.get_by_role("button", name="答得不对").click()
    wrong.get_by_label("引文不支持答案").check()
    wrong.get_by_label("正确答案").fill("六个公园")
    wrong.get_by_role("button", name="提交").click()
    expect(wrong.locator(".wb-failure")).to_contain_text("原文里的文字")
    wrong.get_by_label("正确答案").fill("三江源")
    wrong.get_by_role("button", name="提交").click()
    expect(wrong.get_by_role("status")).to_contain_text("已记下")

    path = feedback_path(chat_index)
    _, labelled, _ = read_questions(path)
    golds = {item.question: item.golds for item in labelled}
    assert "36" in golds[INSPECTED][0] and golds[PARKS] == ("三江源",)
    kept = json.loads(path.read_text(encoding="utf-8"))["data"]
    votes = [qa["feedback"] for data in kept for p in data["paragraphs"] for qa in p["qas"]]
    assert {"up", "down"} == {vote["vote"] for vote in votes}
    assert any("引文不支持答案" in vote["reason"] for vote in votes)
    reader.page.reload()
    pressed = reader.page.locator(".wb-judging [aria-pressed=true]")
    expect(pressed).to_have_count(2)


def test_right_answer_goes_with_the_article_that_it_is_from(
    visit: VisitPage, chat_index: Path
) -> None:
    reader = visit()

    def latest(route: Route) -> None:
        response = route.fetch()
        *before, last = response.text().strip().split("\n")
        line = json.loads(last)["line"]
        second = line["citations"][1]
        assert second["article_id"] != line["citations"][0]["article_id"]
        line["exact"] = second["quote"][-7:]
        body = "\n".join([*before, json.dumps({"line": line})])
        route.fulfill(response=response, body=f"{body}\n")

    reader.page.route("**/page/ask", latest)
    answer = reader.ask(BRIDGE)
    quote = reader.page.locator('[data-quote="2"] > mark').text_content() or ""
    answer.get_by_role("button", name="答得对").click()
    expect(answer.get_by_role("status")).to_contain_text("已记下")
    _, labelled, _ = read_questions(feedback_path(chat_index))
    assert [item.golds for item in labelled if item.question == BRIDGE] == [(quote[-7:],)]


def test_answer_whose_article_is_gone_can_be_judged(visit: VisitPage) -> None:
    reader = visit()
    reader.ask(PARKS)
    reader.page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.includes(".conversation."));
          const kept = JSON.parse(localStorage[key]);
          for (const citation of kept.turns[0].line.citations) citation.article_id = "gone";
          localStorage[key] = JSON.stringify(kept);
        }"""
    )
    reader.page.reload()
    good = reader.page.get_by_role("button", name="答得对")
    good.click()
    expect(reader.page.locator(".wb-judging [role=status]")).to_contain_text("已记下")
    expect(good).to_have_attribute("aria-pressed", "true")


def test_vote_counts_once_it_is_recorded(visit: VisitPage) -> None:
    reader = visit()
    answer = reader.ask(INSPECTED)
    good = answer.get_by_role("button", name="答得对")
    bad = answer.get_by_role("button", name="答得不对")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    reader.page.route("**/page/feedback", lambda route: route.abort())
    good.click()
    expect(answer.locator(".wb-failure")).to_contain_text("连不上")
    expect(good).to_have_attribute("aria-pressed", "false")
    reader.page.reload()
    expect(good).to_have_attribute("aria-pressed", "false")
