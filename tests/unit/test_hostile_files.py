"""Files made to crash, hang or fill the memory: each is refused in seconds, with a reason."""

import json
import os
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.readers import archive, read_paths, sandbox, sandboxed
from embeddings.readers.archive import members
from embeddings.readers.docx import read_docx
from embeddings.readers.draft import Reading, Unreadable
from embeddings.readers.html import read_html
from embeddings.readers.pdf import read_pdf
from embeddings.readers.sandbox import Sandbox
from embeddings.readers.tables import read_csv
from tests.documents import ARTICLE, docx_of, pdf_of, zip_of

SECONDS = 10.0
"""Of CPU, the sandbox's included: other work on the machine must not fail a test."""
MEGABYTES = (sandboxed.MEMORY >> 20) + 500
"""Of memory; the sandbox's code takes some besides what it may allocate."""


def seconds_used() -> float:
    return sum(os.times()[:4])


def megabytes(process: int | str, field: str) -> int:
    """Return a process's memory, now (VmRSS) or at most (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return (
        int(next(line for line in status.splitlines() if line.startswith(field)).split()[1]) >> 10
    )


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Look at the most memory that this process takes on and that the sandbox has when it ends.

    What the system counts for children includes what the parent had when it started them.
    """
    sandboxes = [0]
    stop = Sandbox._stop

    def noting(self: Sandbox) -> None:
        if self._child is not None and self._child.poll() is None:
            sandboxes.append(megabytes(self._child.pid, "VmHWM"))
        stop(self)

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = megabytes("self", "VmRSS")
    with patch.object(Sandbox, "_stop", noting):
        yield
    assert megabytes("self", "VmHWM") - before < MEGABYTES
    assert max(sandboxes) < MEGABYTES


def refusal(folder: Path) -> str:
    """Read a folder of one file that yields no article; return the one reason."""
    began = seconds_used()
    with bounded_memory():
        articles, skipped = read_paths([folder])
    assert seconds_used() - began < SECONDS
    assert articles == []
    (only,) = skipped
    chinese, english = only.reason.split(" / ", 1)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert english.isascii() or "：" not in english
    return only.reason


