"""JSON lines: the names of fields, and how dates and authors are written in them."""

import datetime
import json

import pytest

from embeddings.readers.records import read_jsonl

DAY = datetime.date(2022, 7, 18)


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
