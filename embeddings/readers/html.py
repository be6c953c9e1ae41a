"""News pages: trafilatura finds the main text and the metadata, we take off the furniture."""

import datetime
import re
from typing import NamedTuple

import lxml.etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from embeddings.readers.bylines import names, split_byline
from embeddings.readers.cleaning import clean_headline, clean_text
from embeddings.readers.datelines import dateline
from embeddings.readers.dates import parse_date
from embeddings.readers.decoding import Undecodable, decode
from embeddings.readers.draft import Draft, Reading, Unreadable
from embeddings.readers.html_headings import NAMES_OUTLET, headings_of, headline_of
from embeddings.readers.under_headline import byline_authors, day_of, is_date_line
from embeddings.types import Progress, no_progress

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,20})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_MAX_TREE = 200_000
"""Most elements of a page; long ones have some thousands."""
_MARKUP = re.compile(rb"<[A-Za-z]")

_FURNITURE = re.compile(
    r"^\s*(?:"
    r"[（(【\[]?\s*(?:责任?编辑?|编辑|校对|审核|监制|来源|稿源|原标题|发布时间)\s*[：:].*"
    r"|(?:Copyright|©|版权所有|返回首页|分享到|打印|关闭窗口|扫一扫|纠错).*"
    r")\s*$",
    re.IGNORECASE,
)
_AUTHOR_PATHS = (
    '//meta[@name="author" or @name="byline"]/@content',
    '//meta[@property="article:author" or @property="og:article:author"]/@content',
)
_AUTHOR_IN_JSON = re.compile(
    r'"author"\s*:\s*\[?\s*(?:\{[^{}]{0,200}?"name"\s*:\s*)?"([^"{}]{1,60})"'
)
_MAX_JSON = 100_000
_DATE_OPTIONS = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}


def read_html(data: bytes, path: str, progress: Progress = no_progress) -> Reading:
    """Return the one article of a web page.

    Raises:
        Unreadable: No main text in it, or it is no page at all.
    """
    if len(_MARKUP.findall(data)) > _MAX_TREE:
        raise Unreadable("网页元素过多", f"more than {_MAX_TREE} elements in the page")
    try:
        tree = load_html(_XML_DECLARATION.sub("", _decode(data)))
        declared = _declared_authors(tree) if tree is not None else ()
        headings = headings_of(tree) if tree is not None else {}
        page = bare_extraction(
            tree,
            include_comments=False,
            with_metadata=True,
            date_extraction_params=_DATE_OPTIONS,
        )
    except (lxml.etree.LxmlError, ValueError, RecursionError, AssertionError) as error:
        raise Unreadable("网页已损坏或嵌套过深", f"damaged or nested too deep: {error}") from error
    if page is None or isinstance(page, dict) or not page.text:
        raise Unreadable("网页中没有正文", "no article text in the page")
    headline = headline_of(page.title, headings, page.sitename)
    found = _strip_furniture(page.text.split("\n"), headline)
    opening_authors, body = split_byline("\n".join(found.lines))
    cleaned = clean_text(body)
    authors = _persons(page.author or "", page.sitename) or declared
    authors = authors or found.authors or opening_authors
    draft = Draft(
        cleaned,
        headline=headline,
        authors=authors or dateline(cleaned).authors,
        date=parse_date(page.date) or headings.get(headline or "") or found.date,
    )
    return Reading((draft,) if cleaned else ())


def _decode(data: bytes) -> str:
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    try:
        return decode(data, declared[1].decode("ascii") if declared else "")
    except Undecodable as error:
        raise Unreadable(
            "编码无法识别，请另存为 UTF-8", "in an unknown encoding; save it as UTF-8"
        ) from error


class _Stripped(NamedTuple):
    """The lines of an article itself, and what those around them said."""

    lines: list[str]
    authors: tuple[str, ...]
    date: datetime.date | None


def _strip_furniture(lines: list[str], headline: str | None) -> _Stripped:
    """Return the article without what stands around it, and who and which day is told there.

    What stands before the headline is navigation; dates, sources and editors stand directly
    below it or at the end.
    """
    at = next((i for i, line in enumerate(lines) if clean_headline(line) == headline), -1)
    kept = [line for line in lines[at + 1 :] if line.strip()]
    dropped: list[str] = []
    authors: tuple[str, ...] = ()
    while len(kept) > 1:
        credited = byline_authors(kept[0])
        if not (credited or _is_furniture(kept[0])):
            break
        authors += credited
        dropped.append(kept.pop(0))
    while len(kept) > 1 and _is_furniture(kept[-1]):
        dropped.append(kept.pop())
    date = next((day for line in dropped if (day := day_of(line)) is not None), None)
    return _Stripped(kept, authors, date)


def _is_furniture(line: str) -> bool:
    return _FURNITURE.match(line) is not None or is_date_line(line)


def _declared_authors(tree: HtmlElement) -> tuple[str, ...]:
    """Return the authors in the page's metadata that trafilatura leaves out.

    It takes a name without a space for none, as most Chinese names are.
    """
    declared = [content for path in _AUTHOR_PATHS for content in tree.xpath(path)]
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        declared += _AUTHOR_IN_JSON.findall(script[:_MAX_JSON])
    return tuple(dict.fromkeys(name for each in declared for name in _persons(each, None)))


def _persons(credits: str, site: str | None) -> tuple[str, ...]:
    """Return the persons among those that are credited; a site or newspaper is no author."""
    found = [name for part in credits.split(";") for name in names(part)]
    kept = (name for name in found if name != site and not NAMES_OUTLET.search(name))
    return tuple(dict.fromkeys(kept))
