"""Names in a Chinese sentence that its evidence does not have, found without a model.

jieba tags far more words as names than are names. What has the form of one (a surname and a
given name, a county, a quotation) is strange wherever the evidence lacks it. Of any other
word that may be a name, a rival tells: a wrong name displaces another one of the evidence,
which the claim lacks and which stands between the same words or shares characters with it.
"""

import re
from dataclasses import dataclass

from embeddings.tokens import word_frequency
from qa.claims.abbreviations import is_known_latin, is_long_for, is_of_regions, is_short_for
from qa.claims.common_words import COMMON_WORDS
from qa.claims.persons import is_person, misplaced, unknown_in_lists
from qa.evidence import tagged

_HAN = "\u3400-\u9fff"
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_HEADS_WORDS = """
小学 中学 大学 学院 学校 医院 社区 小区 村 镇 乡 街道 大道 路 街 桥 山 河 江 湖 港 县 市 省 区 州
公司 集团 办事处 委员会 纪委 党委 监委 局 厅 法院 检察院 馆 寺 宫 窑址 遗址 码头 公园 机场 车站
基金会 广场 产业园 分局 支队 大队 派出所
"""
_HEADS = tuple(_HEADS_WORDS.split())
_REGION = re.compile(r"(?<!地)(?<!景)(?<!山)(?<!城)(?<!园)(?<!社)(?<!小)[省市县区镇乡村州]$")
_QUOTED = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"")
_LATIN = re.compile(r"[a-z][a-z0-9+.-]*[a-z0-9+]|(?<![a-z0-9])[a-z](?![a-z0-9])")
_PARTICLES = "是才为和在对现曾已将又也就都被由从向与及或有把到等前原后约的"
_ENDS_VERBS = "上下到成入出起过住进回开完着了"
"""Characters that end a verb, not a name: 追上, 驶入."""
_TOWN = re.compile(rf"(?=(?P<name>[{_HAN}]{{2}}(?:镇|乡|村|县|街道)))")
_NO_TOWN = re.compile("[全本该各我此两三老新城小山园社地景校片辖市郊一同农到在的]$")
_COMPANY = re.compile(rf"[{_HAN}]{{2,12}}(?=有限(?:责任)?公司|集团)")
_MARKS = re.compile(r"[\W_]+")
_RARE = 60
"""Occurrences in jieba's corpus of 60 million words below which a noun may well be a name."""
_RARE_CHARACTER = 350
_LEVELS = "省市县区镇乡"
_OF_LEVEL = re.compile(rf"[{_LEVELS}](?=([{_HAN}]{{4}}))[{_HAN}]{{4}}")
_NUMBER = re.compile("[约近超逾]?[零〇一二两三四五六七八九十百千万亿几多余成倍]+")
_NUMERALS = re.compile("[零〇一二三四五六七八九十百千万]{2,}")
_KINDS = {"nr": "person", "ns": "place", "s": "place", "nt": "body", "j": "body", "nz": "thing"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word with those beside it.

    Attributes:
        tag: jieba's part of speech.
        start: Where it begins, in characters.
    """

    text: str
    tag: str
    start: int
    before: str
    before_tag: str
    after: str
    after_tag: str

    @property
    def kind(self) -> str | None:
        """What it may name."""
        return _KINDS.get(self.tag[:2]) or _KINDS.get(self.tag[:1])


def strange_names(simplified: str, evidence: str) -> list[str]:
    """Return what a Chinese sentence names and its evidence does not.

    Args:
        simplified: The sentence, in NFKC, lower case and Simplified characters.
        evidence: All that it may name, in the same form.
    """
    joined = _MARKS.sub("", evidence)
    quoted = [next(filter(None, m.groups())) for m in _QUOTED.finditer(simplified)]
    strange = [q for q in quoted if _MARKS.sub("", q) not in joined]
    strange += [
        word
        for word in _LATIN.findall(simplified)
        if word not in evidence and not is_known_latin(word, joined)
    ]
    covered = _covered(simplified, joined)
    displaced = [
        word
        for word in _words(evidence)
        if word.tag.startswith((*_NAME_TAGS, "j")) and len(word.text) > 1
        if word.text not in COMMON_WORDS and word.text not in simplified
    ]
    for word in _words(simplified):
        if _is_strange(word, joined, evidence, covered, displaced):
            strange.append(word.text)
        elif word.text in _HEADS or (len(word.text) > 2 and word.text.endswith(_HEADS)):
            strange += [] if _is_covered(word.before + word.text, word.start - len(word.before), covered) else _strange_compound(word, joined)
    strange += _of_towns(simplified, joined, covered) + _of_companies(simplified, covered)
    strange += _of_other_levels(simplified, joined) + _rare_characters(simplified, joined)
    return strange + unknown_in_lists(simplified, joined) + misplaced(simplified, evidence)


def _words(text: str) -> list[Word]:
    found, at = [], 0
    for word, tag in tagged(text):
        if word.strip():
            found.append((word, tag, at))
        at += len(word)
    ends = [("", "", 0), *found, ("", "", 0)]
    return [
        Word(*ends[i], *ends[i - 1][:2], *ends[i + 1][:2]) for i in range(1, len(ends) - 1)
    ]


def _covered(simplified: str, joined: str) -> set[int]:
    """Return the places of a sentence whose characters the evidence has beside the same others."""
    covered = set[int]()
    for at, pair in enumerate(zip(simplified, simplified[1:], strict=False)):
        if _is_han("".join(pair)) and "".join(pair) in joined:
            covered |= {at, at + 1}
    return covered


def _is_strange(
    word: Word, joined: str, evidence: str, covered: set[int], displaced: list[Word]
) -> bool:
    text = word.text
    if len(text) < 2 or not _is_han(text) or text in joined or text in COMMON_WORDS:
        return False
    if _NUMBER.fullmatch(text) or _is_covered(text, word.start, covered) or is_of_regions(text, joined):
        return False
    is_name = word.tag.startswith("nr") and is_person(text)
    # A person's short form is that of one word: 董秘 of 董事会秘书, not of two persons.
    if is_short_for(text, evidence if is_name else joined) or is_long_for(text, evidence):
        return False
    if _has_form_of_name(word, joined):
        return True
    return any(_is_rival(word, other) for other in displaced)


def _is_covered(text: str, start: int, covered: set[int]) -> bool:
    """Tell whether a word was cut wrongly from others of the evidence: 主席奥斯|本, 和共祥路."""
    return all(at in covered or c in _PARTICLES for at, c in enumerate(text, start))


def _has_form_of_name(word: Word, joined: str) -> bool:
    frequency = word_frequency(word.text)
    if word.tag.startswith("nr") and is_person(word.text):
        return not _goes_on(word.text, word.after, joined)
    if word.tag.startswith("ns"):
        stem = _REGION.sub("", word.text)
        return 1 < len(stem) < len(word.text) and stem not in joined
    if word.tag.startswith("nt"):
        return True
    if word.before == "据" and word.tag == "n" and frequency < _RARE:
        return True  # 据携程统计
    # A rare word that makes a name of a noun which the evidence has: 巡天|实验舱.
    names_it = len(word.after) > 1 and word.after_tag == "n" and word.after in joined
    if word.tag.startswith(("nr", "v")):
        return names_it and frequency == 0 and word.text[-1] not in _ENDS_VERBS
    return names_it and word.tag[:1] in "nxb" and frequency < _RARE


def _is_rival(word: Word, other: Word) -> bool:
    """Tell whether a word stands for a name of the evidence that the claim lacks."""
    beside = _likeness(word.before, other.before) + _likeness(word.after, other.after)
    alike = bool(set(word.text) & set(other.text))
    if word.tag.startswith(_NAME_TAGS):
        return beside >= 1 or (alike and word.kind == other.kind)
    return word.tag[:1] in "jsn" and (beside > 1 or (beside == 1 and alike and word.tag == "j"))


def _likeness(one: str, other: str) -> float:
    """Return 1 if two words beside a name may be the same: 飞往, 飞; less if they mean little."""
    same = one[:1] == other[:1] != "" if _is_han(one) else one == other
    if not same or not one:
        return 0
    return 1 if _is_han(one) and one != "的" else 0.5


def _is_han(text: str) -> bool:
    return re.fullmatch(f"[{_HAN}·]+", text) is not None


def _goes_on(word: str, after: str, joined: str) -> bool:
    """Tell whether a person's name was cut too late: 宋力强|调."""
    return any(
        word[:cut] in joined and word_frequency(word[cut:] + after[:1]) > 0
        for cut in range(2, len(word))
    )


def _strange_compound(word: Word, joined: str) -> list[str]:
    """Return the name that a common noun makes of the word before it, if it is strange."""
    before, tag = word.before, word.before_tag
    numbered = tag == "m" and _NUMERALS.fullmatch(before)
    known_person = tag.startswith("nr") and before in joined
    if (
        not _is_han(before)
        or known_person
        or not (numbered or tag.startswith((*_NAME_TAGS, "n", "j", "b")))
    ):
        return []
    name = before + word.text
    return [] if name in joined or is_short_for(name, joined) else [name]


def _of_towns(simplified: str, joined: str, covered: set[int]) -> list[str]:
    """Return towns and counties that jieba knows not, where the evidence has others: 廊下镇."""
    return [
        m["name"]
        for m in _TOWN.finditer(simplified)
        if not {m.start(), m.start() + 1} & covered
        and not _NO_TOWN.search(m["name"][:2])
        and m["name"][2:] in joined
        and not is_short_for(m["name"], joined)
    ]


def _of_companies(simplified: str, covered: set[int]) -> list[str]:
    """Return names of companies, which no dictionary has: 佳意|顺成工贸有限公司."""
    return [
        word.text
        for m in _COMPANY.finditer(simplified)
        for word in _words(simplified)
        if m.start() <= word.start < m.end() and word_frequency(word.text) == 0
        if _is_han(word.text) and not _is_covered(word.text, word.start, covered)
    ]


def _of_other_levels(simplified: str, joined: str) -> list[str]:
    """Return bodies that the evidence has at other levels only: 省指挥部 for 市指挥部."""
    return [
        m.group()
        for m in _OF_LEVEL.finditer(simplified)
        if m.group() not in joined and any(level + m[1] in joined for level in _LEVELS)
    ]


def _rare_characters(simplified: str, joined: str) -> list[str]:
    """Return characters that hardly anything but names has, and that the evidence has not."""
    return [
        character
        for word, tag in tagged(simplified)
        if len(word) == 1 or word_frequency(word) < (_RARE if tag[:2] in _NAME_TAGS else 1)
        for character in word
        if _is_han(character)
        and character not in joined
        and word_frequency(character) < _RARE_CHARACTER
    ]
