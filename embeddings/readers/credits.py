"""Who is credited with a report in its opening."""

import re

from embeddings.readers.bylines import ROLE, names, only_names
from embeddings.readers.listed import listed_names
from embeddings.readers.names import COMMON_WORD, may_be_name
from embeddings.readers.outlets import OUTLETS
from embeddings.tokens import word_frequency

BRACKETS = re.compile(r"[（(【](?P<inside>[^（）()【】]{2,80})[）)】]")
_ROLE = re.compile(ROLE)
_WRITTEN = r"(?:(?:图\s*)?文\s*[/／|｜丨︱]|[►▶▸]\s*文\s)"
WRITTEN_INSIDE = re.compile(rf"\s*{_WRITTEN}")
_CREDIT = re.compile(
    rf"(?:(?P<written>{_WRITTEN})(?:\s*{OUTLETS}\s*)?(?:{ROLE})?"
    rf"|(?P<mark>□)|(?<!媒体)(?<!一名)(?<!自由)(?<!位)(?P<role>{ROLE}))"
    rf"(?P<gap>\s*[：:/／|｜丨︱]?\s*)(?:{OUTLETS}\s+)?(?=[\u4e00-\u9fff]{{2}})"
)
PLAIN_ROLES = ("记者", "作者")
"""What may be followed by no name: 「记者高兴地说」."""
# Two-character names are often set with a space inside.
SPACED_NAME = re.compile(r"(?<=[\s：:、])([\u4e00-\u9fff])\s([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_LEADING = re.compile(rf"^\s*{OUTLETS}\s+(?P<name>[\u4e00-\u9fff]{{2,3}})\s+(?=\d|近日|日前)")
"""A medium and its reporter, by their names alone."""
_BEFORE_MEDIUM = re.compile(
    rf"^\s*(?P<names>(?:[\u4e00-\u9fff]{{2,3}}[、\s]+){{1,4}}){OUTLETS}\s*$"
)
"""Who stands before the medium of another: 「陈科 科技日报实习记者 李诏宇」."""


def opening_authors(head: str, at: int) -> tuple[str, ...]:
    """Return who is named in a report's opening; its dateline ends at ``at``, 0 without one."""
    for match in BRACKETS.finditer(head):
        inside = match["inside"]
        after_dateline = 0 < at <= match.start() and not head[at : match.start()].strip()
        if _ROLE.search(inside) or WRITTEN_INSIDE.match(inside) or after_dateline:
            found = tuple(name for name in names(inside) if may_be_name(name))
            if found:
                return found
    if (leading := _LEADING.match(head)) and _is_rare_name(leading["name"]):
        return (leading["name"],)
    credited: tuple[str, ...] = ()
    for match in _CREDIT.finditer(head):
        between = only_names(head[at : match.start()]) if at and not credited else ()
        if before := _BEFORE_MEDIUM.match(head[: match.start()]):
            between = only_names(before["names"])
        credited += between + tuple(listed_names(head, match.end(), _is_parted(match)))
    return credited


def _is_parted(credit: re.Match[str]) -> bool:
    """Tell whether a name must follow: a space or mark does so, or more than the bare role."""
    return bool(
        credit["gap"] or credit["written"] or credit["mark"] or credit["role"] not in PLAIN_ROLES
    )


def _is_rare_name(text: str) -> bool:
    return may_be_name(text) and word_frequency(text) < COMMON_WORD
