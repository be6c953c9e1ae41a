"""CSV: the names of columns, rows without text, rows that do not fit."""

import datetime

import pytest

from embeddings.readers.draft import Unreadable
from embeddings.readers.tables import read_csv

DAY = datetime.date(2022, 7, 18)


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
