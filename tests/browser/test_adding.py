"""Adding articles in the page, on a server of its own: what it serves changes."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from embeddings import load_index, rebuild
from tests.browser.conftest import served
from tests.browser.visit import Visit, VisitPage

PAGE = """\
城东大桥通车

本报讯（记者 李明）城东大桥7月20日正式通车，全长1260米，总投资3.2亿元。

大桥由市路桥公司承建，历时28个月建成，双向六车道。
"""
ASKED = "城东大桥全长多少米？"


@pytest.fixture(scope="module")
def changing(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server and its index."""
    index = tmp_path_factory.mktemp("changing") / "index"
    rebuild([seeds], index=index)
    with served(index) as url:
        yield url, index


def count_of(reader: Visit) -> str:
    return reader.page.locator(".wb-articles").text_content() or ""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_a_page_goes_in_is_asked_and_comes_out(
    visit: VisitPage, changing: tuple[str, Path], tmp_path: Path, width: int, height: int
) -> None:
    url, index = changing
    name = f"page <img src=x onerror=window.hacked=1> {width}.txt"
    (tmp_path / name).write_text(PAGE, encoding="utf-8")
    (tmp_path / "setup.exe").write_bytes(b"MZ")
    reader = visit(url=url, width=width, height=height)
    page = reader.page
    before = count_of(reader)
    expect(reader.ask(ASKED)).to_have_class("wb-abstained")

    reader.go("add")
    page.locator("#wb-files").set_input_files([tmp_path / name, tmp_path / "setup.exe"])
    preview = page.locator(".wb-preview")
    expect(preview.locator("h2")).to_have_text("认出 1 篇文章", timeout=20_000)
    expect(preview.locator(".wb-found")).to_contain_text("城东大桥通车")
    expect(preview.locator(".wb-found")).to_contain_text("李明")
    expect(preview.locator(".wb-refused li")).to_contain_text(["setup.exe — 不支持的格式"])
    assert load_index(index).manifest.articles == int(before.split()[1])

    preview.locator(".wb-accept").click()
    expect(page.locator(".wb-done")).to_contain_text("已收进索引", timeout=30_000)
    expect(page.locator(".wb-articles")).not_to_have_text(before)
    page.locator(".wb-done").get_by_role("button").click()
    answer = reader.ask(ASKED)
    expect(answer).to_have_class("wb-answer")
    expect(answer).to_contain_text("1260米")
    answer.locator("a.wb-ref").first.click()
    expect(page.locator(".wb-asking .wb-reader h2")).to_have_text("城东大桥通车")
    page.keyboard.press("Escape")

    reader.go("add")
    files = page.locator(".wb-files li")
    expect(files).to_have_count(1)
    expect(files).to_contain_text("page _img src=x onerror=window.hacked=1_")
    page.on("dialog", lambda dialog: dialog.accept())
    files.get_by_role("button").click()
    expect(page.locator(".wb-done")).to_contain_text("已从索引去掉", timeout=30_000)
    expect(page.locator(".wb-articles")).to_have_text(before)
    reader.go("ask")
    expect(reader.ask(ASKED)).to_have_class("wb-abstained")
    assert page.evaluate("window.hacked") is None and reader.complaints == []


