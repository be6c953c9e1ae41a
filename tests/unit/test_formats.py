"""Each format with its metadata, and what sources say."""

import datetime
import io
import json
from pathlib import Path

import pytest

from embeddings.readers import image, ocr, read_paths
from embeddings.readers.dates import date_in_path
from embeddings.readers.docx import read_docx
from embeddings.readers.draft import Draft, Unreadable
from embeddings.readers.explain import explain_file
from embeddings.readers.html import read_html
from embeddings.readers.records import read_jsonl
from embeddings.readers.tables import read_csv
from tests.documents import ARTICLE, docx_of, pdf_of, zip_of

DAY = datetime.date(2022, 7, 18)
PARAGRAPHS = (
    "7月17日，历时三年建设的城东大桥正式通车，全长860米，双向六车道。",
    "据了解，大桥总投资2.3亿元，通车后市民从城东到城西的通行时间将缩短20分钟。",
    "市交通局局长表示，下一步将继续推进城市路网建设，方便群众出行。",
)
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


# --- HTML ------------------------------------------------------------------------------------

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


# --- docx ------------------------------------------------------------------------------------


def test_docx_headline_byline_and_table() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("大桥通车", style="Title")
    document.add_paragraph(f"本报讯（记者 王小明）{PARAGRAPHS[0]}")
    document.add_paragraph(PARAGRAPHS[1])
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "桥面宽度约为三十二米。"
    table.cell(0, 1).text = "桥面铺装用沥青三千吨。"
    out = io.BytesIO()
    document.save(out)
    (draft,) = read_docx(out.getvalue(), "a.docx").drafts
    assert draft.headline == "大桥通车"
    assert draft.authors == ("王小明",)
    assert draft.lines is None
    for text in (*PARAGRAPHS[:2], "桥面宽度约为三十二米。", "桥面铺装用沥青三千吨。"):
        assert text in draft.text


def document(*paragraphs: tuple[str, str | None]) -> bytes:
    import docx

    made = docx.Document()
    for text, style in paragraphs:
        made.add_paragraph(text, style=style)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("title", [[], [("城东日报合订本", "Title")]])
def test_docx_with_an_article_under_each_heading(title: list[tuple[str, str]]) -> None:
    data = document(
        *title,
        ("大桥通车啦！", "Heading 1"),
        (PARAGRAPHS[0], None),
        (PARAGRAPHS[1], None),
        ("路网建设提速", "Heading 1"),
        (PARAGRAPHS[2], None),
    )
    drafts = read_docx(data, "a.docx").drafts
    assert [(draft.headline, draft.text) for draft in drafts] == [
        ("大桥通车啦！", "\n".join(PARAGRAPHS[:2])),
        ("路网建设提速", PARAGRAPHS[2]),
    ]


def test_docx_with_headings_inside_its_article() -> None:
    data = document(
        ("大桥通车", "Title"),
        (PARAGRAPHS[0], None),
        ("投资", "Heading 1"),
        (PARAGRAPHS[1], None),
        ("路网", "Heading 1"),
        (PARAGRAPHS[2], None),
    )
    (draft,) = read_docx(data, "a.docx").drafts
    assert draft.headline == "大桥通车"
    assert draft.text.replace("\n", "") == "".join(
        (PARAGRAPHS[0], "投资", PARAGRAPHS[1], "路网", PARAGRAPHS[2])
    )


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(text: str, tag: str = "t") -> str:
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p>{run('罚款为')}<w:ins>{run('五百元')}</w:ins>{run('。')}</w:p>",
        f"<w:p>{run('罚款为')}<w:del>{run('一百元', 'delText')}</w:del>"
        f"<w:moveFrom>{run('一千元')}</w:moveFrom>{run('五百元。')}</w:p>",
        f"<w:sdt><w:sdtContent><w:p>{run('罚款为五百元。')}</w:p></w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        f"</w:sdtPr><w:sdtContent><w:p>{run('一 3')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p>{run('罚款为五百元。')}</w:p>",
        f"<w:p>{run('罚款为')}<w:sdt><w:sdtContent>{run('五百元')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}"
        f"</w:sdtContent></w:sdt>{run('。')}</w:p>",
        f"<w:p><w:smartTag>{run('罚款')}</w:smartTag><w:r><w:ruby><w:rt>{run('wei')}</w:rt>"
        f"<w:rubyBase>{run('为')}</w:rubyBase></w:ruby></w:r>{run('五百元。')}</w:p>",
    ],
    ids=["inserted", "deleted", "control around", "contents", "control within", "tag and ruby"],
)
def test_docx_says_what_word_shows(body: str) -> None:
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    (draft,) = read_docx(docx_of([], {"word/document.xml": xml.encode()}), "a.docx").drafts
    assert draft.text == "罚款为五百元。"


