"""The date that a file's name or folder gives, and when it counts."""

import datetime
from pathlib import Path

import pytest

from embeddings.readers import read_paths
from embeddings.readers.dates import date_in_path

DAY = datetime.date(2022, 7, 18)


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
