"""How well printed pages were read, whether from a PDF's text or from an image of it."""

import re
import unicodedata
from dataclasses import dataclass

from embeddings.readers.draft import Reading
from tests.printed import Sheet

_IGNORED = re.compile(r"[\W_]+")


@dataclass(slots=True)
class PrintedMeasures:
    """Counts over pages; the shares are what floors are set on."""

    headlines: int = 0
    own: int = 0
    wrong: int = 0
    sentences: int = 0
    placed: int = 0
    dates: int = 0
    pages: int = 0
    characters: int = 0
    errors: int = 0

    @property
    def own_share(self) -> float:
        return self.own / self.headlines

    @property
    def wrong_share(self) -> float:
        return self.wrong / self.headlines

    @property
    def placed_share(self) -> float:
        return self.placed / self.sentences

    @property
    def error_rate(self) -> float:
        """Character errors in headlines and texts; all of an article that is missing counts."""
        return self.errors / self.characters

    def add(self, sheet: Sheet, reading: Reading, exact: bool = True) -> None:
        """Count a page; with ``exact`` off, headlines and articles need only be close."""
        drafts = reading.drafts
        texts = [squash(draft.text) for draft in drafts]
        heads = [squash(draft.headline or "") for draft in drafts]
        self.pages += 1
        self.dates += sum(str(draft.date) == sheet.date for draft in drafts) == len(drafts) > 0
        for piece in sheet.pieces:
            sentences = [squash(sentence) for sentence in piece.story.sentences]
            headline, text = squash(piece.headline), "".join(sentences)
            shared = [_shared(text, other) for other in texts]
            own = max(range(len(texts)), key=shared.__getitem__, default=None)
            same = [_close(headline, head, exact) for head in heads]
            self.headlines += 1
            self.own += own is not None and same[own]
            self.wrong += any(same) and not (own is not None and same[own])
            self.sentences += len(sentences)
            if own is not None:
                self.placed += sum(sentence in texts[own] for sentence in sentences)
            if not exact:
                printed = plain(piece.headline) + plain(piece.story.text)
                draft = drafts[own] if own is not None else None
                found = plain(draft.headline or "") + plain(draft.text) if draft else ""
                self.characters += len(printed)
                self.errors += distance(printed, found)


def squash(text: str) -> str:
    """The text's letters, figures and characters: engines differ in marks and spaces."""
    return _IGNORED.sub("", text)


def plain(text: str) -> str:
    """The text without spaces, full-width forms as half-width ones; marks count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def distance(a: str, b: str) -> int:
    """Levenshtein's: insertions, deletions and substitutions (Myers's bit vectors)."""
    if not a:
        return len(b)
    places: dict[str, int] = {}
    for i, character in enumerate(a):
        places[character] = places.get(character, 0) | 1 << i
    everywhere, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    up, down, score = everywhere, 0, len(a)
    for character in b:
        equal = places.get(character, 0)
        across = equal | down
        equal |= ((equal & up) + up) ^ up
        right, left = down | (~(equal | up) & everywhere), up & equal
        score += bool(right & last) - bool(left & last)
        right, left = (right << 1 | 1) & everywhere, left << 1 & everywhere
        up, down = left | (~(across | right) & everywhere), right & across
    return score


def _shared(text: str, other: str) -> int:
    """How many runs of four characters two texts share."""
    return len(
        {text[i : i + 4] for i in range(len(text) - 3)}
        & {other[i : i + 4] for i in range(len(other) - 3)}
    )


def _close(a: str, b: str, exact: bool) -> bool:
    return a == b if exact else distance(a, b) <= 0.15 * len(a)