def box(*paragraphs: str) -> str:
    return f"<w:txbxContent>{''.join(f'<w:p>{text}</w:p>' for text in paragraphs)}</w:txbxContent>"


def alternatives(choice: str, fallback: str) -> str:
    """A run with what Word 2010 and older versions are to show."""
    return (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility'
        f'/2006"><mc:Choice Requires="wps"><w:drawing>{choice}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{fallback}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


BOX = box(f"<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>{run('相关链接')}", run(PARAGRAPHS[1]))


@pytest.mark.parametrize(
    "anchored",
    [
        f"<w:r><w:pict>{BOX}</w:pict></w:r>",
        f"<w:r><w:drawing>{BOX}</w:drawing></w:r>",
        alternatives(BOX, BOX),
        alternatives("", BOX),
        f"<w:ins>{alternatives(BOX, BOX)}</w:ins>",
        alternatives(box(run("相关链接"), f"{run(PARAGRAPHS[1])}{alternatives('', '')}"), BOX),
    ],
    ids=["old", "new", "both", "second only", "inserted", "with a drawing within"],
)
def test_docx_has_a_text_box_once_and_after_its_paragraph(anchored: str) -> None:
    body = (
        f"<w:p>{run('大桥通车')}</w:p>"
        f"<w:p>{run(PARAGRAPHS[0][:9])}{anchored}{run(PARAGRAPHS[0][9:])}</w:p>"
        f"<w:p>{run(PARAGRAPHS[2])}</w:p>"
    )
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    (draft,) = read_docx(docx_of([], {"word/document.xml": xml.encode()}), "a.docx").drafts
    assert draft.headline == "大桥通车"
    assert draft.text.split("\n") == [PARAGRAPHS[0], "相关链接", *PARAGRAPHS[1:]]


def test_docx_has_boxes_within_boxes_but_none_deleted() -> None:
    inner = alternatives(box(run(PARAGRAPHS[1])), box(run(PARAGRAPHS[1])))
    outer = box(f"{run(PARAGRAPHS[0])}{inner}")
    gone = f"<w:del>{alternatives(box(run('作废。')), box(run('作废。')))}</w:del>"
    body = f"<w:p>{alternatives(outer, outer)}{gone}</w:p><w:p>{run(PARAGRAPHS[2])}</w:p>"
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    (draft,) = read_docx(docx_of([], {"word/document.xml": xml.encode()}), "a.docx").drafts
    assert draft.text.split("\n") == [*PARAGRAPHS]


def test_an_encrypted_or_old_word_document_is_refused() -> None:
    with pytest.raises(Unreadable, match="without a password"):
        read_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "a.docx")


# --- tables and records ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "headline,text,authors,date,section",
        "Title,Content,Author,Publish Date,Section",
        "标题,正文,作者,日期,版面",
        " 题目 ,内容,记者,发布时间,栏目",
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_columns_in_english_and_chinese(header: str, delimiter: str) -> None:
    row = '大桥通车,"第一段。\n第二段。",王小明 李红,2022-07-18,要闻'
    reading = read_csv(f"{header}\n{row}\n".replace(",", delimiter), "a.csv")
    (draft,) = reading.drafts
    assert draft.headline == "大桥通车"
    assert draft.text == "第一段。\n第二段。"
    assert draft.authors == ("王小明", "李红")
    assert (draft.date, draft.section, draft.lines) == (DAY, "要闻", (2, 3))
    assert reading.skipped == ()


def test_csv_says_which_rows_have_no_text() -> None:
    reading = read_csv("text,title\n好。,甲\n,乙\n也好。\n", "a.csv")
    assert [(draft.headline, draft.text) for draft in reading.drafts] == [
        ("甲", "好。"),
        (None, "也好。"),
    ]
    assert [skipped.path for skipped in reading.skipped] == ["a.csv:3"]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("标题,正文\n题一,市长说, 今天很好, 明天更好。", "市长说, 今天很好, 明天更好。"),
        (
            "text\nThe mayor said, on Monday, that it rains.",
            "The mayor said, on Monday, that it rains.",
        ),
        ("正文,标题\n市长说。,题一,,", "市长说。"),
        ("text\n" + "字" * 200_000, "字" * 200_000),
    ],
    ids=["text last", "one column", "blank cells", "long"],
)
def test_csv_does_not_cut_a_text(table: str, text: str) -> None:
    (draft,) = read_csv(table, "a.csv").drafts
    assert draft.text == text


