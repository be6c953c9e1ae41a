"""Floors of the forty conversations: the last turn is answered from the right article."""

from pathlib import Path

import pytest

from embeddings import Index
from tests.eval.measure_conversations import conversations, held, indexes, is_right

FLOORS = {"develop": 17, "report": 17}
ALL = 36


@pytest.fixture(scope="module")
def collections(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Index]:
    return indexes(shared, tmp_path_factory.mktemp("conversations"))


def test_last_turns_are_answered_from_the_right_article(collections: dict[str, Index]) -> None:
    right = {
        half: sum(
            is_right(line, held(line["turns"], index).turns[-1].answer, index)
            for line in conversations(half)
            for index in [collections[line["on"]]]
        )
        for half in FLOORS
    }
    assert all(right[half] >= floor for half, floor in FLOORS.items()), right
    assert sum(right.values()) >= ALL, right
