"""The fields of an article in front matter, records and tables, in English or Chinese."""

import re
from collections.abc import Mapping

from embeddings.readers.bylines import names
from embeddings.readers.cleaning import clean_headline, clean_text
from embeddings.readers.datelines import dateline
from embeddings.readers.dates import parse_date
from embeddings.readers.draft import Draft, Origin

TEXT = ("text", "content", "body", "article", "正文", "内容", "文本", "文章")
_HEADLINE = ("headline", "title", "标题", "题目")
_KICKER = ("kicker", "引题", "肩题")
_AUTHORS = ("authors", "author", "byline", "作者", "记者")
_DATE = (
    "date",
    "published",
    "publish_date",
    "published_at",
    "pub_date",
    "date_published",
    "日期",
    "发布日期",
    "发布时间",
    "发表日期",
    "出版日期",
    "时间",
)
_SECTION = ("section", "版面", "栏目", "版次", "版名")
_KIND = ("kind", "类型", "体裁")
_ID = ("id", "编号")
HEADLINE, AUTHORS, DATE = "标题 headline", "作者 authors", "日期 date"
IN_TEXT = "正文的电头与署名 dateline and credits in the text"
_PARTICULARS = (
    (HEADLINE, _HEADLINE),
    ("引题 kicker", _KICKER),
    (AUTHORS, _AUTHORS),
    (DATE, _DATE),
    ("版面 section", _SECTION),
    ("编号 id", _ID),
)
"""What is told of where it came from."""
_PARTED = re.compile("[ _-]")
_KNOWN = {
    _PARTED.sub("", name): name
    for field in (TEXT, _HEADLINE, _KICKER, _AUTHORS, _DATE, _SECTION, _KIND, _ID)
    for name in field
}
_PHOTO = {"photo", "图片", "照片", "摄影"}
_HAN = re.compile(r"[\u3400-\u9fff]")


def known_field(name: str) -> str:
    """Return a name as a known field's where it differs in case, spaces and ``_`` or ``-`` only."""
    return _KNOWN.get(_PARTED.sub("", name.strip().lower()), name)


def known_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Return fields by their known names; of several for one, the first that is not empty."""
    known: dict[str, object] = {}
    for name, value in fields.items():
        if not known.get(known_field(name)):
            known[known_field(name)] = value
    return known


def text_of(fields: Mapping[str, object]) -> str:
    """Return the field that holds the article's text, or nothing."""
    return next((text for key in TEXT if isinstance(text := fields.get(key), str) and text), "")


def draft_from_fields(
    fields: Mapping[str, object], text: str, lines: tuple[int, int] | None
) -> Draft:
    """Return the draft for a text with metadata; unknown fields are left alone."""
    cleaned = clean_text(text)
    written = _authors(_first(fields, _AUTHORS))
    authors = written or dateline(cleaned).authors
    dated = next((key for key in _DATE if parse_date(fields.get(key))), None)
    fields = {key: value for key, value in fields.items() if key == dated or key not in _DATE}
    return Draft(
        text=cleaned,
        headline=_headline(_first(fields, _HEADLINE)),
        kicker=_headline(_first(fields, _KICKER)),
        authors=authors,
        date=parse_date(_first(fields, _DATE)),
        section=_headline(_first(fields, _SECTION)),
        kind="photo" if _headline(_first(fields, _KIND)) in _PHOTO else "article",
        given_id=_given_id(_first(fields, _ID)),
        lines=lines,
        origins=_origins(fields, text, bool(written), bool(authors)),
    )


def _origins(
    fields: Mapping[str, object], text: str, written: bool, credited: bool
) -> tuple[Origin, ...]:
    """Return which field gave what; authors may be named in the text instead."""
    found = [
        Origin(what, f"字段 field “{key}”")
        for what, keys in _PARTICULARS
        if (key := next((key for key in keys if fields.get(key)), None)) is not None
        and (keys is not _AUTHORS or written)
    ]
    if credited and not written:
        found.append(Origin(AUTHORS, IN_TEXT))
    key = next((key for key, value in fields.items() if text and value == text), None)
    found.append(Origin("正文 text", f"字段 field “{key}”" if key else "文件正文 the file's body"))
    return tuple(found)


def _first(fields: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((fields[key] for key in keys if fields.get(key)), None)


def _headline(value: object) -> str | None:
    return (clean_headline(str(value)) or None) if isinstance(value, str | int | float) else None


def _authors(value: object) -> tuple[str, ...]:
    """Return the authors of a credit line, of an object with a ``name``, or of a list of them.

    Of lists in lists, a few lines of YAML can make more than any memory holds.
    """
    if isinstance(value, str):
        return names(value)
    entries = value if isinstance(value, list | tuple) else [value]
    credits = (entry.get("name") if isinstance(entry, dict) else entry for entry in entries)
    found = [name for each in credits if isinstance(each, str) for name in _entered(each)]
    return tuple(dict.fromkeys(found))


def _entered(credits: str) -> tuple[str, ...]:
    """Return the names of an entry: 「本报记者 王小明」 has a role, 「Smith, John」 is one name."""
    name = clean_headline(credits)
    return names(credits) if _HAN.search(credits) else (name,) if name else ()


def _given_id(value: object) -> str | None:
    return _headline(value) if isinstance(value, str | int) else None
