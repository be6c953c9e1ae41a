"""The sources panel and the messages as HTML; no browser needed."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from embeddings.types import Article, Passage
from qa.chat.cards import sources
from qa.chat.excerpts import Piece, excerpts
from qa.chat.messages import messages
from qa.chat.turns import Failure, Turn
from qa.types import Answer, Citation

TEXT = "甲先说了一句。乙有36家企业。丙在最后。\n丁另起一段。戊收尾。"


def passage(start: int, end: int, rank: int = 1) -> Passage:
    return Passage(rank, 0.5, TEXT[start:end], "a", None, (), None, "a.txt", start, end)


def citation(quote: str, n: int = 1) -> Citation:
    start = TEXT.index(quote)
    return Citation(n, quote, "a", None, (), None, "a.txt", start, start + len(quote))


def turn(
    citations: tuple[Citation, ...], passages: tuple[Passage, ...], exact: str | None = None
) -> Turn:
    text = "".join(f"{cited.quote}[{cited.n}]" for cited in citations)
    answer = Answer("问？", text, exact, not citations, 0.5, citations, passages, 0.1)
    article = Article("a", None, "引题", ("记者甲",), None, None, "a.txt", "photo", TEXT)
    return Turn("问？", answer, {"a": article})


def shown(pieces: list[list[Piece]]) -> list[str]:
    return ["".join(piece.text for piece in excerpt) for excerpt in pieces]


def bodies(turns: Sequence[Turn]) -> list[str]:
    handed_over: list[Any] = messages(turns, "en")
    return [message["content"].value for message in handed_over]


def test_excerpt_is_the_passage_of_the_quote() -> None:
    found = excerpts(TEXT, [citation("乙有36家企业。")], [passage(0, 19), passage(20, 30)])
    assert shown(found) == [TEXT[0:19]]
    assert [piece.text for piece in found[0] if piece.n] == ["乙有36家企业。"]


def test_quote_across_passages_joins_them() -> None:
    quote = TEXT[15:26]
    found = excerpts(TEXT, [citation(quote)], [passage(0, 19), passage(20, len(TEXT))])
    assert shown(found) == [TEXT]


def test_overlapping_quotes_repeat_no_character() -> None:
    quotes = [citation(TEXT[0:14]), citation(TEXT[7:19], n=2)]
    found = excerpts(TEXT, quotes, [passage(0, 19)])
    assert shown(found) == [TEXT[0:19]]
    assert {piece.n for piece in found[0] if piece.first} == {1, 2}


def test_card_marks_quote_and_exact_answer() -> None:
    page = sources(turn((citation("乙有36家企业。"),), (passage(0, 19),), "36家"), "zh")
    assert '<mark>乙有<mark class="exact">36家</mark>企业。</mark>' in page
    assert 'id="quote-1"' in page
    assert "图片" in page and "引题" in page and "记者甲" in page


def test_exact_answer_is_marked_in_the_quote_that_has_it() -> None:
    cited = (citation("甲先说了一句。"), citation("乙有36家企业。", n=2))
    page = sources(turn(cited, (passage(0, 19),), "36家"), "zh")
    assert page.count('class="exact"') == 1
    assert '<mark class="exact">36家</mark>' in page


def test_exact_answer_of_another_article_is_not_marked() -> None:
    told = turn((citation("乙有36家企业。"),), (passage(0, 19),), "36家")
    assert isinstance(told.outcome, Answer)
    elsewhere = Citation(2, TEXT[0:14], "b", None, (), None, "b.txt", 0, 14)
    answer = replace(told.outcome, citations=(*told.outcome.citations, elsewhere))
    articles = {**told.articles, "b": replace(told.articles["a"], id="b", source="b.txt")}
    page = sources(Turn("问？", answer, articles), "zh")
    assert page.count("<article") == 2 and page.count('class="exact"') == 1


def test_each_citation_of_an_article_is_findable() -> None:
    cited = (citation("乙有36家企业。"), citation("戊收尾。", n=2))
    page = sources(turn(cited, (passage(0, 19), passage(20, len(TEXT)))), "zh")
    assert page.count("<article") == 1
    assert 'id="quote-1"' in page and 'id="quote-2"' in page


def test_other_passages_are_not_evidence() -> None:
    page = sources(turn((citation("乙有36家企业。"),), (passage(0, 19), passage(20, 30, 2))), "en")
    _, others = page.split("<details")
    assert "<mark" not in others and "not cited (1)" in others


def test_abstention_shows_no_evidence() -> None:
    page = sources(turn((), (passage(0, 19), passage(20, 30, 2))), "zh")
    assert "<mark" not in page and 'class="wb-card"' not in page
    assert page.count("<li>") == 1, "one article, though two passages are near"


def test_everything_foreign_is_escaped() -> None:
    evil = "<b>&\"'"
    article = Article("a", evil, evil, (evil,), None, evil, evil, "article", TEXT + evil)
    cited = Citation(1, evil, "a", evil, (), None, evil, len(TEXT), len(TEXT + evil))
    answer = Answer(evil, f"{evil}[1]", evil, False, 0.5, (cited,), (), 0.1)
    told = Turn(evil, answer, {"a": article})
    failed = Turn(evil, Failure(evil, evil))
    pages = [sources(told, "zh"), sources(failed, "en")]
    pages += bodies((told, failed))
    for page in pages:
        assert evil not in page
        assert not re.search(r"<b\b", page)
    assert evil in html.unescape(pages[0])


def test_references_of_the_latest_answer_are_links() -> None:
    told = turn((citation("戊收尾。"),), (passage(20, 30),))
    _, earlier, _, latest = bodies((told, told))
    assert "<a " not in earlier and 'href="#quote-1"' in latest
