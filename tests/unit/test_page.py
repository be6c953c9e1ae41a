"""Page reconstruction on the page in ``seeds/``, on the reference page, and on small pages."""

from pathlib import Path

import pytest

from embeddings.readers import read_paths
from embeddings.readers.page.furniture import printed_date
from embeddings.readers.page.lines import PageLine
from embeddings.readers.plain import read_plain
from embeddings.types import Article

PAGE = "zhoukou-shifanqu-page.txt"

EXPECTED = {
    PAGE: [
        (None, "文昌办“数字城管”半年考评居乡办组首位", ("姬慧洋",)),
        (None, "宋力主持党工委（扩大）会议安排重点工作", ("姬慧洋",)),
        (None, "示范区疫情防控推进会要求压实责任", ("姬慧洋",)),
        ("谋划起点高 实施手笔大", "示范区跑出片区综合开发建设加速度", ("姬慧洋",)),
        (
            "张晓带队督导路网和学校建设时强调",
            "示范区学校建设务必如期完工",
            ("姬慧洋", "罗阳阳"),
        ),
        (None, None, ("滕永生",)),
        (None, "示范区纪委督查“白名单”企业防疫", ("姬慧洋", "祝果")),
        (None, "中心城区第一个社区少工委在示范区揭牌", ("杜林波",)),
    ],
    # what the third item of the reference page ends in, and so on: names and figures only
    "reference": [
        (None, "文昌办上半年“数字城管”", ("姬慧洋",)),
        (None, "宋力主持召开示范区党工委", ("姬慧洋",)),
        (None, "示范区召开疫情防控", ("姬慧洋",)),
        ("高起点谋划 大手笔实施", "示范区抓紧抓实抓好", ("姬慧洋",)),
        ("张晓督导路网", "确保如期完成示范区", ("姬慧洋", "罗阳阳")),
        (None, None, ("滕永生",)),
        (None, "抓实落细“白名单”", ("姬慧洋", "祝果")),
        (None, "中心城区首个社区少工委", ("杜林波",)),
    ],
}


@pytest.fixture(scope="module", params=[PAGE, "reference"])
def page(request: pytest.FixtureRequest, seeds: Path) -> tuple[str, list[Article]]:
    if request.param == PAGE:
        path = seeds / PAGE
    else:
        shared: Path = request.getfixturevalue("shared")
        (path,) = (shared / "seeds").glob("*.txt")
    articles, skipped = read_paths([path])
    assert not skipped
    return request.param, articles


def test_eight_items_with_their_headlines_and_authors(page: tuple[str, list[Article]]) -> None:
    name, articles = page
    assert len(articles) == 8
    for article, (kicker, headline, authors) in zip(articles, EXPECTED[name], strict=True):
        for found, expected in ((article.headline, headline), (article.kicker, kicker)):
            begins = name == "reference" and found is not None and expected is not None
            assert (found[: len(expected)] if begins else found) == expected
        assert article.authors == authors


def test_the_caption_is_a_photo(page: tuple[str, list[Article]]) -> None:
    kinds = [article.kind for article in page[1]]
    assert kinds == ["article"] * 5 + ["photo"] + ["article"] * 2


def test_the_section_comes_from_the_masthead(page: tuple[str, list[Article]]) -> None:
    assert {article.section for article in page[1]} == {"城乡一体化示范区新闻"}


def test_text_is_clean_enough_to_quote(page: tuple[str, list[Article]]) -> None:
    for article in page[1]:
        assert "\ufffd" not in article.text
        assert " " not in article.text
        assert "本报讯" not in article.text
        assert article.text.endswith(("。", "”"))
        assert all(paragraph[-1] in "。！？…”" for paragraph in article.text.split("\n"))


def test_no_article_contains_a_sentence_of_another(page: tuple[str, list[Article]]) -> None:
    for article in page[1]:
        sentences = [s for s in article.text.split("。") if len(s) > 12]
        others = [other.text for other in page[1] if other is not article]
        assert not any(sentence in other for sentence in sentences for other in others)


def test_nothing_of_the_page_is_lost(seeds: Path) -> None:
    raw = (seeds / PAGE).read_text(encoding="utf-8")
    articles, _ = read_paths([seeds / PAGE])
    kept = "".join(
        (a.headline or "") + (a.kicker or "") + (a.section or "") + "".join(a.authors) + a.text
        for a in articles
    )
    squash = lambda text: sorted(c for c in text if not c.isspace() and c != "\ufffd")  # noqa: E731
    lost = squash(raw)
    for character in squash(kept):
        if character in lost:
            lost.remove(character)
    # what may go: the formulas of bylines and credits
    assert set(lost) <= set("本报讯（记者通讯员）文/图摄")


def test_sources_name_the_lines(seeds: Path) -> None:
    lines = (seeds / PAGE).read_text(encoding="utf-8").splitlines()
    for article in read_paths([seeds / PAGE])[0]:
        first, last = map(int, article.source.rpartition(":")[2].split("-"))
        squashed = "".join("".join(lines[first - 1 : last]).split()).lstrip("\ufffd")
        credit = "记者滕永生摄" if article.kind == "photo" else ""
        assert squashed.startswith("本报讯（记者" if not credit else article.text[:10])
        assert squashed.endswith(article.text[-10:].replace("\n", "") + credit)


PAGE_TEXT = """\
要闻

全市秋粮收购开秤

本报讯 （记者 王明） 昨日，全市秋粮收购
开秤，首日收购稻谷 1200 吨。

本报讯 （记者 李红） 城东大桥 10 月 8 日
通车，全长 860 米。

城东大桥建成通车

与粮食和桥都无关的一行标题
"""


