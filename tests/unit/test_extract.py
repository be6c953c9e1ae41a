from embeddings.types import Passage
from qa.extract import distinct
from qa.reader import Candidate
from qa.sentences import Sentence


def candidate(start: int, rank: int = 1) -> Candidate:
    passage = Passage(rank, 1.0, "甲。乙。丙。", "a", None, (), None, "a.txt", 0, 6)
    return Candidate(Sentence(passage, 0, start, start + 2, "甲。", "甲。"), None)


def test_a_sentence_of_two_passages_is_cited_once_and_the_best_stays_first() -> None:
    best, second, third = candidate(0), candidate(2), candidate(4)
    found = distinct([best, second, third, candidate(0, rank=2), second])
    assert found == [best, second, third]
