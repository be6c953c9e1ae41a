"""Candidates and their features, with a span reader whose opinion is given."""

from collections.abc import Sequence

import numpy as np
import pytest

from embeddings.sentences import Span
from embeddings.types import Passage
from qa.question import understand
from qa.reader import READ_FEATURES, SURE, WORD_ONLY_FEATURES, read, read_words
from qa.spans import NOTHING, Reading
from qa.weighing import weights_for
from tests.conftest import BigramEncoder

FIRST = "区纪委检查了36家企业。发现9个问题。"
SECOND = "篮球赛有5支队伍参加。"


class Opinion:
    """Gives one stretch of each text a score, and everything else a low one."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return [self._reading(passage.text) for passage in passages]

    def _reading(self, text: str) -> Reading:
        scores = np.full((len(text), len(text)), -9.0, np.float32)
        scores[np.tril_indices(len(text), -1)] = -np.inf
        for words, score in self._scores.items():
            if words in text:
                start = text.index(words)
                scores[start, start + len(words) - 1] = score
        return Reading(text, [Span(i, i + 1) for i in range(len(text))], scores)


def passages() -> list[Passage]:
    def passage(rank: int, text: str, article_id: str) -> Passage:
        return Passage(
            rank, 1 / rank, text, article_id, "标题", (), None, "a.txt", 100, 100 + len(text)
        )

    return [passage(1, FIRST, "a"), passage(2, SECOND, "b")]


def test_the_best_span_comes_first_with_its_place_in_the_article() -> None:
    evidence = read(
        understand("发现了几个问题？"), passages(), Opinion(**{"9个": 4.0, "36家": 1.0})
    )
    best = evidence.candidates[0]
    assert best.sentence.text == "发现9个问题。"
    assert best.exact == Span(100 + FIRST.index("9个"), 100 + FIRST.index("9个") + 2)
    assert evidence.features.shape == (2, len(READ_FEATURES))
    assert evidence.features[0, READ_FEATURES.index("span")] == 4.0
    assert evidence.features[0, READ_FEATURES.index("span_lead")] == 0.0
    assert evidence.features[1, READ_FEATURES.index("span_in_passage")] == -3.0


def test_passages_that_say_the_same_agree() -> None:
    twice = [*passages(), Passage(3, 0.1, "查出9 个问题。", "c", None, (), None, "c", 0, 8)]
    unsure = Opinion(**{"9个": SURE, "9 个": SURE / 2})
    evidence = read(understand("发现了几个问题？"), twice, unsure)
    assert evidence.features[0, READ_FEATURES.index("agreement")] == pytest.approx(np.log(2))


def test_reading_stops_at_a_passage_that_is_sure_to_answer() -> None:
    three = [*passages(), Passage(3, 0.1, "发现4个问题。", "c", None, (), None, "c", 0, 7)]
    opinion = Opinion(**{"9个": SURE + 1, "4个": 2.0})
    assert len(read(understand("发现了几个问题？"), three, opinion).spans) == 2
    assert len(read(understand("发现了哪些问题？"), three, opinion).spans) == 3
    unsure = Opinion(**{"9个": SURE - 1, "4个": 2.0})
    assert len(read(understand("发现了几个问题？"), three, unsure).spans) == 3


def test_a_sure_passage_on_something_else_stops_nothing() -> None:
    other = Passage(1, 1.0, "团市委书记化某说。", "a", None, (), None, "a", 0, 9)
    three = [other, *passages()]
    evidence = read(understand("区纪委发现了几个问题？"), three, Opinion(化某=9.0))
    assert len(evidence.spans) == 3


def test_a_passage_on_something_else_does_not_answer() -> None:
    (off,) = [Passage(1, 1.0, "团市委书记化某说。", "a", None, (), None, "a", 0, 9)]
    sure = Opinion(化某=9.0)
    assert read(understand("去年的高考状元是谁？"), [off], sure).candidates == ()
    assert len(read(understand("团市委书记是谁？"), [off], sure).candidates) == 1
    assert len(read(understand("是谁？"), [off], sure).candidates) == 1


def test_a_sentence_without_a_figure_does_not_answer_how_many() -> None:
    without = [Passage(1, 1.0, "会议开了。来了很多人。", "a", None, (), None, "a", 0, 11)]
    evidence = read(understand("来了多少人？"), without, Opinion(会议=9.0))
    assert evidence.candidates == ()
    assert evidence.features.shape == (0, len(READ_FEATURES))


def test_words_alone_give_no_exact_place() -> None:
    evidence = read_words(understand("发现了几个问题？"), passages(), BigramEncoder())
    assert all(candidate.exact is None for candidate in evidence.candidates)
    assert evidence.features.shape == (3, len(WORD_ONLY_FEATURES))


def test_there_are_weights_for_every_way_of_reading() -> None:
    for question in ("发现了几个问题？", "How many problems were found?"):
        understood = understand(question)
        for features, with_reader in ((READ_FEATURES, True), (WORD_ONLY_FEATURES, False)):
            weights = weights_for(understood, with_reader)
            assert weights.scores(np.zeros((2, len(features)))).shape == (2,)
            assert 0 < weights.bound < 1
            assert weights.confidence(-50) < weights.bound < weights.confidence(50)


def test_no_answer_is_read_where_there_is_no_token() -> None:
    reading = Reading("文字", [Span(0, 2)], np.zeros((1, 1), np.float32))
    assert reading.best(0, 2) == (0.0, Span(0, 2))
    assert reading.best(2, 4) == (NOTHING, Span(2, 2))


def test_a_list_is_given_whole_where_all_of_it_is_asked_for() -> None:
    text = "评委有王芳、李强和赵敏三人。"
    opinion = Opinion(**{"李强": 5.0, "王芳、李强和赵敏": 3.0})
    (reading,) = opinion.read("", [Passage(1, 1.0, text, "a", None, (), None, "a", 0, len(text))])
    score, span = reading.best(0, len(text))
    assert (score, text[span.start : span.end]) == (5.0, "李强")
    score, span = reading.best(0, len(text), whole_list=True)
    assert (score, text[span.start : span.end]) == (3.0, "王芳、李强和赵敏")
    assert understand("评委有哪些人？").wants_list
    assert not understand("谁是评委？").wants_list
