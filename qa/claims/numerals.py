"""The numerals of a text, those included that only tell roughly: 八九十, 几百, 四成, 三千多万.

Exact ones are read by ``embeddings.numbers``; those here have no one form to search by. English
words are read too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from embeddings.numbers import find_figures, whole_number
from qa.claims.rounding import stands_for

_DIGITS = "一二三四五六七八九"
_DIGIT = {c: i for i, c in enumerate(_DIGITS, start=1)} | {"两": 2}
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SCALES |= {f"{low}{high}": _SCALES[low] * _SCALES[high] for low in "十百千万" for high in "万亿"}
_SCALE = "[十百千万]?[万亿]|[十百千]"
_LOW_NUMERAL = rf"(?:\d{{1,3}}|[{_DIGITS}两十]{{1,3}})"
_TENTHS = re.compile(
    rf"(?<![\d.])(?P<tenths>[{_DIGITS}两]|\d)成(?!立|为|员|功|熟|绩|交|品|语|本|都|不变)"
    rf"(?:(?P<hundredths>[{_DIGITS}])(?![十百千万家个名人项成]))?"
)
_MEASURES = "班价趟顿间朵匹幅双副起环组箱瓶杯碗盒包袋滴束串排堆回遍番局球路辈扇只口对连桌幢"
_HALF = re.compile(r"一半|半数|过半(?!年|天|日|月|个|小时)|(?<=近)半(?!年|天|日|月|个|小时)|对半")
_FRACTION = re.compile(rf"(?P<of>{_LOW_NUMERAL})分之(?P<part>{_LOW_NUMERAL})")
_DOUBLING = re.compile(r"翻了?一?(?:番|倍)|(?<![\d一二三四五六七八九十])一倍")
_NEIGHBOURS = re.compile(
    rf"(?P<tens>[{_DIGITS}]?十)?(?P<low>[{_DIGITS}两])(?P<high>[{_DIGITS}])(?P<scale>{_SCALE})?"
    r"(?!年|月|[点.]\d)"
)
_SEVERAL = re.compile(
    rf"(?:几|(?<![人总次件户指系分])数|(?<!以)上|成(?=[百千]))(?P<scale>{_SCALE})(?!分之)"
)
_SOME_OF = re.compile(rf"(?<![\d{_DIGITS}两几数上成十百千万])(?P<scale>[十百千万])(?=[余多])")
_MORE_OF = re.compile(rf"\s*[多余几来](?P<scale>{_SCALE})")
_LONE = re.compile(
    r"(?<![第\d])(?P<numeral>[二三四五六七八九两十])[多余来]?"
    rf"(?=[{_MEASURES}涨跌胜负]|小时|(?:到|至|[~—-]){_LOW_NUMERAL}(?:[{_MEASURES}个年月天日次家人名岁成倍]))"
)
_LAST_SCALE = re.compile(rf"(?:{_SCALE})$")
_PLACES = ("十", "百", "千")

_DIGIT_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
_ENGLISH_DIGITS = (
    {word: value for value, word in enumerate(_DIGIT_WORDS.split())}
    | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
    | {"ninety": 90}
)
_ENGLISH_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3}
_ENGLISH_SCALES |= {"million": 10**6, "billion": 10**9}
_HUNDRED = _ENGLISH_SCALES["hundred"]
_ABOVE_SCALES = 1 + max(_ENGLISH_SCALES.values())
_DIGIT_WORD = "|".join(_ENGLISH_DIGITS)
_ENGLISH_WORD = re.compile(
    r"\b(?:a|one|(?P<half>half(?:[\s-]a)?)"
    rf"|(?P<word>{_DIGIT_WORD})(?:-(?P<ones>{_DIGIT_WORD}))?)\b(?P<and_half>\sand\sa\shalf\b)?"
)
_ENGLISH_SCALE = re.compile(rf"[\s-]*({'|'.join(_ENGLISH_SCALES)})s?\b")
_ENGLISH_REST = re.compile(
    rf"(?:[ ]and[ ]|[ -])(?P<word>{_DIGIT_WORD})(?:-(?P<ones>{_DIGIT_WORD}))?\b"
)
"""What is added to a scale: three hundred and fifty. Two spaces are one that was a comma."""
_ENGLISH_PERCENT = re.compile(r"\s*(?:percent\b|per cent\b|%)")
_HALF_OF_ONE = Decimal("0.5")
_NEAR_A_DOZEN = Decimal("0.1")
"""Share of a dozen that it is told roughly by, even where no word says so."""
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
"""A comma that separates no thousands: NFKC has made one of 「，」."""
_THOUSAND_OF = re.compile(r"千(?=[米克])")
"""Part of a measure that has another name, and no numeral: 千米 is 公里, 千克 is 公斤."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral with what it may stand for, where it stands, scale included.

    Attributes:
        low: The least value that it may stand for.
        high: The greatest.
    """

    value: Decimal
    is_percent: bool
    start: int
    end: int
    low: Decimal
    high: Decimal


def find_numerals(simplified: str) -> list[Numeral]:
    """Return the numerals of a text in order, the parts of its dates among them.

    Args:
        simplified: In NFKC, lower case and Simplified characters.
    """
    text = _COMMA.sub(" ", simplified)
    found: list[Numeral] = []
    taken: set[int] = set()
    for numerals in (
        _rough(text),
        _exact(_THOUSAND_OF.sub("公", text)),
        _english(text),
        _lone(text),
    ):
        fresh = [n for n in numerals if not taken & set(range(n.start, n.end))]
        taken |= {place for n in fresh for place in range(n.start, n.end)}
        found += fresh
    return sorted(found, key=lambda n: n.start)


def _rough(text: str) -> Iterator[Numeral]:
    for m in _FRACTION.finditer(text):
        of, part = whole_number(m["of"].replace("两", "二")), whole_number(m["part"])
        if of and part and of != 100:
            yield _hedged(text, m, Decimal(100) * part / of, Decimal(2))
    for m in _TENTHS.finditer(text):
        tenths = _DIGIT.get(m["tenths"]) or int(m["tenths"])
        value = Decimal(10 * tenths + (_DIGIT[m["hundredths"]] if m["hundredths"] else 0))
        yield _hedged(text, m, value, Decimal("0.5" if m["hundredths"] else "2.5"))
    for m in _HALF.finditer(text):
        yield _hedged(text, m, Decimal(50), Decimal("2.5"), over=m.group() == "过半")
    for m in _DOUBLING.finditer(text):
        yield Numeral(Decimal(100), True, *m.span(), Decimal(95), Decimal(110))
    for m in _SEVERAL.finditer(text):
        least = Decimal(_SCALES[m["scale"]])
        yield Numeral(least, False, *m.span(), least, 10 * least - 1)
    for m in _SOME_OF.finditer(text):
        least = Decimal(_SCALES[m["scale"]])
        yield Numeral(least, False, *m.span("scale"), least, 2 * least - 1)
    for m in _NEIGHBOURS.finditer(text):
        low, high = _DIGIT[m["low"]], _DIGIT[m["high"]]
        if high == low + 1 or (low, high) == (3, 5):
            tens = 10 * _DIGIT.get(m["tens"][0], 1) if m["tens"] else 0
            scale = _SCALES[m["scale"] or ""]
            least, most = Decimal((tens + low) * scale), Decimal((tens + high) * scale)
            yield Numeral(least, False, *m.span(), least, most)


def _hedged(
    text: str, m: re.Match[str], value: Decimal, spread: Decimal, *, over: bool = False
) -> Numeral:
    """Return a share, which is told roughly even where no word says so."""
    low, high = stands_for(text, *m.span(), value)
    if over:
        low, high = value, value + 10
    elif low == high:
        low, high = value - spread, value + spread
    return Numeral(value, True, *m.span(), low, high)


def _exact(text: str) -> Iterator[Numeral]:
    figures = list(find_figures(text))
    while figures:
        value, percent, start, end = figures.pop(0)
        scale = _ENGLISH_SCALE.match(text, end)
        if scale:
            value, end = value * _ENGLISH_SCALES[scale[1]], scale.end()
        while figures and figures[0].start == end and _goes_on(text[start:end], figures[0].value):
            value, end = value + figures[0].value, figures.pop(0).end  # 四亿五千万
        percent = percent or bool(_ENGLISH_PERCENT.match(text, end))
        more = _MORE_OF.match(text, end)
        if more:  # 三千多万
            scaled = value * _SCALES[more["scale"]]
            _, high = stands_for(f"{text[start:end]}多", 0, end - start, value)
            high *= _SCALES[more["scale"]]
            yield Numeral(scaled, percent, start, more.end(), scaled, high)
        else:
            yield Numeral(value, percent, start, end, *stands_for(text, start, end, value))


def _goes_on(written: str, value: Decimal) -> bool:
    scale = _LAST_SCALE.search(written)
    return scale is not None and scale.group() not in _PLACES and value < _SCALES[scale.group()]


def _english(text: str) -> Iterator[Numeral]:
    done = 0
    for m in _ENGLISH_WORD.finditer(text):
        if m.start() < done:
            continue  # fifty, of three hundred and fifty
        scale = _ENGLISH_SCALE.match(text, m.end())
        end = scale.end() if scale else m.end()
        value = _HALF_OF_ONE if m["half"] or m["and_half"] else Decimal(0)
        if not m["half"]:
            value += _ENGLISH_DIGITS.get(m["word"], 1) + _ENGLISH_DIGITS.get(m["ones"], 0)
        unit = _ENGLISH_SCALES[scale[1]] if scale else 1
        if scale and scale[1] != "dozen":
            whole, done = _whole(text, m.end(), value)
            if done > end:
                value, unit, end = whole, 1, done
        percent = bool(_ENGLISH_PERCENT.match(text, end))
        if not m["word"] and not (scale or percent or m["and_half"]):
            continue  # one of them, half of them
        low, high = stands_for(text, m.start(), end, value)
        if scale and scale[1] == "dozen" and low == high:
            low, high = value - _NEAR_A_DOZEN, value + _NEAR_A_DOZEN
        yield Numeral(value * unit, percent, m.start(), end, low * unit, high * unit)


def _whole(text: str, end: int, group: Decimal) -> tuple[Decimal, int]:
    """Return a number that begins with ``group``, which ends at ``end``, and where it ends.

    Three hundred and fifty; one million two hundred thousand; but one hundred alone, of one
    hundred and two hundred.
    """
    total, least = Decimal(0), _ABOVE_SCALES
    before = group, end  # what the number is without the word added last
    while True:
        if scale := _ENGLISH_SCALE.match(text, end):
            by = _ENGLISH_SCALES[scale[1]]
            if scale[1] == "dozen" or by >= least or (by == _HUNDRED and group >= _HUNDRED):
                return before
            group, end = group * by, scale.end()
            if by > _HUNDRED:
                total, group, least = total + group, Decimal(0), by
        elif (rest := _ENGLISH_REST.match(text, end)) and group % _HUNDRED == 0:
            before = total + group, end
            group += _ENGLISH_DIGITS[rest["word"]] + _ENGLISH_DIGITS.get(rest["ones"], 0)
            end = rest.end()
        else:
            return total + group, end


def _lone(text: str) -> Iterator[Numeral]:
    """Yield single numerals before a measure that the index knows none of: 每周五班."""
    for m in _LONE.finditer(text):
        value = Decimal(_DIGIT.get(m["numeral"], 10))
        yield Numeral(value, False, *m.span("numeral"), value, value)
