"""Whether a text is in Chinese, as the newspaper is, or in another language with names in it."""

import re

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters, as a class of regular expressions is written."""

_STOP_ENGLISH_WORDS = """
a an the of in on at to for by with from into about after before between during over under up out
than as and or but if not no so such then there this that these those it its is are was were be
been do did does has have had can could will would shall should may might must he she they we you
i his her their our your my s t how many much what which who whom whose when where why only own
same other more most also
"""
STOP_ENGLISH = frozenset(_STOP_ENGLISH_WORDS.split())
"""English words that tell nothing of what is asked: they hold its sentences together."""

_HAN_RUN = re.compile(rf"[{HAN}]+")
_OTHER_WORD = re.compile(rf"[^\W\d_{HAN}]+")
_TITLE = re.compile(r"《[^》]*》|「[^」]*」|『[^』]*』|“[^”]*”")
_CHINESE_GRAMMAR = re.compile(r"[的了是在吗呢谁哪几么]|多少|[如为]何|何[时地处人]")


def is_chinese(text: str) -> bool:
    """Tell whether a text is in Chinese; one without letters (a figure, nothing) is taken for it.

    Names stand in any language, whole titles in their marks, and say nothing of it: a text with
    Chinese characters is in another language only where what is around them is English by its
    small words (「Who won the 篮球赛?」), and not Chinese by its own. Where it is both, there
    must be more words of the other language than Chinese characters.

    Args:
        text: As written: capitals tell names.
    """
    if not _HAN_RUN.search(text):
        return not _OTHER_WORD.search(text)
    plain = _TITLE.sub(" ", text)
    words, characters = _OTHER_WORD.findall(plain), "".join(_HAN_RUN.findall(plain))
    if len(words) < 2 or not any(map(_is_phrase, _HAN_RUN.split(plain))):
        return True
    return bool(_CHINESE_GRAMMAR.search(characters)) and len(words) <= len(characters)


def _is_phrase(text: str) -> bool:
    """Tell whether a text between Chinese characters is English, and not a name with small words.

    In a name only small words begin with a small letter, and none at its ends: Lord of the
    Rings, but not “Where is”.
    """
    words = [word for word in _OTHER_WORD.findall(text) if not word.isupper()]
    small = [word.lower() in STOP_ENGLISH for word in words]
    if not any(small):
        return False
    other = (word for word, is_small in zip(words, small, strict=True) if not is_small)
    return words[0].islower() or words[-1].islower() or any(word.islower() for word in other)
