"""Places and bodies named by a common noun and what stands before it: 文昌路|小学, 廊下|镇."""

import re

from embeddings.tokens import word_frequency
from qa.claims.abbreviations import is_short_for
from qa.claims.words import HAN, Word, is_covered, is_han, words_of
from qa.evidence import NAME_TAGS

_HEADS_WORDS = """
小学 中学 大学 学院 学校 医院 社区 小区 村 镇 乡 街道 大道 路 街 桥 山 河 江 湖 港 县 市 省 区 州
公司 集团 办事处 委员会 纪委 党委 监委 局 厅 法院 检察院 馆 寺 宫 窑址 遗址 码头 公园 机场 车站
基金会 广场 产业园 分局 支队 大队 派出所
"""
HEADS = tuple(_HEADS_WORDS.split())
_TOWN = re.compile(rf"(?=(?P<name>[{HAN}]{{2}}(?:镇|乡|村|县|街道)))")
_NO_TOWN = re.compile("[全本该各我此两三老新城小山园社地景校片辖市郊一同农到在的]$")
_COUNTED = re.compile("[一二两三四五六七八九十几多个]")
_COMPANY = re.compile(rf"[{HAN}]{{2,12}}(?=有限(?:责任)?公司|集团)")
_ON_ROAD = re.compile(rf"[{HAN}]{{2}}路(?:小学|中学|学校|社区|办事处|街道)")
_LEVELS = "省市县区镇乡"
_OF_LEVEL = re.compile(rf"[{_LEVELS}](?=([{HAN}]{{4}}))[{HAN}]{{4}}")
_NUMERALS = re.compile("[零〇一二三四五六七八九十百千万]{2,}")


def strange_compound(word: Word, joined: str, covered: set[int]) -> list[str]:
    """Return the name that a common noun makes of the word before it, if it is strange."""
    before, tag = word.before, word.before_tag
    numbered = tag == "m" and _NUMERALS.fullmatch(before)
    known_person = tag.startswith("nr") and before in joined
    level = word.text in _LEVELS and not tag.startswith(NAME_TAGS)  # 已交由|省|医学会
    if (
        not is_han(before)
        or known_person
        or level
        or not (numbered or tag.startswith((*NAME_TAGS, "n", "j", "b")))
    ):
        return []
    name = before + word.text
    known = is_covered(name, word.start - len(before), covered) or is_short_for(name, joined)
    return [] if known else [name]


def strange_towns(simplified: str, joined: str, covered: set[int]) -> list[str]:
    """Return towns and counties that jieba knows not, where the evidence has others: 廊下镇."""
    return [
        m["name"]
        for m in _TOWN.finditer(simplified)
        if not {m.start(), m.start() + 1} & covered
        and not _NO_TOWN.search(m["name"][:2])
        and m["name"][2:] in joined
        and not _COUNTED.search(m["name"])
        and not is_short_for(m["name"], joined)
    ]


def strange_on_roads(simplified: str, joined: str) -> list[str]:
    """Return schools and the like that have the name of a road: 文苑路|中学."""
    names = (m.group() for m in _ON_ROAD.finditer(simplified))
    return [name for name in names if not is_short_for(name, joined)]


def strange_companies(simplified: str, covered: set[int]) -> list[str]:
    """Return names of companies, which no dictionary has: 佳意|顺成工贸有限公司."""
    return [
        word.text
        for m in _COMPANY.finditer(simplified)
        for word in words_of(simplified)
        if m.start() <= word.start < m.end() and word_frequency(word.text) == 0
        if is_han(word.text) and not is_covered(word.text, word.start, covered)
    ]


def bodies_of_other_levels(simplified: str, joined: str) -> list[str]:
    """Return bodies that the evidence has at other levels only: 省指挥部 for 市指挥部."""
    return [
        m.group()
        for m in _OF_LEVEL.finditer(simplified)
        if m.group() not in joined and any(level + m[1] in joined for level in _LEVELS)
    ]
