"""Who wrote it: bylines at an article's start, credits at its end, photographers."""

import re

from embeddings.readers.names import is_chinese_name, may_be_name, split_run

ROLE = (
    r"(?:(?:本报|本刊|本网|本台|见习|首席|特约|特派|资深|实习|摄影|视频|融媒体?|全媒体|驻[\u4e00-\u9fff]{1,4}|总台|央视)\s*)*"
    r"(?:记\s*者|通\s*讯\s*员|评论员|报道员|特派员|撰稿人?|作\s*者|实习生|见习生|摄影(?!师|家|机|展|团队|作品|协会|爱好|小组|群)|编译|撰文|撰写|采写)"
)
_NAMES = r"[^（）()。，：:]{1,60}?"
_OPENING = re.compile(
    rf"^\s*(?:本\s*报\s*(?:综\s*合\s*)?讯)?\s*[（(]\s*(?P<credits>{ROLE}{_NAMES})\s*[）)]\s*"
)
_PLAIN_OPENING = re.compile(r"^\s*本\s*报\s*(?:综\s*合\s*)?讯\s*")
_PHOTO_CREDIT = re.compile(
    r"(?:^|(?<=[。！？!?…”』」\s（(]))[（(]?\s*(?P<credits>(?:[\u4e00-\u9fff]{2,8}?[社报网台])?\s*"
    rf"(?:{ROLE})?[^（）()。，：:！？“”]{{1,40}}?)\s*(?:(?:文\s*)?[/／]\s*)?(?:摄(?:影报道)?|供图|/图)\s*[）)]?\s*$"
)
_AGENCY_PHOTO = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,8}[社报网])发?\s*[（(](?P<credits>[^（）()]{2,24})摄[）)]\s*$"
)
_BYLINE = re.compile(
    r"^\s*[（(【]?\s*(?:[\u4e00-\u9fff]{2,8}[报社网台闻刊])?\s*"
    rf"{ROLE}\s*[：:/／]?\s*(?P<names>[\u4e00-\u9fff·\s、，/／]{{2,40}}?)\s*[）)】]?\s*$"
)
_HINT = re.compile("[记员作撰]|编译|实习|摄影")
_MARKS = re.compile(r"^[\s□■●◆▲\ufffd]+")
_EDITING = re.compile(
    r"(?:责任|执行|见习)?"
    r"(?:编辑|责编|摘编|整编|校对|审核|监制|主编|统筹|[一二三初终]审|编审)\s*[：:/／ ]?\s*"
    rf"(?:(?!{ROLE})[^\s、，])*(?:[\s、，]+(?!{ROLE})[\u4e00-\u9fff]{{2,3}}(?![\u4e00-\u9fff]))*"
)
_NOT_NAMES = re.compile(
    rf"(?P<before>(?<![\u4e00-\u9fff])(?:(?!{ROLE})[\u4e00-\u9fff·]){{2,14}}?)?{ROLE}(?:是|系)?"
    r"|文\s*[/／、]\s*图|图\s*[/／、]\s*文|文\s*[/／]|图\s*[/／]|摄影报道|供图|文图|图文|整理|报道|综合|视频(?:拍摄|制作|剪辑)?|拍摄|摄像|剪辑|海报|制图|题图"
    r"|供稿|文?并?摄$|译$|发$|[/／]"
)
_ASIDE = re.compile(r"[（(](?:实习|见习|特约|通讯员|文|图|视频|摄)[^（）()]{0,6}[）)]")
"""What a name is followed by: 「（实习）」."""
_LATIN = "A-Za-z\u00c0-\u024f"
_SEPARATORS = re.compile(
    rf"[、，,；;：:|｜丨&]|(?<!\S)(?:and|by)(?!\S)|(?<![{_LATIN}.'’]) | (?![{_LATIN}])",
    re.IGNORECASE,
)
"""Spaces part Chinese names, but not the words of a Latin one."""
# What is left of a line break or a tab whose backslash was lost.
LOST_BREAK = re.compile(
    r"(?<![A-Za-z])[nrt](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[nrt](?![A-Za-z])"
)


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
    found, rest = cut_photo_credit(line)
    return found if found and not rest.strip() else ()


def cut_photo_credit(text: str) -> tuple[tuple[str, ...], str]:
    """Return the photographers that a caption ends with, and the caption without them."""
    tail = text[-60:]
    if not any(word in tail for word in ("摄", "供图", "/图")):
        return (), text
    agency = _AGENCY_PHOTO.search(tail)
    match = agency or _PHOTO_CREDIT.search(tail)
    if match is None:
        return (), text
    found = tuple(name for name in names(match["credits"]) if may_be_name(name))
    return (found, text[: len(text) - len(tail) + match.start()]) if found else ((), text)


def is_byline(line: str) -> bool:
    """Tell whether a line does nothing but name reporters."""
    return bool(byline_names(line))


def byline_names(line: str) -> tuple[str, ...]:
    """Return the reporters of a line that does nothing but name them, or nothing."""
    if len(line) > 60 or not _HINT.search(line):
        return ()
    match = _BYLINE.match(_MARKS.sub("", line))
    if match is None:
        return ()
    found = names(match["names"])
    return found if found and all(map(may_be_name, found)) else ()


def names(credits: str) -> tuple[str, ...]:
    """Return the names in a credit line, roles left out, each once, in order."""
    credits = _ASIDE.sub(" ", LOST_BREAK.sub("", credits))
    spaced = " ".join(_without_roles(credits).split())
    pieces = [piece for part in _SEPARATORS.split(spaced) if (piece := part.strip())]
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
        found.extend(split_run(piece))
    return tuple(dict.fromkeys(found[:-1]))


def _without_roles(credits: str) -> str:
    """Put a mark for each role, and for the medium before it: 「中青网记者」; not for a name."""
    return _NOT_NAMES.sub(
        lambda match: f"、{match['before']}、" if is_chinese_name(match["before"] or "") else "、",
        _EDITING.sub(" ", credits),
    )


def only_names(text: str) -> tuple[str, ...]:
    """Return the names of a text that is nothing but Chinese names, or nothing."""
    found = names(text)
    return found if found and all(map(is_chinese_name, found)) else ()


def _group(loose: str) -> list[str]:
    """Cut a run of lone characters into names: 2 or 3 are one name, 4 are two."""
    if len(loose) <= 3:
        return [loose]
    return [loose[i : i + 2] for i in range(0, len(loose), 2)]
