from embeddings.types import Passage
from qa.citations import cite, text_of
from qa.sentences import Sentence

TEXT = "第一句。第二句。第三句。"


def sentence(article_id: str, start: int) -> Sentence:
    passage = Passage(1, 1.0, TEXT, article_id, "标题", ("甲",), None, "a.txt", 0, len(TEXT))
    text = TEXT[start : start + 4]
    return Sentence(passage, 0, start, start + 4, text, text)


def test_citations_are_numbered_in_reading_order() -> None:
    citations = cite([sentence("a", 8), sentence("b", 0), sentence("a", 0)])
    assert [(c.n, c.article_id, c.start) for c in citations] == [
        (1, "a", 0),
        (2, "a", 8),
        (3, "b", 0),
    ]
    assert all(TEXT[c.start : c.end] == c.quote for c in citations)


def test_a_fact_stands_in_the_first_quote_of_its_article() -> None:
    given = [sentence("a", 8), sentence("b", 0), sentence("a", 0)]
    citations = cite(given, best_first=True)
    assert [(c.article_id, c.start) for c in citations] == [("a", 8), ("a", 0), ("b", 0)]
    assert [c.n for c in citations] == [1, 2, 3]


def test_the_text_is_made_of_the_quotes() -> None:
    citations = cite([sentence("a", 8), sentence("b", 0), sentence("a", 0)])
    assert text_of(citations) == "第一句。[1]第三句。[2]\n第一句。[3]"
    assert text_of([]) == ""
