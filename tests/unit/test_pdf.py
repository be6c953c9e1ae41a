"""PDF files: the page an article is from, and what became of each line."""

import datetime
from pathlib import Path

from embeddings.readers import read_paths
from embeddings.readers.explain import explain_file
from tests.documents import ARTICLE, pdf_of, zip_of

DAY = datetime.date(2022, 7, 18)


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
