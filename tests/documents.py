"""Small documents of each kind, made in the test that reads them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx

ARTICLE = "本报讯（记者 王小明）城东大桥昨日正式通车，全长860米，双向六车道。总投资2.3亿元。"
PARAGRAPHS = (
    "7月17日，历时三年建设的城东大桥正式通车，全长860米，双向六车道。",
    "据了解，大桥总投资2.3亿元，通车后市民从城东到城西的通行时间将缩短20分钟。",
    "市交通局局长表示，下一步将继续推进城市路网建设，方便群众出行。",
)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def docx_of(paragraphs: Sequence[str], replaced: Mapping[str, bytes] | None = None) -> bytes:
    """A document of these paragraphs, with some of its parts replaced or added."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return zip_of(parts | dict(replaced or {}))


def pdf_of(text: str, password: str | None = None, width: int = 20) -> bytes:
    """A page with one narrow column of text."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=password)
    canvas.setFont("STSong-Light", 10)
    for number in range(0, len(text), width):
        canvas.drawString(72, 700 - 15 * (number // width), text[number : number + width])
    canvas.save()
    return out.getvalue()
