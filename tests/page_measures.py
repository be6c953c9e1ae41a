"""How well pages were put back together."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from embeddings.readers.draft import Draft, Reading
from tests.pages import Item, Page

_IGNORED = re.compile(r"[\s\ufffd]+")


@dataclass(slots=True)
class Measures:
    """Counts over pages; the properties are the shares that the floors are set on."""

    headlines: int = 0
    own: int = 0
    wrong: int = 0
    sentences: int = 0
    placed: int = 0
    lost: int = 0
    articles: int = 0
    found: int = 0
    authors: int = 0
    authors_right: int = 0
    authors_named: int = 0
    captions: int = 0
    captions_right: int = 0
    kickers: int = 0
    kickers_own: int = 0
    kickers_wrong: int = 0

    @property
    def own_share(self) -> float:
        return self.own / self.headlines

    @property
    def wrong_share(self) -> float:
        return self.wrong / self.headlines

    @property
    def placed_share(self) -> float:
        return self.placed / self.sentences

    def add(self, page: Page, reading: Reading) -> None:
        """Count one page."""
        drafts = [d for d in reading.drafts]
        texts = [squash(draft.text) for draft in drafts]
        self.lost += sum(_lost(page, reading).values())
        owner = {id(item): _owner(item, texts) for item in page.items}
        self.articles += len(page.items) + len(page.captions)
        self.found += len(drafts)
        for item in page.items:
            self._add_item(item, drafts, texts, owner[id(item)])
        for text, photographer in page.captions:
            self.captions += 1
            self.captions_right += any(
                draft.kind == "photo"
                and draft.authors == (photographer,)
                and squash(text) in squashed
                and len(squashed) <= len(squash(text)) + 3
                for draft, squashed in zip(drafts, texts, strict=True)
            )

    def _add_item(self, item: Item, drafts: list[Draft], texts: list[str], own: int | None) -> None:
        self.headlines += 1
        headline = squash(item.story.headline)
        holders = [i for i, d in enumerate(drafts) if squash(d.headline or "") == headline]
        elsewhere = [
            i
            for i, d in enumerate(drafts)
            if i != own and headline in squash((d.headline or "") + (d.kicker or ""))
        ]
        self.own += own is not None and own in holders
        # A headline of something else on an article is that other thing's wrong place.
        self.wrong += bool(elsewhere)
        for sentence in item.story.sentences:
            self.sentences += 1
            places = [i for i, text in enumerate(texts) if squash(sentence) in text]
            self.placed += own is not None and places == [own]
        if own is not None:
            self.authors += len(item.authors)
            self.authors_named += len(drafts[own].authors)
            self.authors_right += len(set(item.authors) & set(drafts[own].authors))
        if item.kicker:
            self.kickers += 1
            at = [i for i, d in enumerate(drafts) if squash(d.kicker or "") == squash(item.kicker)]
            self.kickers_own += at == [own]
            self.kickers_wrong += bool(at) and at != [own]


def squash(text: str) -> str:
    """The text without white space and replacement characters."""
    return _IGNORED.sub("", text)


def _owner(item: Item, texts: Iterable[str]) -> int | None:
    """The item that holds the most of a story's sentences; each can be owned once only."""
    sentences = [squash(sentence) for sentence in item.story.sentences]
    counts = [sum(sentence in text for sentence in sentences) for text in texts]
    best = max(range(len(counts)), key=lambda i: counts[i], default=None)
    return best if best is not None and counts[best] else None


def _lost(page: Page, reading: Reading) -> Counter[str]:
    body = Counter(squash("".join(item.story.text for item in page.items)))
    parts: list[str] = []
    for draft in reading.drafts:
        parts += [draft.text, draft.headline or "", draft.kicker or ""]
    parts += [skipped.reason for skipped in reading.skipped]
    return body - Counter(squash("".join(parts)))
