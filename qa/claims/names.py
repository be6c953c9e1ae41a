"""Names in a Chinese sentence that its evidence does not have, found without a model.

jieba tags far more words as names than are names. What has the form of one (a surname and a
given name, a county, a quotation) is strange wherever the evidence lacks it. Of any other
word that may be a name, a rival tells: a wrong name displaces another one of the evidence,
which the claim lacks and which stands between the same words or shares characters with it.
"""

import re

from embeddings.tokens import word_frequency
from qa.claims.abbreviations import (
    is_known_latin,
    is_long_for,
    is_of_regions,
    is_region,
    is_short_for,
)
from qa.claims.bodies import (
    HEADS,
    bodies_of_other_levels,
    strange_companies,
    strange_compound,
    strange_on_roads,
    strange_towns,
)
from qa.claims.common_words import COMMON_WORDS
from qa.claims.persons import is_full_name, is_person, misplaced, near_misses, unknown_in_lists
from qa.claims.words import Word, covered_places, is_covered, is_han, words_of
from qa.evidence import NAME_TAGS, tagged

_REGION = re.compile(r"(?<!地)(?<!景)(?<!山)(?<!城)(?<!园)(?<!社)(?<!小)[省市县区镇乡村州]$")
_QUOTED = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"")
_LATIN = re.compile(r"[a-z][a-z0-9+.-]*[a-z0-9+]|(?<![a-z0-9])[a-z](?![a-z0-9])")
_ENDS_VERBS = "上下到成入出起过住进回开完着了"
"""Characters that end a verb, not a name: 追上, 驶入."""
_MARKS = re.compile(r"[\W_]+")
_BEHIND = "里内中外上下队方人籍"
"""Characters that may stand behind a name or a noun without making another of it: 馆里, 巴西队."""
_RARE = 60
"""Occurrences in jieba's corpus of 60 million words below which a noun may well be a name."""
_RARE_CHARACTER = 350
_COMMON_CHARACTER = 3000
"""Occurrences from which on a character is likely a word by itself."""
_NUMBER = re.compile("[约近超逾]?[零〇一二两三四五六七八九十百千万亿几多余成倍]+")


def strange_names(simplified: str, evidence: str) -> list[str]:
    """Return what a Chinese sentence names and its evidence does not.

    Args:
        simplified: The sentence, in NFKC, lower case and Simplified characters.
        evidence: All that it may name, in the same form.
    """
    joined = _MARKS.sub("", evidence)
    quoted = [next(filter(None, m.groups())) for m in _QUOTED.finditer(simplified)]
    strange = [q for q in quoted if not is_short_for(_MARKS.sub("", q), joined)]
    strange += [
        word
        for word in _LATIN.findall(simplified)
        if word not in evidence and not is_known_latin(word, joined)
    ]
    covered = covered_places(simplified, joined)
    displaced = [
        word
        for word in words_of(evidence)
        if word.tag.startswith((*NAME_TAGS, "j", "n")) and len(word.text) > 1
        if word.text not in COMMON_WORDS and word.text not in simplified
    ]
    for word in words_of(simplified):
        if _is_strange(word, joined, evidence, covered, displaced):
            strange.append(word.text)
        elif word.text in HEADS or (len(word.text) > 2 and word.text.endswith(HEADS)):
            strange += strange_compound(word, joined, covered)
    strange += strange_towns(simplified, joined, covered) + strange_companies(simplified, covered)
    strange += strange_on_roads(simplified, joined)
    strange += bodies_of_other_levels(simplified, joined) + _rare_characters(simplified, joined)
    strange += unknown_in_lists(simplified, joined) + near_misses(simplified, evidence, joined)
    return strange + misplaced(simplified, evidence)


def _is_strange(
    word: Word, joined: str, evidence: str, covered: set[int], displaced: list[Word]
) -> bool:
    text = word.text
    if len(text) < 2 or not is_han(text) or text in joined or text in COMMON_WORDS:
        return False
    if (
        _NUMBER.fullmatch(text)
        or is_covered(text, word.start, covered)
        or is_of_regions(text, joined)
    ):
        return False
    if text[-1] in _BEHIND and text[:-1] in joined:
        return False
    is_name = word.tag.startswith("nr") and is_person(text)
    if is_name and is_full_name(text[:2], evidence):
        return False
    if not is_name and _has_one_more(text, joined):
        return False
    # A person's short form is that of one word: 董秘 of 董事会秘书, not of two persons.
    if is_short_for(text, evidence if is_name else joined) or is_long_for(text, evidence):
        return False
    if _has_form_of_name(word, joined):
        return True
    return any(_is_rival(word, other) for other in displaced)


def _has_one_more(text: str, joined: str) -> bool:
    """Tell whether a word was cut with a character that is one by itself: 办|晒秋, 广州|一."""
    return (
        len(text) > 2
        and not word_frequency(text)
        and (
            (text[1:] in joined and word_frequency(text[0]) >= _COMMON_CHARACTER)
            or (text[:-1] in joined and word_frequency(text[-1]) >= _COMMON_CHARACTER)
        )
    )


def _has_form_of_name(word: Word, joined: str) -> bool:
    frequency = word_frequency(word.text)
    if word.tag.startswith("nr") and is_person(word.text):
        return not _goes_on(word.text, word.after, joined)
    if word.tag.startswith("ns"):
        stem = _REGION.sub("", word.text)
        ordinary = word_frequency(stem) and tagged(stem)[0][1][:2] not in NAME_TAGS  # 交由|省
        if word.text[-1] == "省":
            ordinary = not is_region(stem)
        return 1 < len(stem) < len(word.text) and stem not in joined and not ordinary
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
    if not other.kind:
        return beside == 2 and alike and word.tag[:1] == "n"
    if word.tag.startswith(NAME_TAGS):
        common = (
            word.tag.startswith("nr") and word_frequency(word.text) and not is_person(word.text)
        )
        both_regions = is_region(word.text) and is_region(other.text)
        same_kind = word.kind == other.kind and not common
        return beside >= 1 or (alike and same_kind) or both_regions
    return word.tag[:1] in "jsn" and (beside > 1 or (beside == 1 and alike and word.tag == "j"))


def _likeness(one: str, other: str) -> float:
    """Return 1 if two words beside a name may be the same: 飞往, 飞; less if they mean little."""
    same = one[:1] == other[:1] != "" if is_han(one) else one == other
    if not same or not one:
        return 0
    return 1 if is_han(one) and one != "的" else 0.5


def _goes_on(word: str, after: str, joined: str) -> bool:
    """Tell whether a person's name was cut too late: 宋力强|调."""
    return any(
        word[:cut] in joined and word_frequency(word[cut:] + after[:1]) > 0
        for cut in range(2, len(word))
    )


def _rare_characters(simplified: str, joined: str) -> list[str]:
    """Return characters that hardly anything but names has, and that the evidence has not."""
    return [
        character
        for word, tag in tagged(simplified)
        if len(word) == 1 or word_frequency(word) < (_RARE if tag[:2] in NAME_TAGS else 1)
        for character in word
        if is_han(character)
        and character not in joined
        and word_frequency(character) < _RARE_CHARACTER
    ]
