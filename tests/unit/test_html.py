"""A web page's headline, date, authors and text, whatever its mark-up and encoding."""

import datetime
import json

import pytest

from embeddings.readers.draft import Draft, Unreadable
from embeddings.readers.html import read_html
from tests.documents import PARAGRAPHS

DAY = datetime.date(2022, 7, 18)
BODY = "".join(f"<p>　　{paragraph}</p>" for paragraph in PARAGRAPHS)


def html(head: str = "", before: str = "", body: str = BODY, after: str = "") -> bytes:
    """A news page: navigation, an article, related news, a footer."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>'
        '<nav><a href="/">首页</a><a href="/a">国内</a><a href="/b">国际</a></nav>'
        f'<div class="main"><h1>城东大桥昨日正式通车</h1>{before}'
        f'<div class="content">{body}</div>{after}</div>'
        '<div class="side"><h3>相关新闻</h3><ul><li><a href="1">市区道路改造工程启动</a></li>'
        '<li><a href="2">公交线路调整公告</a></li></ul></div>'
        "<footer>版权所有 某某网 京ICP备000号</footer></body></html>"
    ).encode()


def only(data: bytes) -> Draft:
    (draft,) = read_html(data, "a.html").drafts
    return draft


LINKED_DATA = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "城东大桥昨日正式通车",
    "datePublished": "2022-07-18T08:30:00+08:00",
    "author": [{"@type": "Person", "name": "王小明"}, {"@type": "Person", "name": "李红"}],
}


@pytest.mark.parametrize(
    ("head", "before"),
    [
        (f'<script type="application/ld+json">{json.dumps(LINKED_DATA)}</script>', ""),
        (
            '<meta property="og:title" content="城东大桥昨日正式通车">'
            '<meta property="article:published_time" content="2022-07-18T08:30:00+08:00">'
            '<meta property="article:author" content="王小明 李红">',
            "",
        ),
        (
            "<title>城东大桥昨日正式通车--要闻--某某网</title>",
            '<p class="info"><time datetime="2022-07-18">7月18日</time> 来源：某某日报</p>'
            "<p>记者 王小明 李红</p>",
        ),
        (
            "<title>城东大桥昨日正式通车_某某网</title>"
            '<meta name="publishdate" content="2022-07-18">'
            '<meta name="author" content="王小明、李红">',
            '<div class="info">2022年07月18日08:30 | 来源：某某日报</div>',
        ),
    ],
    ids=["JSON-LD", "Open Graph", "time", "meta"],
)
def test_html_metadata(head: str, before: str) -> None:
    draft = only(html(head, before))
    assert draft.headline == "城东大桥昨日正式通车"
    assert draft.date == DAY
    assert draft.authors == ("王小明", "李红")
    assert draft.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="王小明">',
        '<meta name="author" content="某某网"><meta name="byline" content="记者 王小明">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": '
        '{"@type": "Person", "name": "王小明"}}</script>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": "王小明"}</script>',
    ],
)
def test_html_with_one_author(head: str) -> None:
    assert only(html(head)).authors == ("王小明",)


def test_html_without_metadata_gives_its_heading_and_byline() -> None:
    body = BODY.replace("7月17日", "本报讯（记者 王小明 通讯员 李红）7月17日", 1)
    draft = only(html(body=body, after="<p>(责编：赵钱、孙李)</p>"))
    assert draft.headline == "城东大桥昨日正式通车"
    assert draft.authors == ("王小明", "李红")
    assert draft.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "<p>2022年07月18日 10:22 来源：新华网</p>",
        "<span>2022年07月18日10:22</span> <span>来源：新华网</span>",
        "<p>来源：新华网 2022-07-18 10:22:33 责任编辑：赵钱</p>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_html_whose_date_stands_below_the_heading_only(line: str, inside: bool) -> None:
    draft = only(html(body=line + BODY) if inside else html(before=line))
    assert draft.date == DAY
    assert draft.text == "\n".join(PARAGRAPHS)


def test_html_without_a_heading_whose_date_stands_above_the_text() -> None:
    page = html(body="<p>来源：新华网 2022-07-18 10:22</p>" + BODY).decode()
    draft = only(page.replace("<h1>城东大桥昨日正式通车</h1>", "").encode())
    assert (draft.date, draft.text) == (DAY, "\n".join(PARAGRAPHS))


@pytest.mark.parametrize(
    "last", ["三局比分25-18、25-20、25-22", "7月18日晚8点首场演出开票", "咨询电话：010-65369999"]
)
def test_html_keeps_a_last_paragraph_with_figures(last: str) -> None:
    assert only(html(body=f"{BODY}<p>{last}</p>")).text.split("\n") == [*PARAGRAPHS, last]


def test_html_keeps_a_first_paragraph_that_begins_as_a_byline() -> None:
    draft = only(html(body=f"<p>文化馆全年免费开放</p>{BODY}"))
    assert draft.text.split("\n") == ["文化馆全年免费开放", *PARAGRAPHS]
    assert draft.authors == ()


@pytest.mark.parametrize(
    ("title", "heading", "headline"),
    [
        ("人民锐评 | 让城市更有温度", "人民锐评 | 让城市更有温度", None),
        ("A股收评|沪指涨1%", "A股收评|沪指涨1%", None),
        ("专访--王小明谈教育--人民网", "专访--王小明谈教育", None),
        ("独家|市长专访_城市新闻网", "独家|市长专访", None),
        ("独家|市长专访_城市新闻网", "", "独家|市长专访"),
        ("人民锐评 | 让城市更有温度", "", "人民锐评 | 让城市更有温度"),
        ("大桥昨日通车--要闻--某某网", "", "大桥昨日通车"),
        ("大桥昨日通车_要闻_某某网", "某某网", "大桥昨日通车"),
    ],
)
def test_html_titles_lose_the_sites_name_only(
    title: str, heading: str, headline: str | None
) -> None:
    page = html(head=f'<meta property="og:title" content="{title}">').decode()
    made = f"<h1>{heading}</h1>" if heading else ""
    draft = only(page.replace("<h1>城东大桥昨日正式通车</h1>", made).encode())
    assert draft.headline == (headline or heading)
    assert draft.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "GB18030", "utf-8"])
def test_html_in_its_declared_encoding(charset: str) -> None:
    page = (
        html().decode().replace('charset="utf-8"', f'charset="{charset}"').replace("860", "镕860")
    )
    encoding = "utf-8" if charset == "utf-8" else "gb18030"
    assert "镕860米" in only(page.encode(encoding)).text


@pytest.mark.parametrize("charset", ["gb2312", "big5", "iso-8859-1"])
def test_html_whose_declared_encoding_is_wrong(charset: str) -> None:
    page = html().decode().replace('charset="utf-8"', f'charset="{charset}"')
    assert only(page.encode()).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("encoding", ["gbk", "big5"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
        "<meta charset='windows-1252'>",
    ],
)
def test_html_in_chinese_that_declares_latin(declaration: str, encoding: str) -> None:
    text = "本港報紙今日報道，立法會昨日通過新條例，全文共三十六條，明年一月一日起施行。"
    page = html(body=f"<p>{text}</p>" * 2).decode().replace('<meta charset="utf-8">', declaration)
    assert text in only(page.encode(encoding, "ignore")).text


def test_html_in_latin() -> None:
    text = "L’été dernier, le maire a inauguré la bibliothèque rénovée, près du château où naquit."
    page = html(body=f"<p>{text}</p>" * 2).decode().replace("utf-8", "iso-8859-1")
    assert text in only(page.encode("cp1252", "ignore")).text


@pytest.mark.parametrize("damage", [b"", b"\xff"])
def test_html_in_big5_of_hong_kong(damage: bytes) -> None:
    text = "香港報紙今日報道，佢哋喺度等咗好耐，終於有結果。"
    page = (
        html(body=f"<p>{text}</p>" * 3).decode("utf-8").replace('charset="utf-8"', 'charset="big5"')
    )
    data = page.encode("big5hkscs", "ignore").replace(b"</body>", damage + b"</body>")
    assert text in only(data).text


def test_html_without_an_article_is_refused() -> None:
    with pytest.raises(Unreadable, match="no article text"):
        read_html(b"<html><body></body></html>", "a.html")
