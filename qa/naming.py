"""What an article is called where it has no headline."""

_OPENING = 24
"""Characters of text that stand for a missing headline."""


def name_of(headline: str | None, text: str) -> str:
    """Return the headline, or the text's first words where there is none."""
    return headline or shortened(text, _OPENING)


def shortened(text: str, length: int) -> str:
    """Return at most ``length`` characters of a text, an ellipsis where it was cut."""
    return text if len(text) <= length else f"{text[:length]}…"
