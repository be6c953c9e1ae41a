"""Who wrote it: bylines at an article's start and photographers' credits at its end."""

import re

_ROLE = r"(?:本报|见习|首席|特约|实习|摄影|融媒体|全媒体)*(?:记者|通讯员|摄影|特派员|评论员)"
_NAMES = r"[^（）()。，：:]{1,60}?"
_OPENING = re.compile(
    rf"^\s*(?:本\s*报\s*(?:综\s*合\s*)?讯)?\s*[（(]\s*(?P<credits>{_ROLE}{_NAMES})\s*[）)]\s*"
)
_PLAIN_OPENING = re.compile(r"^\s*本\s*报\s*(?:综\s*合\s*)?讯\s*")
_PHOTO_CREDIT = re.compile(rf"[（(]?\s*(?P<credits>{_ROLE}?{_NAMES})\s*(?:/\s*)?摄\s*[）)]?\s*$")
_INSIDE = re.compile(rf"[（(]\s*(?P<credits>{_ROLE}[^（）()]{{1,60}}?)\s*[）)]")
_NOT_NAMES = re.compile(
    rf"{_ROLE}|文\s*[/／、]\s*图|图\s*[/／、]\s*文|摄影报道|供图|文图|整理|报道|[/／]"
)
_SEPARATORS = re.compile(r"[、，,；;\s]+")
_OPENING_WINDOW = 120
"""Characters at an article's start in which a byline is looked for."""


def split_byline(text: str) -> tuple[tuple[str, ...], str]:
    """Return the authors named in the opening of ``text``, and the text without it.

    Takes text before its stray spaces are removed, since those may part two names.
    """
    match = _OPENING.match(text)
    if match:
        return names(match["credits"]), text[match.end() :]
    plain = _PLAIN_OPENING.match(text)
    return (), text[plain.end() :] if plain else text


def split_photo_credit(line: str) -> tuple[str, ...]:
    """Return the photographers of a line such as 「记者 王小明 摄」, or nothing."""
    match = _PHOTO_CREDIT.fullmatch(line.strip())
    return names(match["credits"]) if match else ()


def authors_in_opening(text: str) -> tuple[str, ...]:
    """Return the authors that a dateline names, as in 「新华社北京7月1日电（记者王小明）」."""
    match = _INSIDE.search(text[:_OPENING_WINDOW])
    return names(match["credits"]) if match else ()


def names(credits: str) -> tuple[str, ...]:
    """Return the names in a credit line, roles left out, each once, in order."""
    pieces = [p for p in _SEPARATORS.split(_NOT_NAMES.sub(" ", credits)) if p]
    found: list[str] = []
    # Two-character names are often set with a space inside, so lone characters go together.
    loose = ""
    for piece in [*pieces, "  "]:
        if len(piece) == 1:
            loose += piece
            continue
        if loose:
            found.extend(_group(loose))
            loose = ""
        found.append(piece)
    return tuple(dict.fromkeys(found[:-1]))


def _group(loose: str) -> list[str]:
    """Cut a run of lone characters into names: 2 or 3 are one name, 4 are two."""
    if len(loose) <= 3:
        return [loose]
    return [loose[i : i + 2] for i in range(0, len(loose), 2)]
