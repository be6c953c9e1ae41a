"""A web page's headline, and the day that is told directly below it."""

import datetime
import re
from collections.abc import Collection
from itertools import takewhile

from lxml.html import HtmlElement

from embeddings.readers.cleaning import clean_headline
from embeddings.readers.under_headline import day_of

NAMES_OUTLET = re.compile(r"(?:网|报|社|台|频道|新闻|客户端|编辑部|中心|公众号|admin|https?:.*)$")
"""A site, a newspaper, an office: no person, and no part of a headline."""
_SEPARATOR = r"\s*(?:-{2,}|_+|\s[-|–—]+\s|\|)\s*"
_BEHIND_TITLE = re.compile(_SEPARATOR)
_TAIL = re.compile(rf"(?P<separator>{_SEPARATOR})(?P<name>[^-_|–—]{{1,20}})$")
_CHANNEL_MAX = 4
"""Characters of a channel's name between title and site: 「大桥通车--要闻--某某网」."""
_MAX_HEADINGS = 5
_TEXTS_BELOW = "following::text()[normalize-space() and not(parent::script or parent::style)]"
_MAX_BELOW = 12
_PARAGRAPH = 60
"""Pieces of text below a heading that are looked at, up to the first so long: a paragraph."""


def headings_of(tree: HtmlElement) -> dict[str, datetime.date | None]:
    """Return the page's main headings, each with the day that is told directly below it.

    That line is often outside what trafilatura takes for the main text.
    """
    found: dict[str, datetime.date | None] = {}
    for heading in tree.xpath("//h1")[:_MAX_HEADINGS]:
        if cleaned := clean_headline(heading.text_content()):
            found.setdefault(cleaned, _day_below(heading))
    return found


def _day_below(heading: HtmlElement) -> datetime.date | None:
    texts = (text.strip() for text in heading.xpath(_TEXTS_BELOW)[:_MAX_BELOW])
    short = takewhile(lambda text: len(text) < _PARAGRAPH, texts)
    return next((day for text in short if (day := day_of(text)) is not None), None)


def headline_of(title: str | None, headings: Collection[str], site: str | None) -> str | None:
    """Return the title without the site's name that browsers show behind it.

    Bars and dashes are part of many headlines: what is behind them goes where the page's heading
    ends before it, or where it names a site; then a channel before that goes too.
    """
    cleaned = clean_headline(title or "")
    if cleaned in headings:
        return cleaned
    for heading in headings:
        behind = cleaned.removeprefix(heading)
        if behind != cleaned and _BEHIND_TITLE.match(behind) and not NAMES_OUTLET.search(heading):
            return heading
    separator = ""
    while tail := _TAIL.search(cleaned):
        site_named = tail["name"] == site or NAMES_OUTLET.search(tail["name"]) is not None
        channel = tail["separator"] == separator and len(tail["name"]) <= _CHANNEL_MAX
        if not (site_named or channel):
            break
        cleaned, separator = cleaned[: tail.start()], tail["separator"]
    return cleaned or None
