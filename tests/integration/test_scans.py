"""Scans read by OCR, through files: an image, a .tif of two pages, a PDF of an image."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from embeddings.readers import read_paths
from tests.documents import pdf_of
from tests.printed_measures import distance, plain

pytest.importorskip("rapidocr", reason="OCR is an extra: pip install 'wenbao[ocr]'")

FIRST = "本报讯（记者 王小明）城东大桥昨日正式通车，全长860米，双向六车道，总投资2.3亿元。"
SECOND = "本报讯（记者 李红）市民公园将于明日起免费开放，园内新建步道三公里，方便群众休闲健身。"


def image_of(text: str) -> Image.Image:
    """A strip of a page at 200 dpi, turned a little."""
    page = pypdfium2.PdfDocument(pdf_of(text))[0]
    image = page.render(scale=200 / 72, grayscale=True).to_pil()
    strip = image.crop((100, 330, 900, 680))
    return strip.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=255)


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    first, second = image_of(FIRST), image_of(SECOND)
    first.save(folder / "2022-07-18.png")
    second.save(folder / "b.tif", save_all=True, append_images=[first.rotate(180)])
    second.point(lambda level: level // 2 + 127).save(folder / "c.pdf")
    return folder


def test_scans_are_read(scans: Path) -> None:
    stages: set[str] = set()
    articles, skipped = read_paths([scans], lambda stage, done, total: stages.add(stage))
    by_source = {article.source.split("/")[-1]: article for article in articles}
    assert {"2022-07-18.png", "b.tif#page=1", "c.pdf#page=1"} <= set(by_source)
    assert {"read", "ocr", "pages"} <= stages
    for source, text, author in (
        ("2022-07-18.png", FIRST, "王小明"),
        ("b.tif#page=1", SECOND, "李红"),
        ("c.pdf#page=1", SECOND, "李红"),
    ):
        article = by_source[source]
        body = plain(text.split("）", 1)[1])
        assert distance(body, plain(article.text)) <= 0.05 * len(body)
        assert article.authors == (author,)
    assert str(by_source["2022-07-18.png"].date) == "2022-07-18"


def test_an_image_without_text_is_skipped(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("L", (300, 300), 255).save(out, "PNG")
    (tmp_path / "a.png").write_bytes(out.getvalue())
    articles, (skip,) = read_paths([tmp_path])
    assert articles == []
    assert "no text recognized" in skip.reason
