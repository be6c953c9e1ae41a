"""Persons in a Chinese sentence: which words are their names, and what office each holds."""

import re

from embeddings.readers.names import COMMON_WORD, is_chinese_name
from embeddings.tokens import word_frequency
from qa.claims.words import HAN, Name, words_of
from qa.evidence import NAME_TAGS, tagged

_COMMON_PART = 100
_COMMON_BEGINNING = 3000
_FULL_NAME = 3
"""Characters of a name with which one can be told by two of them."""
_NEVER_IN_NAMES = frozenset(
    "给到在的了着过被把或也都很没这那每各些吗呢吧啊就才还又再已曾使跟比于为个们并且而其"
)
_NUMERALS = frozenset("一二三四五六七八九十百千万")
_TITLE = re.compile(
    r"(副?(?:总书记|书记|主任|主席|总理|部长|省长|市长|县长|区长|镇长|局长|厅长|院长|校长|会长|董事长|总经理|经理"
    r"|教授|队长|站长|所长|处长|科长|组长|馆长|司长|委员长|志愿者|记者|乘组|航天员))"
)
_DEED = re.compile("主持|带队|致辞|宣读")
_NO_NAME = "的在对和与及或是为从向将已、，。；：（）()“”《》"


def is_person(word: str) -> bool:
    """Tell whether a word that jieba takes for a person has the form of a Chinese name.

    Args:
        word: Tagged as a person's name, in Simplified characters.
    """
    frequency = word_frequency(word)
    if _NUMERALS.issuperset(word[1:]) or word_frequency(word[:2]) >= _COMMON_BEGINNING:
        return False  # 一|毛六, 广州|一
    if not is_chinese_name(word) or frequency >= COMMON_WORD or _NEVER_IN_NAMES & set(word[1:]):
        return False
    return not (frequency and word_frequency(word[1:]) >= _COMMON_PART)  # 强降雨


def is_full_name(name: str, evidence: str) -> bool:
    """Tell whether two characters are a whole name of the evidence's: other words go on there."""
    followers = {m[1] for m in re.finditer(f"{re.escape(name)}(.)", evidence, re.DOTALL)}
    return len(followers) > 1


def persons_of(text: str) -> list[Name]:
    """Return the persons that a text surely names, in order."""
    return [
        Name(word.text, word.start, word.start + len(word.text))
        for word in words_of(text)
        if word.tag.startswith("nr") and is_person(word.text)
    ]


def unknown_in_lists(simplified: str, joined: str) -> list[str]:
    """Return persons listed among others (丁有亮、邢海荣、…) whom jieba did not recognise."""
    strange = []
    for clause in re.split(r"[,，;；。:：]", simplified):
        items = re.split(r"、|和(?=[^和]{2,4}$)", clause)
        if len(items) < 2 or not any(_ends_with_person(item) for item in items[:-1]):
            continue
        for item in items[1:]:
            name = item[:3]
            if is_chinese_name(name) and not any(name[:n] in joined for n in (2, 3)):
                strange.append(name)
    return strange


def near_misses(simplified: str, evidence: str, joined: str) -> list[str]:
    """Return what differs in one character from a person of the evidence whom the claim lacks."""
    strange = []
    for name, tag in set(tagged(evidence)):
        if not tag.startswith("nr") or len(name) != _FULL_NAME or name in simplified:
            continue
        if not is_person(name) or joined.count(name[1:]) > joined.count(name):
            continue  # 向|小芳, and 小芳 elsewhere
        for at in range(_FULL_NAME):
            pattern = f"{name[:at]}[{HAN}]{name[at + 1 :]}"
            found = re.findall(pattern, simplified)
            strange += [
                other
                for other in found
                if other not in joined and not is_full_name(other[:2], evidence)
            ]
    return strange


def _ends_with_person(text: str) -> bool:
    words = tagged(text)
    return bool(words) and words[-1][1].startswith("nr") and is_person(words[-1][0])


def misplaced(simplified: str, evidence: str) -> list[str]:
    """Return persons with an office that is somebody else's in the evidence.

    An office is what stands right before the name: 作词 of 「作词陈小玲」.
    """
    strange = []
    for office, name in _offices(simplified, evidence):
        holders = [
            evidence[m.end() :][:8] for m in re.finditer(f"(?<!副){re.escape(office)}", evidence)
        ]
        named = [after for after in holders if _begins_with_name(after)]
        if named and not any(name[:2] in after for after in holders):
            strange.append(f"{office}{name}")
    done = _done(evidence)
    for person, deed in _done(simplified):
        doers = {other for other, same in done if same == deed}
        if doers and person in evidence and person not in doers:
            strange.append(f"{person}{deed}")
    return strange


def _done(text: str) -> set[tuple[str, str]]:
    """Return who does what only one person does: 宋力|主持."""
    found = ((name.text, _DEED.match(text, name.end)) for name in persons_of(text))
    return {(name, deed.group()) for name, deed in found if deed}


def _offices(simplified: str, evidence: str) -> list[tuple[str, str]]:
    """Return who holds which office in a claim, of the persons whom the evidence knows."""
    found = []
    for m in _TITLE.finditer(simplified):
        if name := _known_name(simplified[m.end() :], evidence):
            found.append((m[1], name))
    at = 0
    for word, tag in tagged(simplified):
        at += len(word)
        if len(word) < 2 or tag[:1] != "n" or tag[:2] in NAME_TAGS:
            continue
        if name := _known_name(simplified[at:], evidence):
            found.append((word, name))
    return list(dict.fromkeys(found))


def _known_name(text: str, evidence: str) -> str:
    """Return the name of the evidence that a text begins with, or nothing."""
    return next((text[:n] for n in (3, 2) if _is_known(text[:n], n, evidence)), "")


def _is_known(name: str, length: int, evidence: str) -> bool:
    return (
        len(name) == length
        and re.fullmatch(f"[{HAN}]+", name) is not None
        and _begins_with_name(name)
        and name in evidence
    )


def _begins_with_name(text: str) -> bool:
    """Tell whether a text begins with a person's name."""
    if not re.match(f"[{HAN}]{{2}}", text) or text[0] in _NO_NAME:
        return False
    word, tag = tagged(text)[0]
    if tag.startswith("nr") and is_person(word):
        return True
    return is_chinese_name(text[:2]) and word_frequency(text[:2]) == 0
