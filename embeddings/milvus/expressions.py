"""Filters as Milvus' boolean expressions, over fields that are written for them.

Names are matched whole or in part as on this machine, with ``like`` alone: what a pattern could
mistake is put away when fields are written, so that no sign needs escaping in a pattern.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from embeddings.filters import Filters
from embeddings.matching import folded, source_names, split_source
from embeddings.protocol import UNDATED

NOTHING = f"day < {UNDATED}"
"""What no article meets."""

_SIGNS = str.maketrans({"%": "\ue000", "_": "\ue001", "\\": "\ue002"})
_WILD = re.compile(r"[%_\\]")
_NUMBER = re.compile(r"(\d+)")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return a text as a string literal."""
    # Half a character, as a command line may have it, can be in no database.
    known = text.encode("utf-8", "replace").decode()
    return '"' + "".join(_ESCAPES.get(character, character) for character in known) + '"'


def section_field(section: str) -> str:
    """Return a section as it is matched: a number in it stands for itself only."""
    return _NUMBER.sub("\ue010\\1\ue011", folded(section)).translate(_SIGNS)


def path_field(file: str) -> str:
    """Return a file, as sources name it, as it is matched: whole names between slashes."""
    names = "/".join(part for part in file.split("/") if part)
    return f"/{names}/".translate(_SIGNS)


def filter_expression(filters: Filters, roots: Sequence[Path]) -> str:
    """Return the expression of articles, and of their chunks, that meet filters.

    Args:
        filters: Conditions.
        roots: The absolute paths that the index was built from.
    """
    terms: list[str] = []
    if filters.since or filters.until:
        terms.append(f"day > {UNDATED}")
    if filters.since:
        terms.append(f"day >= {filters.since.toordinal()}")
    if filters.until:
        terms.append(f"day <= {filters.until.toordinal()}")
    if filters.kind:
        terms.append(f"kind == {quoted(filters.kind)}")
    if filters.author:
        terms.append(f"array_contains(authors, {quoted(folded(filters.author))})")
    if filters.section:
        terms.append(f"section like {quoted(f'%{section_field(filters.section)}%')}")
    if filters.source:
        terms.append(_source(filters.source, roots))
    if filters.article_id:
        terms.append(f"article_id == {quoted(filters.article_id)}")
    return " and ".join(f"({term})" for term in terms)


def word_expression(field: str, forms: Sequence[str]) -> str:
    """Return the expression of texts that have a word in any of its forms, or seem to.

    A sign that patterns give a meaning stands for any character: look again with ``has_word``.
    """
    cases = dict.fromkeys(
        written for form in forms for written in (form, form.lower(), form.upper(), form.title())
    )
    likes = [f"{field} like {quoted('%' + _WILD.sub('_', written) + '%')}" for written in cases]
    return "(" + " or ".join(likes) + ")"


def is_exact(forms: Sequence[str]) -> bool:
    """Tell whether ``word_expression`` needs no second look."""
    return not any(_WILD.search(form) for form in forms)


def has_word(text: str, forms: Sequence[str]) -> bool:
    """Tell whether a text has a word in any of its forms."""
    lower = text.lower()
    return any(form.lower() in lower for form in forms)


def _source(source: str, roots: Sequence[Path]) -> str:
    file, span = split_source(source)
    names, labels = source_names(file, roots)
    patterns = ["%" + path_field("/".join(names)) + "%"] if names else []
    patterns += [path_field("/".join(label)) + "%" for label in labels]
    if not patterns:
        return NOTHING
    any_of = " or ".join(f"path like {quoted(pattern)}" for pattern in patterns)
    return f"({any_of}) and span == {quoted(span)}" if span else any_of
