"""Who took the pictures whose captions stand in a text."""

import re

from embeddings.readers.bylines import names, only_names
from embeddings.readers.listed import run_on_name
from embeddings.readers.names import COMMON_WORD, is_chinese_name, may_be_name
from embeddings.readers.outlets import OUTLETS
from embeddings.tokens import word_frequency

_PHOTO = re.compile(
    r"(?:^|(?<=[。！？”）)（(\s发/／段局端]))(?P<name>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2})\s*[/／]?\s*"
    r"摄(?![影像氏取入制食政]|$)"
    r"|(?:记者|通讯员)\s*(?P<credited>[\u4e00-\u9fff](?:[\s、]?[\u4e00-\u9fff]){1,9}?)"
    r"(?:\s*(?:文\s*并?\s*)?[/／、]?\s*摄(?!影[^报]|像)|\s*供图|\s*(?:文\s*)?[/／、]\s*图(?![片为书])|(?<![试意企力地视插截题制配附])\s*图(?![片为书]))"
    rf"|(?<![\u4e00-\u9fff])(?P<owner>[\u4e00-\u9fff]{{2,3}})\s*[/／]\s*[^\s，。/／：]{{2,12}}(?:\s[A-Z]+)?\s+图"
    r"|发\s*[（(](?P<foreign>[\u4e00-\u9fff·]{2,20})摄[）)]"
    r"|(?:^|(?<=[。！？”）)\s]))(?P<drawn>[\u4e00-\u9fff]{2,3})\s+图(?![片源自解为书表据])(?!\s*据)"
    rf"|(?:拍摄|摄影|摄像|(?<![文/／、])图(?=[/／]))\s*[：:/／|｜丨]\s*(?:{OUTLETS})?(?:记者\s*)?"
    r"(?P<listed>[\u4e00-\u9fff]{2,12})"
)
_NAME_MAX = 4


def photographers(text: str) -> tuple[str, ...]:
    """Return who is named under the pictures, each as often as named."""
    if "摄" not in text and "图" not in text:
        return ()
    found: list[str] = []
    for match in _PHOTO.finditer(text):
        if name := match["name"] or match["owner"]:
            found += [n for n in names(name) if is_chinese_name(n)]
        elif drawn := match["drawn"]:
            if is_chinese_name(drawn) and word_frequency(drawn) < COMMON_WORD:
                found.append(drawn)
        elif credited := match["credited"]:
            several = only_names(credited)
            alone = len(credited) <= _NAME_MAX and match[0].endswith("摄")
            found += several or (_may_be(credited) if alone else ())
        elif foreign := match["foreign"]:
            found += _may_be(foreign)
        else:
            found += _listed(match["listed"], may_run_on=not match[0].startswith("图"))
    return tuple(found)


def _listed(text: str, may_run_on: bool) -> tuple[str, ...]:
    """Return the name after 摄影： or 图/; a text may follow the former without a break."""
    if len(text) <= _NAME_MAX and (found := only_names(text)):
        return found
    name = run_on_name(text) if may_run_on else ""
    return (name,) if name else ()


def _may_be(credits: str) -> tuple[str, ...]:
    return tuple(name for name in names(credits) if may_be_name(name))
