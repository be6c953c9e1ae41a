"""What a figure that is told roughly may stand for: 5600多, 近一成, 约694万, about 20."""

import re
from decimal import Decimal

_OVER_BEFORE = re.compile(
    r"(?:(?<!不)(?:超过|超出|突破|逾|超|破)了?|不止|不少于|不低于|至少"
    r"|more than|over|at least|above|exceed\w*)\s*$"
)
_UNDER_BEFORE = re.compile(
    r"(?:接近|逼近|不到|不足|未满|不超过|不高于|不多于|至多|最多|(?<![附最])近"
    r"|nearly|almost|under|less than|fewer than|close to)\s*$"
)
_ABOUT_BEFORE = re.compile(
    r"(?:约[为有合达占是]?|大概|大致|差不多|about|around|some|roughly|approximately)\s*$"
)
_OVER_AFTER = re.compile(r"[个年岁]?[多余几]|来(?![自到源])|[\u4e00-\u9fff]{0,2}(?:以上|开外|出头)")
_ABOUT_AFTER = re.compile(r"\s*[\u4e00-\u9fff]{0,3}(?:左右|上下)")
_NEAR_SHARE = Decimal("0.2")
"""「近20」 is 16 at least."""
_ABOUT_SHARE = Decimal("0.1")
_BELOW_NEXT = Decimal("0.999999")
"""「3万多」 is less than 4万."""
_ROUNDED_SHARE = Decimal("0.01")


def stands_for(text: str, start: int, end: int, value: Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest value that a figure in a text may stand for.

    Args:
        text: In NFKC, lower case and Simplified characters.
        start: Where the figure begins.
        end: Where it ends.
        value: What it says.
    """
    before = text[max(0, start - 12) : start]
    step = _step(value)
    if _UNDER_BEFORE.search(before):
        return value - min(step, _NEAR_SHARE * value), value
    if _OVER_BEFORE.search(before) or _OVER_AFTER.match(text, end):
        return value, value + _BELOW_NEXT * step
    if _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text, end):
        spread = min(step / 2, _ABOUT_SHARE * value)
        return value - spread, value + spread
    written = text[start:end]
    if (
        re.search(r"[万亿.]|million|billion", written)
        and len(value.normalize().as_tuple().digits) > 1
    ):
        spread = min(step / 2, _ROUNDED_SHARE * value)  # 694万 for 693.55万
        return value - spread, value + spread
    return value, value


def _step(value: Decimal) -> Decimal:
    """Return one of the last digit that is told: 100 of 5600."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) if value else Decimal(1)
