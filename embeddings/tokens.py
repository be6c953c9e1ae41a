"""Turns text into the terms that postings are made of.

Chinese has no spaces, and no single cut serves all questions: words are precise but miss what
the dictionary lacks, single characters and their bigrams miss nothing but are vague. All three
are posted. Traditional and Simplified, full-width and half-width forms become the same terms;
figures and dates are posted in one form besides (``numbers``).
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from embeddings.dictionary import word_cutter
from embeddings.language import HAN, STOP_ENGLISH, is_chinese
from embeddings.numbers import dates, figures

VERSION = "tokens-2"
"""Part of the index fingerprint: raise when the same text gives other terms."""

_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[.,]\d+)*")
_IS_HAN = re.compile(rf"[{HAN}]")
_MAX_TERM = 64
"""Longest posted term in characters: the rest of a longer run is noise."""

_CHARACTER_WEIGHT = 0.5
_OTHER_WEIGHT = 2.0
"""In a question, against 1 for bigrams and words. Figures and foreign names seldom have another
form, single characters nearly always another sense."""
_ASKING = re.compile(
    r"请问|为什么|什么时候|什么时间|什么地方|什么|怎么样|怎么|怎样|如何|为何|何时|何地|何处|何人|何种"
    r"|多少|哪(?:一?[个些位家名种项条座所支年月天日次里儿])?|几(?=[个家名位人次年月日号天岁条项件种])|谁|吗|呢"
)
_BESIDE_LONE = re.compile(
    rf"(?:(?<=[^{HAN}][{HAN}])|(?<=^[{HAN}])) +(?=[{HAN}])"
    rf"|(?<=[{HAN}]) +(?=[{HAN}](?![{HAN}]))"
)
"""Spaces after or before a Chinese character that stands alone."""


def simplify(text: str) -> str:
    """Return ``text`` in NFKC, lower case and Simplified characters."""
    normal = unicodedata.normalize("NFKC", text).lower()
    return str(_converter().convert(normal))


def simplify_characters(text: str) -> str:
    """Return ``text`` in Simplified characters, each in its old place.

    Phrases change length in a few cases; then each character is converted by itself.
    """
    converted = str(_converter().convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(_simplified_character(character) for character in text)


def terms(text: str) -> list[str]:
    """Return the terms to post of ``text``, repeated as often as they occur.

    Single Chinese characters, their bigrams, jieba's words (so that a bigram which is a word
    counts twice), whole runs of other letters and digits, and figures and dates in one form.
    """
    return [term for term, _weight in _weighted_terms(simplify(text))]


def query_terms(text: str) -> dict[str, float]:
    """Return the terms to look for, each with its weight.

    What only asks (什么, 多少) is left out, unless nothing else is there: a passage that answers
    does not say it, and one that does asks something else. So are the common words of a question
    in English.
    """
    simplified = simplify(text)
    asked = _ASKING.sub(" ", simplified)
    weights: dict[str, float] = {}
    for term, weight in _weighted_terms(asked if _RUN.search(asked) else simplified):
        weights[term] = weights.get(term, 0.0) + weight
    if is_chinese(text):
        return weights
    return {term: w for term, w in weights.items() if term not in STOP_ENGLISH} or weights


def _weighted_terms(simplified: str) -> Iterator[tuple[str, float]]:
    joined = join_spaced_names(simplified)
    for match in _RUN.finditer(joined):
        run = match.group()
        if not _IS_HAN.match(run):
            yield run[:_MAX_TERM], _OTHER_WEIGHT
            continue
        for character in run:
            yield character, _CHARACTER_WEIGHT
        for i in range(len(run) - 1):
            yield run[i : i + 2], 1.0
        for word in words(run):
            if len(word) > 1:
                yield word, 1.0
    for form in (*figures(joined), *dates(joined)):
        yield form[:_MAX_TERM], 1.0


def join_spaced_names(text: str) -> str:
    """Return ``text`` without the spaces that stand beside a lone Chinese character: 王 伟."""
    return _BESIDE_LONE.sub("", text)


def words(text: str) -> list[str]:
    """Return jieba's words of ``text``, finer ones inside long ones included."""
    return list(word_cutter().cut_for_search(text))


def word_frequency(word: str) -> int:
    """Return how often jieba's corpus of some 60 million words has a word; 0 if never."""
    return int(word_cutter().FREQ.get(word) or 0)


@functools.lru_cache(maxsize=8192)
def _simplified_character(character: str) -> str:
    converted = str(_converter().convert(character))
    return converted if len(converted) == 1 else character


@functools.cache
def _converter() -> Any:  # noqa: ANN401 - opencc has no types
    import opencc

    return opencc.OpenCC("t2s")
