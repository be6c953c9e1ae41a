"""The sources panel as HTML. All that comes from articles and questions is escaped here."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

from embeddings.types import Article, Passage
from qa.chat.excerpts import Piece, excerpts, is_quoted
from qa.chat.turns import Turn
from qa.chat.wording import Language, Wording, wording
from qa.naming import name_of, shortened
from qa.types import Answer

PREVIEW = 90
"""Characters shown of an article that is merely near."""


def sources(turn: Turn | None, language: Language) -> str:
    """Return the panel for the latest turn, or the empty panel where nothing was found out."""
    words = wording(language)
    outcome = turn.outcome if turn else None
    if turn is None or not isinstance(outcome, Answer):
        return _panel(words, _empty(words))
    inside = _nothing if outcome.abstained else _evidence
    return _panel(words, inside(words, outcome, turn.articles))


def _panel(words: Wording, inside: str) -> str:
    return (
        f'<section class="wb-sources" lang="{words.tag}" aria-label="{escape(words.sources)}">'
        f"<h2>{escape(words.sources)}</h2>{inside}</section>"
    )


def _empty(words: Wording) -> str:
    return (
        f'<div class="wb-empty"><p class="wb-empty-title">{escape(words.sources_empty)}</p>'
        f"<p>{escape(words.sources_hint)}</p></div>"
    )


def _evidence(words: Wording, answer: Answer, articles: Mapping[str, Article]) -> str:
    order = list(dict.fromkeys(citation.article_id for citation in answer.citations))
    cards = (
        _card(words, answer, articles[article_id]) for article_id in order if article_id in articles
    )
    others = [passage for passage in answer.passages if not is_quoted(passage, answer.citations)]
    count = escape(words.quotes.format(count=len(answer.citations)))
    return f'<p class="wb-count">{count}</p>{"".join(cards)}{_others(words, others, articles)}'


def _card(words: Wording, answer: Answer, article: Article) -> str:
    citations = [cited for cited in answer.citations if cited.article_id == article.id]
    passages = [passage for passage in answer.passages if passage.article_id == article.id]
    shown = excerpts(article.text, citations, passages, _exact_span(answer, article))
    quotes = '<p class="wb-gap" aria-hidden="true">……</p>'.join(
        f"<p>{''.join(_marked(words, pieces))}</p>" for pieces in shown
    )
    numbers = "".join(f'<span class="wb-n">{cited.n}</span>' for cited in citations)
    return (
        f'<article class="wb-card"><header><p class="wb-numbers">{numbers}</p>'
        f"{_title(words, article)}</header>"
        f'<blockquote lang="zh">{quotes}</blockquote></article>'
    )


def _exact_span(answer: Answer, article: Article) -> tuple[int, int] | None:
    """Return where an article's text holds the exact answer: in the first quote that has it."""
    if not answer.exact:
        return None
    for cited in answer.citations:
        at = cited.quote.find(answer.exact)
        if at >= 0:
            start = cited.start + at
            return (start, start + len(answer.exact)) if cited.article_id == article.id else None
    return None


def _marked(words: Wording, pieces: Sequence[Piece]) -> Iterable[str]:
    """Yield a quote as one ``mark`` after its number, the exact answer as a mark within."""
    for n, run in groupby(pieces, key=lambda piece: piece.n):
        inside = "".join(
            f'<mark class="exact">{escape(piece.text)}</mark>'
            if piece.exact
            else escape(piece.text)
            for piece in run
        )
        if not n:
            yield inside
            continue
        yield (
            f'<span class="wb-quote" id="quote-{n}" tabindex="-1"><sup class="wb-n">{n}</sup>'
            f"<mark>{inside}</mark></span>"
        )


def _title(words: Wording, article: Article) -> str:
    kicker = f'<p class="wb-kicker" lang="zh">{escape(article.kicker or "")}</p>'
    return (
        f"{kicker if article.kicker else ''}"
        f'<h3 lang="zh">{_named(words, article)}</h3>{_byline(words, article)}'
    )


def _named(words: Wording, article: Article) -> str:
    """Return the headline, or the first words where there is none; photographs say so."""
    photo = f'<span class="wb-photo">{escape(words.photo)}</span>'
    name = name_of(article.headline, article.text)
    return f"{photo if article.kind == 'photo' else ''}{escape(name)}"


def _byline(words: Wording, article: Article) -> str:
    about = (
        words.list_comma.join(article.authors),
        article.date.isoformat() if article.date else "",
        article.section or "",
    )
    known = "".join(f"<span>{escape(part)}</span>" for part in about if part)
    file = f'<span class="wb-file" title="{escape(words.file)}">{escape(article.source)}</span>'
    return f'<p class="wb-byline">{known}{file}</p>'


def _others(words: Wording, passages: Sequence[Passage], articles: Mapping[str, Article]) -> str:
    items = "".join(
        _item(words, articles[passage.article_id], passage.text)
        for passage in passages
        if passage.article_id in articles
    )
    if not items:
        return ""
    title = escape(words.retrieved.format(count=len(passages)))
    return f'<details class="wb-others"><summary>{title}</summary><ul>{items}</ul></details>'


def _nothing(words: Wording, answer: Answer, articles: Mapping[str, Article]) -> str:
    best: dict[str, Passage] = {}
    for passage in answer.passages:
        best.setdefault(passage.article_id, passage)
    items = "".join(
        _item(words, articles[article_id], shortened(passage.text, PREVIEW))
        for article_id, passage in best.items()
        if article_id in articles
    )
    nearest = (
        f'<div class="wb-nearest"><h3>{escape(words.nearest)} '
        f"<small>{escape(words.nearest_hint)}</small></h3><ul>{items}</ul></div>"
    )
    box = f'<div class="wb-nothing" role="status"><p>{escape(words.nothing)}</p></div>'
    return f"{box}{nearest if items else ''}"


def _item(words: Wording, article: Article, text: str) -> str:
    return (
        f'<li><p class="wb-name" lang="zh">{_named(words, article)}</p>'
        f'{_byline(words, article)}<p class="wb-text" lang="zh">{escape(text)}</p></li>'
    )
