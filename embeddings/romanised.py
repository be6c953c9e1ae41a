"""Chinese names in English text, and where Chinese text has them: by their pinyin.

Only what reads as pinyin can be looked up (Xiamen, Song Li); translated names (the Discipline
Commission) cannot.
"""

import functools
import re
from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_ENGLISH_WORDS = """
a an en le la ma pa can man men long fan gang ban pan sang shall he she me we sun fun china
chinese panda canada heritage game games base house home language change chance range page mean
more same make name like line time human mobile nature disease danger landing running reading
dance balance base base media minute machine machines language languages license sale release area
chairman guide piece pieces race male female while huge image images manage nine june site suite
mine mile lake rice bike hike tide pride ride rise analogue age sage cake maximize minimize
generate regenerate guarantee alliance finance senate banana mango tango pangolin hence chase
lease lane fence pace pile tile tale tune tunneling genuine sequence future pure sure cure secure
mature data date dates update late gate populate delegate mutate simulate eliminate facilitate
candidate shanghainese lines danube geneva angola panama
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
"""English words and foreign names that read as pinyin."""
_FAMILY = frozenset(["Song", "Long", "Gang", "Fan", "Pan", "Ban", "Sun"])
_SHORTEST = 4
"""Letters of a single word that is looked up: shorter ones read as pinyin by chance."""


def romanised_names(text: str) -> Iterator[str]:
    """Yield runs of capitalised words of English text that read as pinyin: each a name."""
    run: list[str] = []
    end = 0
    for m in (*_WORD.finditer(text), None):
        word = re.sub(r"['’]s$", "", m.group()).replace("'", "").replace("’", "") if m else ""
        if run and (m is None or text[end : m.start()] != " "):
            yield from _looked_up(run)
            run = []
        named = word[:1].isupper() and reads_as_pinyin(word)
        if named and (word.lower() not in _ENGLISH or word in _FAMILY):
            run.append(word)
        elif run:
            yield from _looked_up(run)
            run = []
        end = m.start() + len(word) if m else end  # a name ends with its own ’s


def _looked_up(run: list[str]) -> list[str]:
    name = " ".join(run)
    alone = len(run) == 1 and (len(name) < _SHORTEST or name in _FAMILY)
    return [] if alone else [name]


def reads_as_pinyin(word: str) -> bool:
    """Tell whether a word can be cut into syllables of Mandarin."""
    letters = word.lower()
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached |= {
                at + length for length in range(1, 7) if letters[at : at + length] in _syllables()
            }
    return len(letters) in reached


def sounds_of(chinese: str) -> str:
    """Return the pinyin of a text, without tones and spaces."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(chinese, v_to_u=False)).replace(" ", "")


def is_heard(name: str, sounds: str) -> bool:
    """Tell whether a romanised name is among the sounds of a text."""
    return name.replace(" ", "").lower() in sounds


@functools.cache
def _syllables() -> frozenset[str]:
    from pypinyin import Style, pinyin
    from pypinyin.pinyin_dict import pinyin_dict

    common = "".join(chr(code) for code in pinyin_dict if 0x4E00 <= code <= 0x9FFF)
    found = {reading[0] for reading in pinyin(common, style=Style.NORMAL, heteronym=False)}
    return frozenset(s.replace("ü", "v") for s in found if len(s) > 1 or s in "ae")
