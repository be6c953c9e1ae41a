"""Cuts 「甲、乙和丙」 into its names."""

import re

from embeddings.tokens import simplify_characters, word_frequency
from qa.evidence import tagged

_JOINED = re.compile("以及|和|及")
"""What joins the last two names; not 与, which in news lists more often stands within one."""

_LEADING = frozenset(("有", "是", "为", "即", "包括"))


def listed_names(words: str) -> list[str]:
    """Return the names of a list; 和 within a name joins nothing unless 、 does.

    Nor does it as part of a word: 和平区, 呼和浩特, 埃及. A verb that leads to a list is no part of
    its first name: 「有文昌医院、搬口医院」.
    """
    names = [name.strip() for name in words.split("、") if name.strip()]
    if len(names) > 1:
        names[:1] = [_without_verb(names[0])]
        names[-1:] = _cut(names[-1])
    return [name.strip() for name in names if name.strip()]


def _without_verb(first: str) -> str:
    word, _tag = tagged(simplify_characters(first))[0]
    return first[len(word) :] if word in _LEADING and word != first else first


def _cut(last: str) -> list[str]:
    """Cut what stands after the last 、 in two where 和 joins, or leave it whole."""
    at = 0
    for word, tag in tagged(simplify_characters(last)):
        # What no dictionary has is jieba's guess and may hide a 和 (伊卡尔|迪和舒|波莫廷), if it
        # is not a person's name and all there is.
        whole = word_frequency(word) > 0 or (tag.startswith("nr") and len(word) == len(last))
        joint = _JOINED.fullmatch(word) if whole else _JOINED.search(word)
        if joint and last[at + joint.end() :].strip():  # 天和 ends with it
            return [last[: at + joint.start()], last[at + joint.end() :]]
        at += len(word)
    return [last]
