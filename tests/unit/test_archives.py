"""Files in zip archives: their sources and names, duplicates, encryption."""

import datetime
from pathlib import Path

from embeddings.readers import read_paths
from tests.documents import ARTICLE, docx_of, zip_of

DAY = datetime.date(2022, 7, 18)


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
