"""Conversations as documents: every answer with its sources, and nothing run."""

import dataclasses
import datetime
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from qa.conversation import Conversation
from qa.export import to_html, to_markdown
from qa.types import Answer, Citation

EVIL = "<script>x</script> <img src=x onerror=x> [x](javascript:x) **b** `c` # d &amp; $e$ ~~f~~"


def said(question: str, quote: str, exact: str | None = None) -> Answer:
    date = datetime.date(2022, 7, 18)
    citation = Citation(1, quote, "a", f"标题{quote}", ("甲",), date, "a.txt:1-2", 0, len(quote))
    return Answer(question, f"{quote}[1]", exact, False, 0.87, (citation,), (), 0.1)


NOTHING = Answer("没有的？", "报纸里没有。", None, True, 0.1, (), (), 0.1)
TALK = (
    Conversation()
    .with_answer(said("一？", "第一句。", "第一"))
    .with_answer(NOTHING)
    .with_answer(said("二？", "第二句。"))
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    return tags


def test_each_answer_has_its_own_sources() -> None:
    for text in (parsed(to_html(TALK, "名")).text, MarkdownIt().render(to_markdown(TALK, "名"))):
        plain = re.sub(r"<[^>]+>", "", text)
        first, second = plain.index("标题第一句。"), plain.index("标题第二句。")
        assert plain.index("一？") < first < plain.index("没有的？") < plain.index("二？") < second
        assert plain.count("2022-07-18") == 2 and plain.count("a.txt:1-2") == 2
        assert "87%" in plain and "没有引用任何原文" in plain


def test_who_wrote_an_answer_is_told_with_it() -> None:
    note = "由 <m> 撰写，*逐句*核对过。 · Written by <m>; every sentence was checked."
    for answer in (said("一？", "第一句。"), NOTHING):
        talk = Conversation().with_answer(dataclasses.replace(answer, note=note))
        html, markdown = to_html(talk, "名"), to_markdown(talk, "名")
        assert parsed(html).text.count(note) == 1
        assert (
            parsed(MarkdownIt("commonmark", {"html": True}).render(markdown)).text.count(note) == 1
        )


def test_references_lead_to_the_sources_of_their_own_answer() -> None:
    page = parsed(to_html(TALK, "名"))
    ids = [value for name, value in page.attributes if name == "id"]
    links = [value for name, value in page.attributes if name == "href"]
    assert len(ids) == len(set(ids)) == 2
    assert links == [f"#{value}" for value in ids]


def test_markup_is_text_in_both() -> None:
    talk = Conversation().with_answer(said(EVIL, EVIL, EVIL))
    page = parsed(to_html(talk, EVIL))
    assert {"script", "img", "b"}.isdisjoint(page.tags) and EVIL in page.text
    assert not any(name.startswith("on") for name, _ in page.attributes)
    shown = parsed(MarkdownIt("commonmark", {"html": True}).render(to_markdown(talk, EVIL)))
    assert {"script", "img", "code"}.isdisjoint(shown.tags)
    assert shown.text.count(EVIL) >= 4
    assert not any("javascript" in (value or "") for _, value in shown.attributes)


def test_both_languages() -> None:
    assert "Sources" in to_html(TALK, "t", "en") and "Sources" in to_markdown(TALK, "t", "en")
    assert 'lang="en"' in to_html(TALK, "t", "en") and 'lang="zh-CN"' in to_html(TALK, "t")
