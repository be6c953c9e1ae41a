"""What is fuzzed: every function that sees what people type or send, before and around search.

Each target takes any bytes and must return or refuse; whatever else it raises is a finding, and
so is taking longer than ``SECONDS``.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from embeddings.errors import InputError
from embeddings.readers import archive, decoding
from embeddings.readers.draft import Reading, Unreadable
from embeddings.tokens import query_terms, simplify, simplify_characters
from embeddings.types import Article
from qa.conversation import Conversation
from qa.days import days_meant
from qa.digest import wants_digest
from qa.evidence import exact_answer, kind_of_span, missing_names
from qa.export import to_html, to_markdown
from qa.file_names import fit_name
from qa.follow_up import Topic, follow_up
from qa.question import content_of, coverage, understand
from qa.retrieve import checked
from qa.timeline import wants_timeline
from qa.types import Answer

SECONDS = 2.0
"""What looking at one question, or reading one small file, may take of CPU."""
_TODAY = datetime.date(2022, 7, 20)
_TEXT = "示范区纪委昨日检查了36家企业和商户，发现9个问题。记者姬慧洋7月18日报道。"


@contextmanager
def in_time() -> Iterator[None]:
    """Fail where what is done inside takes too long; CPU time, as the machine may be busy."""
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


def text_of(data: bytes) -> str:
    """Return bytes as text in which anything may stand, halves of surrogate pairs too."""
    return data.decode("utf-8", "surrogateescape")


def question(data: bytes) -> None:
    """A question, asked first and then as a follow-up; the part before a NUL was asked before."""
    before, _, asked = text_of(data).rpartition("\0")
    with in_time():
        try:
            text = checked(asked)
            earlier = checked(before or "甲河大桥有多长？")
        except InputError:
            return
        looked_at(text)
        topic = Topic(earlier, _answer(earlier), _article())
        follows = follow_up(text, topic)
        if follows is not None:
            understand(checked(follows.text), follows.context)


def looked_at(text: str) -> None:
    """Look at a question in all the ways in which answering does."""
    asked = understand(text)
    days_meant(text, _TODAY)
    wants_digest(text)
    wants_timeline(asked)
    content_of(text)
    query_terms(text)
    simplified = simplify(_TEXT)
    assert 0.0 <= coverage(asked, simplified) <= 1.0 + 1e-9
    missing_names(asked, simplified)
    kind_of_span(asked, simplify(text))
    exact = exact_answer(asked, _TEXT)
    assert exact is None or exact in _TEXT
    assert len(simplify_characters(text)) == len(text)


def conversation(data: bytes) -> None:
    """A conversation as a program or a browser sends it, and its exports."""
    with in_time():
        try:
            read = Conversation.from_jsonl(text_of(data))
        except InputError:
            return
        assert read.to_jsonl().encode() is not None
        assert Conversation.from_jsonl(read.to_jsonl()) == read
        for language in ("zh", "en"):
            assert "<script" not in to_html(read, "题", language)
            to_markdown(read, "题", language)


def name(data: bytes) -> None:
    """A file's name as a browser sends it."""
    fit = fit_name(text_of(data))
    assert fit and fit.encode() and not fit.startswith(".")
    assert not set(fit) & set('/\\\0:*?"<>|') and len(fit.encode()) <= 255


def reader(data: bytes) -> None:
    """A file: the first byte says of which kind."""
    kinds = tuple(_READERS)
    if not data:
        return
    kind, content = kinds[data[0] % len(kinds)], data[1:]
    with in_time():
        try:
            reading = _READERS[kind](content)
        except (Unreadable, decoding.Undecodable):
            return
        if reading is not None:
            for draft in reading.drafts:
                assert draft.text and draft.text.encode("utf-8", "surrogatepass")


def _archive(data: bytes) -> None:
    for name_, content in archive.members(data, lambda suffix, size: None):
        assert isinstance(name_, str) and isinstance(content, bytes | Unreadable)


def _plain(data: bytes) -> Reading:
    from embeddings.readers.plain import read_plain

    return read_plain(_lines(data), "a.txt")


def _markdown(data: bytes) -> Reading:
    from embeddings.readers.markdown import read_markdown

    return read_markdown(_lines(data), "a.md")


def _jsonl(data: bytes) -> Reading:
    from embeddings.readers.records import read_jsonl

    return read_jsonl(_lines(data), "a.jsonl")


def _csv(data: bytes) -> Reading:
    from embeddings.readers.tables import read_csv

    return read_csv(_lines(data), "a.csv")


def _html(data: bytes) -> Reading:
    from embeddings.readers.html import read_html

    return read_html(data, "a.html")


def _docx(data: bytes) -> Reading:
    from embeddings.readers.docx import read_docx

    return read_docx(data, "a.docx")


def _pdf(data: bytes) -> Reading:
    from embeddings.readers.pdf import read_pdf

    return read_pdf(data, "a.pdf")


_READERS: dict[str, Callable[[bytes], Reading | None]] = {
    "txt": _plain,
    "md": _markdown,
    "jsonl": _jsonl,
    "csv": _csv,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
    "zip": _archive,
}
KINDS = tuple(_READERS)
TARGETS: dict[str, Callable[[bytes], None]] = {
    "question": question,
    "conversation": conversation,
    "name": name,
    "reader": reader,
}


def _lines(data: bytes) -> str:
    return decoding.decode(data).replace("\r\n", "\n").replace("\r", "\n")


def _article() -> Article:
    return Article("a", "检查企业", None, ("姬慧洋",), _TODAY, "要闻", "a.txt", "article", _TEXT)


def _answer(asked: str) -> Answer:
    return Answer(asked, _TEXT, None, False, 0.9, (), (), 0.0, understood=asked, topic=asked)
