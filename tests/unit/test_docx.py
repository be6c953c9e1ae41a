"""Word documents: articles under headings, tables, and only what Word shows."""

import io

import pytest

from embeddings.readers.docx import read_docx
from embeddings.readers.draft import Unreadable
from tests.documents import PARAGRAPHS, docx_of


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