def test_a_zip_bomb(tmp_path: Path) -> None:
    """Ten files of 50 MB of zeros each, 500 kB in all."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(10):
            bomb.writestr(f"{number}.txt", bytes(50 << 20))
    assert (tmp_path / "a.zip").stat().st_size < 1 << 20
    assert "zip bomb" in refusal(tmp_path)


def test_a_zip_that_declares_less_than_it_holds(tmp_path: Path) -> None:
    """The entry says 10 bytes; whatever is packed, no more than that is unpacked."""
    data = bytearray(zip_of({"a.txt": bytes(1 << 20)}))
    size = struct.pack("<L", 1 << 20)
    for _ in range(2):
        at = data.find(size)
        data[at : at + 4] = struct.pack("<L", 10)
    (tmp_path / "a.zip").write_bytes(bytes(data))
    assert "damaged" in refusal(tmp_path)


def test_overlapping_members_count_as_often_as_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many entries may point at one packed file; their declared sizes add up."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1 << 20)
    (tmp_path / "a.zip").write_bytes(zip_of({f"{n}.txt": os.urandom(1 << 18) for n in range(5)}))
    assert "unpack to" in refusal(tmp_path)


def test_a_zip_with_a_huge_list_of_members(tmp_path: Path) -> None:
    names = (f"{number:0200d}.txt" for number in range(40_000))
    (tmp_path / "a.zip").write_bytes(zip_of(dict.fromkeys(names, b"")))
    assert "too many files" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["../../etc/x.txt", "/etc/x.txt", "C:\\x.txt", "a/../../x.txt"])
def test_names_that_point_outside_the_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({name: ARTICLE.encode()}))
    assert "outside" in refusal(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip"]


def test_a_member_without_a_name(tmp_path: Path) -> None:
    data = zip_of({"x": ARTICLE.encode()})
    unnamed = data.replace(b"PK\x01\x02", b"\0\0\0\0")  # found by fuzzing
    at = data.index(b"PK\x01\x02")
    entry = bytearray(data[at : at + 46] + data[at + 47 :])
    entry[28:30] = b"\0\0"
    end = entry.index(b"PK\x05\x06")
    entry[end + 12 : end + 16] = struct.pack("<L", end)
    (tmp_path / "a.zip").write_bytes(data[:at] + bytes(entry))
    assert "no files" in refusal(tmp_path)
    (tmp_path / "a.zip").write_bytes(unnamed)
    assert "damaged" in refusal(tmp_path)


def test_a_zip_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({"b.zip": zip_of({"c.txt": b"x"})}))
    assert "archive in an archive" in refusal(tmp_path)


def test_a_link_in_a_zip(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(info, "/etc/passwd")
    assert "a link" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_text_of_200_megabytes(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(200 << 20)
    assert "too large" in refusal(tmp_path)


def test_a_line_of_200_megabytes(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"a" * (200 << 20) + b'"}')
    assert "line of more than" in refusal(tmp_path)


def test_xml_that_expands_in_a_docx(tmp_path: Path) -> None:
    """The billion laughs: ten entities, each ten times the one before."""
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">' for n in range(12)
    )
    document = f"<?xml version='1.0'?><!DOCTYPE d [{entities}]><d>&e11;</d>"
    (tmp_path / "a.docx").write_bytes(docx_of([ARTICLE], {"word/document.xml": document.encode()}))
    assert refusal(tmp_path)


def test_a_docx_that_names_a_file_of_this_machine(tmp_path: Path) -> None:
    """An external entity is not looked up."""
    (tmp_path / "secret").write_text("机密内容在此", encoding="utf-8")
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>甲&x;乙。</w:t></w:r></w:p></w:body></w:document>"
    )
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    data = docx_of([ARTICLE], {"word/document.xml": (entity + body).encode()})
    try:
        reading = read_docx(data, "a.docx")
    except Unreadable:
        return
    assert "机密" not in str(reading)


def test_a_docx_bomb(tmp_path: Path) -> None:
    data = docx_of([ARTICLE], {"word/media/image1.png": bytes(300 << 20)})
    (tmp_path / "a.docx").write_bytes(data)
    assert "zip bomb" in refusal(tmp_path)


def test_html_nested_a_hundred_thousand_deep(tmp_path: Path) -> None:
    deep = "<div>" * 100_000 + "字" + "</div>" * 100_000
    (tmp_path / "a.html").write_text(f"<html><body>{deep}</body></html>", encoding="utf-8")
    assert refusal(tmp_path)


def test_html_of_many_elements(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>字" * 1_000_000, encoding="utf-8")
    assert "elements" in refusal(tmp_path)


def test_a_pdf_with_a_broken_cross_reference(tmp_path: Path) -> None:
    data = pdf_of(ARTICLE)
    at = data.rfind(b"startxref")
    broken = data[:at].replace(b"xref", b"xxxx").replace(b" obj", b" ojb")
    (tmp_path / "a.pdf").write_bytes(broken + b"startxref\n999999999\n%%EOF")
    assert "damaged PDF" in refusal(tmp_path)


def test_a_pdf_whose_cross_reference_can_be_mended(tmp_path: Path) -> None:
    """pdfium looks for the objects itself; what can be read is read."""
    data = pdf_of(ARTICLE)
    at = data.rfind(b"startxref")
    (tmp_path / "a.pdf").write_bytes(data[:at] + b"startxref\n7\n%%EOF")
    articles, skipped = read_paths([tmp_path])
    assert skipped == []
    assert "860米" in "".join(article.text for article in articles)


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of(ARTICLE, password="geheim"))
    assert "remove its password" in refusal(tmp_path)


def test_a_pdf_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    """A page's content is 1 GB of blanks, deflated twice to a few kilobytes."""
    import zlib

    once = zlib.compressobj(1)
    block = b" " * (1 << 20)
    inner = b"".join(once.compress(block) for _ in range(1024)) + once.flush()
    stream = zlib.compress(inner, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream"
        % (len(stream), stream),
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    data = b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF"
    (tmp_path / "a.pdf").write_bytes(data)
    assert refusal(tmp_path)


def test_links_in_circles(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "folder" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    articles, skipped = read_paths([tmp_path])
    assert (len(articles), skipped) == (1, [])


def test_folders_in_folders_a_thousand_deep(tmp_path: Path) -> None:
    here, depth = os.getcwd(), 1200
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        assert len(read_paths([tmp_path])[0]) == 1
    finally:
        # pytest cannot take down folders that are this deep.
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here)


# --- text that takes long, or is odd ---------------------------------------------------------


def test_markdown_that_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets that might begin a link, again and again: every parser tries each of them."""
    monkeypatch.setitem(sandbox.PATIENCE, "markdown", 1.0)
    (tmp_path / "a.md").write_text("![" * 200_000, encoding="utf-8")
    assert "took too long" in refusal(tmp_path)


@pytest.mark.parametrize("text", [" " * 1_500_000, "　" * 1_500_000, " \n" * 30_000])
def test_blanks_without_end(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(f"{text}{ARTICLE}{text}", encoding="utf-8")
    began = seconds_used()
    (article,) = read_paths([tmp_path])[0]
    assert "860米" in article.text
    assert seconds_used() - began < SECONDS


@pytest.mark.parametrize(
    "matter",
    [
        "date: 2022-13-45",
        "1: 2",
        "authors: " + "[" * 5000,
        "a0: &a0 [甲]\n"
        + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 10}]\n" for n in range(1, 9))
        + "kind: *a8\nauthors: *a8\nheadline: *a8",
    ],
    ids=["no such day", "a number as a name", "lists in lists", "a billion laughs"],
)
def test_odd_front_matter_is_read_or_refused(tmp_path: Path, matter: str) -> None:
    (tmp_path / "a.md").write_text(f"---\n{matter}\n---\n{ARTICLE}", encoding="utf-8")
    began = seconds_used()
    articles, skipped = read_paths([tmp_path])
    assert len(articles) + len(skipped) == 1
    assert all("YAML" in skip.reason for skip in skipped)
    assert seconds_used() - began < SECONDS


def test_half_characters_do_not_reach_the_index(tmp_path: Path) -> None:
    """JSON may name halves of surrogate pairs, and file names need not be text."""
    fields = {"id": "\ud800", "title": "\udfff", "author": "\ud800", "section": "\ud800"}
    record = json.dumps({"text": ARTICLE + "\ud83d", "authors": ["\ud800"]} | fields)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.jsonl")).write_text(record)
    (article,) = read_paths([tmp_path])[0]
    for value in (article.id, article.headline, article.section, article.source, article.text):
        assert value is None or value.encode()
    assert all(author.encode() for author in article.authors)


# --- the sandbox itself ----------------------------------------------------------------------


def test_a_reader_that_dies_costs_its_file_only(tmp_path: Path) -> None:
    with Sandbox() as box:
        assert box.read("html", HTML, "a.html").drafts
        assert box._child is not None
        box._child.kill()
        box._child.wait()
        with pytest.raises(Unreadable, match="died.*run wenbao rebuild again"):
            box.read("html", HTML, "b.html")
        assert box.read("html", HTML, "c.html").drafts


def test_a_reader_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox.PATIENCE, "html", 0.0)
    with Sandbox() as box:
        with pytest.raises(Unreadable, match="too long.*run wenbao rebuild again"):
            box.read("html", HTML, "a.html")
        assert box._child is None


HTML = f"<html><body><h1>大桥通车</h1><p>{ARTICLE}</p></body></html>".encode()


# --- random bytes ----------------------------------------------------------------------------


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The data with some bytes changed, cut out or repeated."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(changed))
        change = rng.random()
        if change < 0.6:
            changed[at] = rng.randrange(256)
        elif change < 0.8:
            del changed[at : at + rng.randint(1, 50)]
        else:
            changed[at:at] = changed[at : at + rng.randint(1, 50)] * 2
        changed = changed or bytearray(b"0")
    return bytes(changed)


SAMPLES: dict[str, tuple[Callable[[], bytes], Callable[[bytes, str], Reading]]] = {
    "html": (lambda: HTML, read_html),
    "docx": (lambda: docx_of([ARTICLE] * 3), read_docx),
    "pdf": (lambda: pdf_of(ARTICLE), read_pdf),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_damaged_files_are_read_or_refused(kind: str) -> None:
    """Not through the sandbox, which would hide what a reader lets through."""
    make, read = SAMPLES[kind]
    data = make()
    rng = random.Random(20220718)
    for _ in range(int(os.environ.get("WENBAO_FUZZ", "60"))):
        try:
            reading = read(damaged(data, rng), f"a.{kind}")
        except Unreadable:
            continue
        assert all(draft.text for draft in reading.drafts)


def test_damaged_archives_are_read_or_refused() -> None:
    data = zip_of({"a.txt": ARTICLE.encode() * 20, "b/c.html": HTML})
    rng = random.Random(20220719)
    for _ in range(200):
        for name, content in members(damaged(data, rng), lambda suffix, size: None):
            assert isinstance(name, str)
            assert isinstance(content, bytes | Unreadable)


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300), st.sampled_from(sorted(SAMPLES)))
def test_any_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    try:
        SAMPLES[kind][1](data, "a")
    except Unreadable:
        return


@given(st.text(alphabet='正文,"\n\t; a', max_size=100))
def test_tables_of_any_shape_are_read(text: str) -> None:
    try:
        reading = read_csv("正文,标题\n" + text, "a.csv")
    except Unreadable:
        return
    assert all(draft.text for draft in reading.drafts)


def test_a_megabyte_of_quotes_is_no_table() -> None:
    reading = read_csv("正文\n" + '"' + "a" * (1 << 20), "a.csv")
    assert reading.drafts == ()
    assert "malformed" in reading.skipped[0].reason


def test_an_empty_archive_is_refused_as_a_whole() -> None:
    ((name, refused),) = members(b"", lambda suffix, size: None)
    assert name == "" and isinstance(refused, Unreadable)
