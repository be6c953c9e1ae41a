"""What cards and the reader mark, run in the browser: offsets count characters, not units."""

from typing import Any

import pytest

RUN = """async ([name, args]) => {
  const module = await import("/page/web/excerpts.js");
  return module[name](...args);
}"""

TEXT = "𠮷野家开业。😀店里有36家分店。丙在最后。"


def citation(quote: str, n: int = 1, article: str = "a") -> dict[str, Any]:
    start = TEXT.index(quote)
    return {
        "n": n,
        "quote": quote,
        "article_id": article,
        "start": start,
        "end": start + len(quote),
    }


def passage(start: int, end: int) -> dict[str, Any]:
    return {"article_id": "a", "start": start, "end": end, "text": TEXT[start:end]}


@pytest.fixture(scope="module")
def run(browser: Any, address: str) -> Any:  # noqa: ANN401 - of the browser's own kind
    page = browser.new_page()
    page.goto(address)
    yield lambda name, *args: page.evaluate(RUN, [name, list(args)])
    page.close()


def test_marks_are_the_quote_and_the_exact_answer(run: Any) -> None:  # noqa: ANN401
    line = {
        "exact": "36家",
        "citations": [citation("😀店里有36家分店。")],
        "passages": [passage(0, len(TEXT))],
    }
    (excerpt,) = run("excerpts", line, "a")
    assert "".join(piece["text"] for piece in excerpt["pieces"]) == TEXT
    quoted = [piece for piece in excerpt["pieces"] if piece["n"]]
    assert "".join(piece["text"] for piece in quoted) == "😀店里有36家分店。"
    assert [piece["text"] for piece in quoted if piece["exact"]] == ["36家"]


def test_overlapping_quotes_repeat_no_character(run: Any) -> None:  # noqa: ANN401
    quotes = [citation(TEXT[0:10]), citation(TEXT[4:14], n=2)]
    line = {"exact": None, "citations": quotes, "passages": [passage(0, len(TEXT))]}
    (excerpt,) = run("excerpts", line, "a")
    assert "".join(piece["text"] for piece in excerpt["pieces"]) == TEXT
    assert {piece["n"] for piece in excerpt["pieces"]} == {0, 1, 2}


def test_exact_answer_of_another_article_is_not_marked(run: Any) -> None:  # noqa: ANN401
    quotes = [citation("36家分店", article="b"), citation("36家分店", n=2)]
    line = {"exact": "36家", "citations": quotes, "passages": [passage(0, len(TEXT))]}
    assert run("exactSpan", line)["article_id"] == "b"
    (excerpt,) = run("excerpts", line, "a")
    assert not any(piece["exact"] for piece in excerpt["pieces"])


def test_a_card_begins_near_its_quote(run: Any) -> None:  # noqa: ANN401
    long = "甲" * 300 + "乙句。" + "丙" * 300
    quote = {"n": 1, "quote": "乙句。", "article_id": "a", "start": 300, "end": 303}
    whole = {"article_id": "a", "start": 0, "end": len(long), "text": long}
    (excerpt,) = run("excerpts", {"exact": None, "citations": [quote], "passages": [whole]}, "a")
    shown = "".join(piece["text"] for piece in excerpt["pieces"])
    assert excerpt["before"] and excerpt["after"]
    assert 0 < shown.index("乙句。") <= 40 and len(shown) < 100