def test_pasted_text_is_shown_and_discarded(visit: VisitPage, changing: tuple[str, Path]) -> None:
    reader = visit(url=changing[0])
    page = reader.page
    reader.go("add")
    page.get_by_label("文章或整版的文字").fill(
        "<b>粗</b>标题\n\n<script>window.hacked=1</script>正文。"
    )
    page.get_by_label("日期（可不填）").fill("2022-07-18")
    page.get_by_role("button", name="看看认出了什么").click()
    found = page.locator(".wb-found")
    expect(found).to_contain_text("<b>粗</b>", timeout=20_000)
    expect(found).to_contain_text("<script>window.hacked=1</script>")
    expect(found).to_contain_text("2022-07-18")
    page.locator(".wb-cancel").click()
    expect(found).to_have_count(0)
    expect(page.locator(".wb-files li")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_dropped_files_are_taken(visit: VisitPage, changing: tuple[str, Path]) -> None:
    reader = visit(url=changing[0])
    page = reader.page
    reader.go("add")
    page.evaluate(
        """(text) => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
          const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true });
          document.querySelector(".wb-drop").dispatchEvent(event);
        }""",
        PAGE,
    )
    expect(page.locator(".wb-found")).to_contain_text("城东大桥通车", timeout=20_000)
    page.reload()
    reader.go("add")
    expect(page.locator(".wb-found")).to_contain_text("城东大桥通车")
    page.locator(".wb-cancel").click()
    expect(page.locator("#wb-files")).to_be_focused()
    page.reload()
    reader.go("add")
    expect(page.locator(".wb-yours p")).to_be_visible()
    expect(page.locator(".wb-found")).to_have_count(0)


class Batches:
    """What the page is told of batches, which stand where a test puts them."""

    def __init__(self, page: Page, articles: int = 1) -> None:
        self.articles = articles
        self.states: dict[str, str] = {}
        self.held: list[Route] | None = None
        page.route("**/page/uploads*", self._begin)
        page.route("**/page/uploads/*", self._tell)

    def _begin(self, route: Route) -> None:
        if route.request.method == "GET":
            if self.held is not None:
                return self.held.append(route)
            files = [{"name": "f.txt", "bytes": 10}]
            return route.fulfill(json={"files": files, "limits": {"files": 50, "megabytes": 64}})
        key = f"batch{len(self.states)}"
        self.states[key] = "read" if route.request.method == "POST" else "done"
        route.fulfill(json={"key": key})

    def _tell(self, route: Route) -> None:
        key = urlsplit(route.request.url).path.rpartition("/")[2]
        if route.request.method == "POST":
            self.states[key] = "indexing"
        found = {"id": key, "name": key, "authors": [], "source": key, "kind": "article"}
        told = {
            "state": self.states[key],
            "stage": "write",
            "done": 0,
            "total": 1,
            "seconds_left": None,
            "articles": self.articles,
            "shown": 200,
            "found": [{**found, "opening": key, "characters": 1}][: self.articles],
            "refused": [],
            "rebuilt": {"articles": 7},
            "error": None,
        }
        route.fulfill(json=told)


def pasted(page: Page, text: str) -> Locator:
    """Paste a text, with a date, and let it be looked at; return the field."""
    field = page.get_by_label("文章或整版的文字")
    field.fill(text)
    page.get_by_label("日期（可不填）").fill("2022-07-18")
    page.get_by_role("button", name="看看认出了什么").click()
    return field


def test_a_batch_that_comes_while_another_goes_in_keeps_apart(visit: VisitPage) -> None:
    reader = visit()
    page, batches = reader.page, Batches(reader.page)
    reader.go("add")
    pasted(page, "第一篇。")
    page.locator(".wb-accept").click()
    expect(page.locator(".wb-progress")).to_be_visible()
    pasted(page, "第二篇。")
    expect(page.locator(".wb-found")).to_contain_text("batch1")
    expect(page.locator(".wb-progress")).to_be_visible()
    with page.expect_request("**/page/corpus"):
        batches.states["batch0"] = "done"
    expect(page.locator(".wb-done")).to_contain_text("已收进索引")
    expect(page.locator(".wb-found")).to_contain_text("batch1")


def test_a_batch_that_goes_in_is_followed_when_the_page_is_loaded_anew(visit: VisitPage) -> None:
    reader = visit()
    page, batches = reader.page, Batches(reader.page)
    reader.go("add")
    pasted(page, "第一篇。")
    page.locator(".wb-accept").click()
    expect(page.locator(".wb-progress")).to_be_visible()
    page.reload()
    reader.go("add")
    expect(page.locator(".wb-progress")).to_be_visible()
    batches.states["batch0"] = "done"
    expect(page.locator(".wb-done")).to_contain_text("已收进索引")
    page.reload()
    reader.go("add")
    expect(page.locator(".wb-files li")).to_have_count(1)
    expect(page.locator(".wb-batch")).to_have_count(0)


def test_a_removal_is_told_as_one_from_the_first(visit: VisitPage) -> None:
    reader = visit()
    page, batches = reader.page, Batches(reader.page)
    reader.go("add")
    page.on("dialog", lambda dialog: dialog.accept())
    expect(page.locator(".wb-files li")).to_have_count(1)
    batches.held = []
    page.locator(".wb-files li").get_by_role("button").click()
    expect(page.locator(".wb-done")).to_have_text("已从索引去掉：现有 7 篇文章。")
    batches.held[0].abort()


def test_pasted_text_stays_until_it_is_in_the_index(visit: VisitPage) -> None:
    reader = visit()
    page, batches = reader.page, Batches(reader.page, articles=0)
    reader.go("add")
    field = pasted(page, "一篇。")
    expect(page.locator(".wb-preview h2")).to_have_text("没有认出文章。")
    expect(page.locator(".wb-preview")).to_have_attribute("aria-label", "没有认出文章。")
    expect(field).to_have_value("一篇。")
    batches.articles = 1
    pasted(page, "标题\n\n一篇。")
    page.locator(".wb-accept").click()
    expect(field).to_have_value("标题\n\n一篇。")
    batches.states["batch1"] = "done"
    expect(field).to_have_value("")
    expect(page.get_by_label("日期（可不填）")).to_have_value("")


def test_a_server_that_is_gone_is_told_and_the_preview_stays(visit: VisitPage) -> None:
    reader = visit()
    page = reader.page
    Batches(page)
    reader.go("add")
    pasted(page, "一篇。")
    expect(page.locator(".wb-found")).to_have_count(1)
    page.route("**/page/uploads/*", lambda route: route.abort())
    page.route("**/page/uploads", lambda route: route.abort())
    page.locator(".wb-accept").click()
    expect(page.locator(".wb-batch .wb-failure")).to_contain_text("连不上")
    expect(page.locator(".wb-found")).to_have_count(1)
    pasted(page, "另一篇。")
    expect(page.locator(".wb-found")).to_have_count(0)
    expect(page.locator(".wb-batch .wb-failure")).to_contain_text("连不上")


def test_too_many_files_are_refused_by_name(
    visit: VisitPage, changing: tuple[str, Path], tmp_path: Path
) -> None:
    files = []
    for number in range(52):
        files.append(tmp_path / f"{number:02}.txt")
        files[-1].write_text(f"标题{number}\n\n第{number}篇的正文在这里。", encoding="utf-8")
    reader = visit(url=changing[0])
    reader.go("add")
    reader.page.locator("#wb-files").set_input_files(files)
    expect(reader.page.locator(".wb-preview h2")).to_have_text("认出 50 篇文章", timeout=30_000)
    expect(reader.page.locator(".wb-refused li")).to_contain_text(["50.txt — 一次最多", "51.txt"])