def test_csv_says_which_rows_do_not_fit() -> None:
    table = '正文,标题\n市长说, 今天很好。,题一\n也好。,题二\n"没有闭合,题三\n也好。,题四\n'
    reading = read_csv(table, "a.csv")
    assert [draft.headline for draft in reading.drafts] == ["题二"]
    assert [skipped.path for skipped in reading.skipped] == ["a.csv:2", "a.csv:4"]
    assert "quote what has" in reading.skipped[0].reason


def test_csv_without_a_text_column_names_the_remedy() -> None:
    with pytest.raises(Unreadable, match="正文"):
        read_csv("a,b\n1,2\n", "a.csv")


@pytest.mark.parametrize(
    "names",
    [
        ("标题", "正文", "作者", "发布日期"),
        ("Headline", "Text", "Author", "datePublished"),
        ("TITLE", "Content", "byline", "Publish Date"),
    ],
)
def test_jsonl_takes_the_same_names(names: tuple[str, ...]) -> None:
    record = dict(zip(names, ("大桥通车", "通车了。", "王小明", "2022-07-18"), strict=True))
    (draft,) = read_jsonl(json.dumps(record, ensure_ascii=False), "a.jsonl").drafts
    assert (draft.headline, draft.authors, draft.date) == ("大桥通车", ("王小明",), DAY)


def test_of_two_names_for_one_field_the_first_that_says_anything_counts() -> None:
    record = {"Title": "", "title": "大桥通车", "text": "通车了。", "TEXT": "没通车。"}
    (draft,) = read_jsonl(json.dumps(record), "a.jsonl").drafts
    assert (draft.headline, draft.text) == ("大桥通车", "通车了。")


@pytest.mark.parametrize(
    "date",
    [
        20220718,
        "20220718083000",
        1658073600,  # midnight in China
        "1658073600.0",
        1658102400000,
        "二〇二二年七月十八日 星期一",
        "民國111年7月18日",
        "中华民国一百一十一年七月十八日",
        "Mon, 18 Jul 2022 08:30:00 GMT",
    ],
)
@pytest.mark.parametrize("name", ["publishedAt", "pubDate", "publish-date", "日期"])
def test_jsonl_dates(name: str, date: object) -> None:
    record = {"text": "通车了。", "date": "未知", name: date}
    (draft,) = read_jsonl(json.dumps(record), "a.jsonl").drafts
    assert draft.date == DAY


@pytest.mark.parametrize("date", [True, 7, 20221318, 10**400, 1e300, "1658", "99999999"])
def test_what_is_no_date(date: object) -> None:
    (draft,) = read_jsonl(json.dumps({"text": "通车了。", "date": date}), "a.jsonl").drafts
    assert draft.date is None


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("John Smith", ("John Smith",)),
        ("By J. Smith and A. Brown", ("J. Smith", "A. Brown")),
        (
            "José Martí, Ana Ruiz; Li Hong & Zoë Kim",
            ("José Martí", "Ana Ruiz", "Li Hong", "Zoë Kim"),
        ),
        ("本报记者 王小明 John Smith", ("王小明", "John Smith")),
        (["本报记者 王小明", "李红 摄", "Smith, John"], ("王小明", "李红", "Smith, John")),
        (
            [{"name": "王小明"}, {"@type": "Person", "name": "John Smith"}, {}],
            ("王小明", "John Smith"),
        ),
        ({"name": "王小明"}, ("王小明",)),
    ],
)
def test_authors_of_a_record(authors: object, expected: tuple[str, ...]) -> None:
    record = {"text": "通车了。", "authors": authors}
    (draft,) = read_jsonl(json.dumps(record), "a.jsonl").drafts
    assert draft.authors == expected


# --- archives, sources and dates -------------------------------------------------------------


def test_files_of_an_archive_say_where_they_are(tmp_path: Path) -> None:
    files = {
        "2022/b.txt": ARTICLE.encode("gb18030"),
        "a.csv": "text\n通车了。\n".encode(),
        "c.docx": docx_of(["大桥已经通车，全长八百多米。"]),
        "__MACOSX/._a.txt": b"x",
        "notes.xlsx": b"x",
    }
    (tmp_path / "2022-07-18.zip").write_bytes(zip_of(files))
    articles, skipped = read_paths([tmp_path / "2022-07-18.zip"])
    assert [article.source for article in articles] == [
        "2022-07-18.zip!/2022/b.txt:1-1",
        "2022-07-18.zip!/a.csv:2-2",
        "2022-07-18.zip!/c.docx",
    ]
    assert all(article.date == DAY for article in articles)
    assert [skip.path for skip in skipped] == ["2022-07-18.zip!/notes.xlsx"]


