"""Bytes to text, for the encodings that Chinese newspaper archives come in."""

import codecs
import contextlib
from itertools import islice

from embeddings.tokens import simplify_characters

_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_CONTROL_SHARE = 0.02
_CHINESE = ("gb18030", "big5hkscs")
_COMMON = (range(0xA1, 0xA4), range(0xB0, 0xD8))
"""Rows of GB 2312 for marks, and for the 3,755 characters of its first level, the most frequent."""
_FIRST_IDEOGRAPHIC = "\u2e80"
_MIN_COMMON_SHARE = 0.5
"""News articles have 0.9 or more, and 0.4 at most in the wrong encoding; ``charset-normalizer``,
which looks for rare characters too, refuses one article in seventy."""
_MIN_DIFFERENT = 20
"""Different common characters that show a text to be Chinese which names itself Latin-1. News cut
to 60 characters has as many (299 in 300). Western text in which common characters are half of all
signs has 3 at most, in capitals 14 (program messages in 18 languages, on which this was chosen;
names of languages and places: 2 and 5)."""
_MEANT = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
}
"""What is meant where an encoding is named, as in the standards of the WHATWG: a larger set, and
not UTF-16 where the name itself could be read as ASCII."""


class Undecodable(ValueError):
    """The bytes are not text, or are in an encoding that is not known here."""


def decode(data: bytes, declared: str = "") -> str:
    """Decode UTF-8 or UTF-16, with or without byte order mark, GB18030 or Big5.

    Args:
        data: The text.
        declared: The encoding that it names itself. What is UTF-8 is nothing else, whatever it
            says, and Latin-1, which editors used to name unasked, is not believed of Chinese. Any
            other is, and bytes it does not have become U+FFFD.

    Raises:
        Undecodable: The bytes are none of these, or text of none.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding)
    if b"\0" in data[:_SAMPLE]:
        return _utf16_without_mark(data)
    with contextlib.suppress(Undecodable):
        return _strictly(data, "utf-8")
    named = _codec(declared)
    if named is None:
        return _chinese(data)
    if named == "utf-8":
        with contextlib.suppress(Undecodable):
            return _chinese(data)
    if named == "cp1252" and (text := _evidently_chinese(data)) is not None:
        return text
    return data.decode(named, "replace")


def _codec(declared: str) -> str | None:
    """Return the name of the codec for a declared encoding, or None where there is none."""
    label = declared.lower()
    if label in _MEANT:
        return _MEANT[label]
    try:
        "".encode(label)  # some codecs are for no text
        name = codecs.lookup(label).name
    except (LookupError, UnicodeError):
        return None
    return _MEANT.get(name, name)


def _chinese(data: bytes) -> str:
    """Decode GB18030 or Big5, as which most texts in the other can be decoded, too."""
    texts = []
    for encoding in _CHINESE:
        with contextlib.suppress(Undecodable):
            texts.append(_strictly(data, encoding))
    likely = max(texts, key=_common_share, default="")
    if not likely or _common_share(likely) < _MIN_COMMON_SHARE:
        raise Undecodable("neither of them makes it common characters")
    return likely


def _evidently_chinese(data: bytes) -> str | None:
    """Decode what can only be Chinese, of which a few bytes may be damaged; else return None."""
    texts = [data.decode(encoding, "replace") for encoding in ("utf-8", *_CHINESE)]
    likely = max(texts, key=_common_share)
    different = len(set(filter(_is_common, _signs(likely))))
    is_chinese = different >= _MIN_DIFFERENT and _common_share(likely) >= _MIN_COMMON_SHARE
    return likely if is_chinese else None


def _common_share(text: str) -> float:
    """Return how many of a text's ideographs and marks are among the most frequent."""
    signs = _signs(text)
    return sum(map(_is_common, signs)) / len(signs) if signs else 1.0


def _signs(text: str) -> str:
    """Return the first ideographs and marks of a text, in Simplified characters."""
    signs = (character for character in text if character >= _FIRST_IDEOGRAPHIC)
    return simplify_characters("".join(islice(signs, _SAMPLE)))


def _is_common(sign: str) -> bool:
    return any(sign.encode("gb2312", "replace")[0] in rows for rows in _COMMON)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(encoding) from error
    sample = text[:_SAMPLE]
    control = sum(c < " " and c not in "\t\n\r\f\v" or c == "\x7f" for c in sample)
    if control > _MAX_CONTROL_SHARE * max(1, len(sample)):
        raise Undecodable("control characters")
    return text


def _utf16_without_mark(data: bytes) -> str:
    """Line ends and figures have a zero byte in UTF-16; where it stands tells the order."""
    sample = data[:_SAMPLE]
    high_first = sample[0::2].count(0) > sample[1::2].count(0)
    return _strictly(data, "utf-16-be" if high_first else "utf-16-le")