def test_headlines_go_where_their_words_are_and_strays_are_reported() -> None:
    reading = read_plain(PAGE_TEXT, "page.txt")
    assert [draft.headline for draft in reading.drafts] == ["全市秋粮收购开秤", "城东大桥建成通车"]
    assert [draft.text for draft in reading.drafts] == [
        "昨日，全市秋粮收购开秤，首日收购稻谷1200吨。",
        "城东大桥10月8日通车，全长860米。",
    ]
    (stray,) = reading.skipped
    assert stray.path == "page.txt:13"
    assert "与粮食和桥都无关" in stray.reason


REPORTS = """\
本报讯 （记者 王明） 昨日，全市秋粮收购开秤。

本报讯 （记者 李红） 城东大桥通车，全长860米。
"""


@pytest.mark.parametrize(
    "masthead",
    [
        "2022年7月18日 星期一\n要闻",
        "要闻\n2022年7月18日 星期一",
        "3\n要闻\n2022年7月18日 星期一",
        "北京晚报\n2022年7月18日 星期一\n第3版\n要闻",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_masthead_may_be_set_on_stacked_lines(masthead: str, gap: str) -> None:
    drafts = read_plain(masthead + gap + REPORTS, "page.txt").drafts
    assert [(str(draft.date), draft.section, draft.headline) for draft in drafts] == [
        ("2022-07-18", "要闻", None)
    ] * 2


def test_short_lines_of_running_text_are_no_masthead() -> None:
    drafts = read_plain(f"2022年7月18日，晴。\n\n{REPORTS}", "page.txt").drafts
    assert [draft.text for draft in drafts][:1] == ["2022年7月18日，晴。"]
    assert [(draft.date, draft.section) for draft in drafts] == [(None, None)] * 3


@pytest.mark.parametrize(
    "headline",
    [
        "2022年7月18日北京地铁停运公告",
        "中国航天2022年7月24日发射问天",
        "2022年7月18日停运公告",
        "文化和旅游部发布新规",
        "作者权益保护条例出台",
        "记者节的由来",
    ],
)
def test_a_headline_that_begins_as_a_byline_or_names_a_day_stays(headline: str) -> None:
    (draft,) = read_plain(f"{headline}\n\n大桥全长860米。\n", "a.txt").drafts
    assert (draft.headline, draft.authors, draft.date) == (headline, (), None)


@pytest.mark.parametrize(
    "line", ["记者王小明", "文/王小明", "文/图 王小明", "本报记者 王小明 北京报道", "作者：王小明"]
)
def test_lines_that_name_the_author(line: str) -> None:
    (draft,) = read_plain(f"大桥通车\n{line}\n\n大桥全长860米。\n", "a.txt").drafts
    assert (draft.authors, draft.text) == (("王小明",), "大桥全长860米。")


@pytest.mark.parametrize(
    "line",
    [
        "2022年7月18日",
        "2022-7-18 8:00",
        "2022年7月18日 北京",
        "发布时间：2022-07-18 10:22:33",
        "来源：新华网 2022年07月18日10:22",
        "July 18, 2022",
    ],
)
def test_lines_that_name_the_day(line: str) -> None:
    (draft,) = read_plain(f"大桥通车\n{line}\n\n大桥全长860米。\n", "a.txt").drafts
    assert (str(draft.date), draft.text) == ("2022-07-18", "大桥全长860米。")


LATIN = """\
The city council voted on Monday night to build a new bridge in July
2022, which the World Health Organization (WHO)
praised as the first of its kind. It is to be opened to traffic next year.

Fans went home.

Gold: China

Silver: Japan
"""


def test_hard_wrapped_english_is_joined_and_its_paragraphs_stay() -> None:
    (draft,) = read_plain(f"Council votes\n\n{LATIN}", "a.txt").drafts
    assert draft.text.split("\n") == [
        "The city council voted on Monday night to build a new bridge in July 2022, which the "
        "World Health Organization (WHO) praised as the first of its kind. It is to be opened to "
        "traffic next year.",
        "Fans went home.",
        "Gold: China",
        "Silver: Japan",
    ]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("一、加强领导\n\n二、落实责任", ["一、加强领导", "二、落实责任"]),
        (
            "昨日，全市秋粮收购开秤，首日收\n购稻谷1200吨，比去年同期多两成，\n\n"
            "农民说价格也好。\n　　收购将持续到年底。",
            [
                "昨日，全市秋粮收购开秤，首日收购稻谷1200吨，比去年同期多两成，农民说价格也好。",
                "收购将持续到年底。",
            ],
        ),
    ],
)
def test_a_blank_line_ends_a_paragraph_but_in_a_sentence(body: str, paragraphs: list[str]) -> None:
    (draft,) = read_plain(f"全市秋粮收购开秤了。\n\n{body}\n", "a.txt").drafts
    assert draft.text.split("\n") == ["全市秋粮收购开秤了。", *paragraphs]


def test_a_single_article_keeps_its_headline_byline_and_date() -> None:
    text = "城东大桥建成通车\n记者 李红 王明\n2024年10月8日\n\n大桥全长860米。\n总投资3.2亿元。\n"
    (draft,) = read_plain(text, "a.txt").drafts
    assert draft.headline == "城东大桥建成通车"
    assert draft.authors == ("李红", "王明")
    assert draft.date is not None and draft.date.isoformat() == "2024-10-08"
    assert draft.text == "大桥全长860米。总投资3.2亿元。"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("二○二二年七月十八日", "2022-07-18"),
        ("二〇二二年十二月三十一日", "2022-12-31"),
        ("二〇二二年七月二二日", "2022-07-22"),
        ("二〇二二年十十月三日", "None"),
    ],
)
def test_a_masthead_may_write_its_date_in_chinese(line: str, date: str) -> None:
    assert str(printed_date([PageLine(1, line, True)])) == date