def test_names_in_gbk(tmp_path: Path) -> None:
    data = zip_of({"????.txt": ARTICLE.encode()}).replace(b"????", "新闻".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(data)
    (article,) = read_paths([tmp_path])[0]
    assert article.source.endswith("a.zip!/新闻.txt:1-1")


def test_an_article_in_two_archives_is_read_once(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(zip_of({"x.txt": ARTICLE.encode()}))
    articles, (skip,) = read_paths([tmp_path])
    assert len(articles) == 1
    assert "duplicate of" in skip.reason and "a.zip!/x.txt" in skip.reason


def test_an_encrypted_archive_is_skipped(tmp_path: Path) -> None:
    data = bytearray(zip_of({"x.txt": ARTICLE.encode()}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(signature) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    (skip,) = read_paths([tmp_path])[1]
    assert "encrypted" in skip.reason


@pytest.mark.parametrize(
    "path",
    [
        "2022-07-18.txt",
        "rb20220718_03.pdf",
        "2022年7月18日.docx",
        "周口日报 2022年07月18日 第3版.pdf",
        "2022-7-18.html",
        "2022.07.18/要闻.txt",
        "日报/2022/07/18/03.pdf",
        "日报/2022-07/18/03.pdf",
        "日报/2021-01-01/2022_07_18.txt",
        "2022-07-18.zip!/a/b.txt",
    ],
)
def test_dates_in_paths(path: str) -> None:
    assert date_in_path(path) == DAY


@pytest.mark.parametrize(
    "path", ["a.txt", "20221318.txt", "2022-02-30.txt", "120220718.txt", "2022.txt", "2022-07.txt"]
)
def test_no_dates_in_paths(path: str) -> None:
    assert date_in_path(path) is None


def test_an_articles_own_date_comes_first(tmp_path: Path) -> None:
    (tmp_path / "2021-01-01.csv").write_text("text,date\n好。,2022-07-18\n", encoding="utf-8")
    (article,) = read_paths([tmp_path])[0]
    assert article.date == DAY


def test_a_pdf_names_the_page(tmp_path: Path) -> None:
    (tmp_path / "2022-07-18.pdf").write_bytes(pdf_of(ARTICLE))
    (article,) = read_paths([tmp_path / "2022-07-18.pdf"])[0]
    assert article.source == "2022-07-18.pdf#page=1"
    assert article.authors == ("王小明",)
    assert article.date == DAY
    assert "全长860米，双向六车道。" in article.text


def test_what_became_of_the_lines_of_a_pdf_is_explained(tmp_path: Path) -> None:
    page = f"2022年7月18日 第03版 要闻\n{ARTICLE}\n\n{ARTICLE.replace('城东', '城西')}"
    (tmp_path / "a.zip").write_bytes(zip_of({"a.pdf": pdf_of(ARTICLE), "b.txt": page.encode()}))
    explanation = explain_file(tmp_path / "a.zip")
    assert [article.source for article in explanation.articles] == [
        "a.zip!/a.pdf#page=1",
        "a.zip!/b.txt:2-2",
        "a.zip!/b.txt:4-4",
    ]
    found = [(line.page, line.line, line.item) for line in explanation.lines]
    assert found[:3] == [(1, 1, 1), (1, 2, 1), (1, 3, 1)]
    assert found[-3:] == [(None, 1, None), (None, 2, 2), (None, 4, 3)]


# --- scans without the extra -----------------------------------------------------------------


def blank_scan(tmp_path: Path, name: str) -> None:
    from PIL import Image

    Image.new("L", (600, 800), 255).save(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.pdf"])
def test_without_the_extra_a_scan_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    blank_scan(tmp_path, name)
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    data = (tmp_path / name).read_bytes()
    if name.endswith(".pdf"):
        from embeddings.readers.pdf import read_pdf

        (skip,) = read_pdf(data, name).skipped
        reason = skip.reason
        assert skip.path == "a.pdf#page=1"
    else:
        with pytest.raises(Unreadable) as refused:
            image.read_image(data, name)
        reason = str(refused.value)
    assert "pip install 'wenbao[ocr]'" in reason


def test_an_image_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blank_scan(tmp_path, "a.png")
    monkeypatch.setattr(image, "_MAX_PIXELS", 1000)
    with pytest.raises(Unreadable, match="too large"):
        image.read_image((tmp_path / "a.png").read_bytes(), "a.png")
