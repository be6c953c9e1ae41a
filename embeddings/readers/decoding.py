"""Bytes to text, for the encodings that Chinese newspaper archives come in."""

import codecs

_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_CONTROL_SHARE = 0.02


class Undecodable(ValueError):
    """The bytes are not text, or are in an encoding that is not known here."""


def decode(data: bytes) -> str:
    """Decode UTF-8 or UTF-16, with or without byte order mark, or GB18030.

    Raises:
        Undecodable: The bytes are none of these, or text of none.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding)
    if b"\0" in data[:_SAMPLE]:
        return _utf16_without_mark(data)
    try:
        return _strictly(data, "utf-8")
    except Undecodable:
        return _strictly(data, "gb18030")


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
