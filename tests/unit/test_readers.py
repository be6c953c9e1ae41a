import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.errors import InputError
from embeddings.readers import read_paths
from embeddings.readers.markdown import read_markdown
from embeddings.readers.plain import read_plain
from embeddings.readers.records import read_jsonl
from tests.documents import zip_of

ARTICLE = "大桥通车\n\n城东大桥昨日通车，全长860米。"


def test_what_cannot_be_used_is_skipped_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "blank.txt").write_text(" \n\n", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "sheet.xlsx").write_bytes(b"PK")
    (tmp_path / "bad.md").write_text("---\ntitle: [1\n---\n文字", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text(ARTICLE, encoding="utf-8")
    articles, skipped = read_paths([tmp_path])
    assert [Path(article.source).name for article in articles] == ["a.txt:1-3"]
    reasons = {Path(skip.path).name: skip.reason for skip in skipped}
    assert "duplicate of" in reasons["b.txt"]
    assert "empty" in reasons["empty.txt"]
    assert "empty" in reasons["blank.txt"]
    assert "unknown encoding" in reasons["binary.txt"]
    assert "unsupported" in reasons["sheet.xlsx"]
    assert "YAML" in reasons["bad.md"]
    assert len(reasons) == len(skipped) == 6


@pytest.mark.parametrize("between", ["\f", "\n\n"])
def test_several_pages_in_one_text(tmp_path: Path, between: str) -> None:
    """Form feeds part pages; without them, running heads do where a text is long."""
    head = "2022年7月{0}日 星期一 第0{0}版 要闻\n\n"
    news = "本报讯 （记者 王明） 昨日，第{0}号大桥通车，全长{0}60米。\n\n"
    pages = [head.format(n) + news.format(n) * (2 if between == "\f" else 700) for n in (1, 2)]
    (tmp_path / "a.txt").write_text(between.join(pages), encoding="utf-8")
    articles, skipped = read_paths([tmp_path])
    assert skipped == []
    assert len(articles) == sum(page.count("本报讯") for page in pages)
    dates = {article.source.split(":")[1]: str(article.date) for article in articles}
    assert dates["3-3"] == "2022-07-01"
    last = "".join(pages).rstrip().count("\n") + 1 + between.count("\n")
    assert dates[f"{last}-{last}"] == "2022-07-02"


@pytest.mark.parametrize("breaks", ["\u2028", "\u2029", "\x85", "\v"])
def test_only_line_feeds_end_the_lines_that_sources_name(tmp_path: Path, breaks: str) -> None:
    """Word and InDesign leave other breaks inside lines."""
    first = f"本报讯 （记者 王明） 昨日，Visual{breaks}Basic 班开课。"
    second = "本报讯 （记者 李红） 大桥通车。"
    (tmp_path / "page.txt").write_text(f"{first}\n\n{second}", encoding="utf-8")
    (tmp_path / "single.txt").write_text(f"大桥{breaks}通车\n\n全长860米。\n", encoding="utf-8")
    articles, _ = read_paths([tmp_path / "page.txt", tmp_path / "single.txt"])
    assert [article.source.partition(":")[2] for article in articles] == ["1-1", "3-3", "1-3"]
    assert articles[0].text == "昨日，Visual Basic 班开课。"
    assert articles[2].headline == "大桥通车"


def test_an_unreadable_file_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (skip,) = read_paths([tmp_path])[1]
    assert "cannot be read" in skip.reason


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no"):
        read_paths([tmp_path / "nowhere"])


def test_ids_are_stable_unique_and_the_files_own_where_given(tmp_path: Path) -> None:
    record = {"id": "n-1", "text": "第一条新闻。"}
    lines = [record, record, {"text": "第二条新闻。"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    first = [article.id for article in read_paths([tmp_path])[0]]
    (tmp_path / "0.txt").write_text(ARTICLE, encoding="utf-8")
    second = [article.id for article in read_paths([tmp_path])[0]]
    assert first[:2] == ["n-1", "n-1-2"]
    assert second[1:] == first
    assert len(set(second)) == 4


def test_sources_are_named_below_the_given_folder(tmp_path: Path) -> None:
    (tmp_path / "news" / "2024").mkdir(parents=True)
    (tmp_path / "news" / "2024" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (article,) = read_paths([tmp_path / "news"])[0]
    assert article.source == "news/2024/a.txt:1-3"


@pytest.mark.parametrize(
    ("folders", "day"),
    [("2022-07/18", "2022-07-18"), ("2022/07/18", "2022-07-18"), ("20240101/news/18", "None")],
)
@pytest.mark.parametrize("root", [".", "01.txt", "02.zip"])
def test_the_folders_above_what_is_named_give_the_date(
    tmp_path: Path, folders: str, day: str, root: str
) -> None:
    folder = tmp_path / folders
    folder.mkdir(parents=True)
    (folder / "01.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "02.zip").write_bytes(zip_of({"01.txt": ARTICLE.encode()}))
    article = read_paths([folder / root])[0][0]
    assert str(article.date) == day
    assert article.source.startswith("18/01.txt" if root == "." else root)


def test_jsonl_says_which_records_it_could_not_use() -> None:
    lines = [
        '{"text": "好。"}',
        "{broken",
        "[1]",
        '{"title": "无正文"}',
        "",
        '{"content": "也好。"}',
    ]
    reading = read_jsonl("\n".join(lines), "a.jsonl")
    assert [draft.text for draft in reading.drafts] == ["好。", "也好。"]
    assert [skipped.path for skipped in reading.skipped] == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4"]


def test_jsonl_takes_authors_from_the_dateline() -> None:
    record = {
        "text": "人民网柏林7月28日电 （记者刘仲、张慧中）7月27日晚，招待会举行。",
        "date": "2023-07-28",
    }
    (draft,) = read_jsonl(json.dumps(record), "a.jsonl").drafts
    assert draft.authors == ("刘仲", "张慧中")
    assert str(draft.date) == "2023-07-28"


def test_markdown_front_matter_and_body() -> None:
    text = (
        "---\ntitle: 标题\nauthor: 记者 王小明 李红\ndate: 2024-10-08\n---\n"
        "第一段，[链接](https://example.org) 和 **粗体**。\n换行接着写。\n\n"
        "## 小标题\n\n- 一条\n- 两条\n"
    )
    (draft,) = read_markdown(text, "a.md").drafts
    assert draft.headline == "标题"
    assert draft.authors == ("王小明", "李红")
    assert str(draft.date) == "2024-10-08"
    assert draft.text == "第一段，链接和粗体。换行接着写。\n小标题\n一条\n两条"


def test_front_matter_may_be_written_with_capitals() -> None:
    text = "---\nTitle: 大桥通车\ndatePublished: 2022-07-18\n---\n全长860米。\n"
    (draft,) = read_markdown(text, "a.md").drafts
    assert (draft.headline, str(draft.date)) == ("大桥通车", "2022-07-18")


def test_the_first_heading_of_markdown_is_its_headline() -> None:
    (draft,) = read_markdown("# 大桥通车\n\n全长860米。\n", "a.md").drafts
    assert (draft.headline, draft.text) == ("大桥通车", "全长860米。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\n本报讯 第一段。\n---\n第二段。", "本报讯第一段。\n第二段。"),
        ("---\n- 第一条\n- 第二条\n---\n第二段。", "第一条\n第二条\n第二段。"),
        ("<p>第一<b>段</b>。</p><p>第二段。</p>\n\n第三段。", "第一段。\n第二段。\n第三段。"),
        (
            "<!DOCTYPE html>\n\n<div>\n第一段。<br>第二段。\n</div>\n\n<!-- 注 -->\n\n"
            "<script>var a;</script>\n",
            "第一段。\n第二段。",
        ),
    ],
    ids=["rules", "list", "paragraphs", "div"],
)
def test_no_text_of_markdown_is_left_out(text: str, expected: str) -> None:
    (draft,) = read_markdown(text, "a.md").drafts
    assert draft.text == expected


# the first text may have to load dictionaries and the parser of dates
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("本报讯（记者 王）\n\ufffd。，标题摄新华社电A1 \t"), max_size=300
    )
)
def test_plain_text_of_any_shape_is_read(text: str) -> None:
    for draft in read_plain(text, "a.txt").drafts:
        assert draft.text == draft.text.strip()
        assert draft.text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_markdown_and_jsonl_of_any_shape_are_read(text: str) -> None:
    read_markdown(text, "a.md")
    read_jsonl(text, "a.jsonl")
