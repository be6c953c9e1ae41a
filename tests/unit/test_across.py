"""English questions, asked of Chinese articles."""

from pathlib import Path

import numpy as np
import pytest

from embeddings import load_index
from embeddings.across import heard, names_of, query_vector
from embeddings.language import is_chinese
from embeddings.rebuild import index_articles
from embeddings.tokens import query_terms
from embeddings.types import Chunk, Vectors
from tests.conftest import BigramEncoder, make_article


class LeaningEncoder(BigramEncoder):
    """All that is English leans to one side, whatever it says."""

    def _vector(self, text: str) -> Vectors:
        vector = 0.2 * super()._vector(text)
        vector[-1] += not is_chinese(text)
        return vector / float(np.linalg.norm(vector))


def test_a_chinese_question_is_searched_as_it_is() -> None:
    encoder = LeaningEncoder()
    asked = query_vector(encoder, "谁去了市場？")
    np.testing.assert_array_equal(asked, encoder.encode_queries(["谁去了市场？"]))


def test_what_english_questions_have_in_common_is_taken_out() -> None:
    encoder = LeaningEncoder()
    plain = encoder.encode_queries(["Who visited the market?"])
    asked = query_vector(encoder, "Who visited the market?")
    assert asked.shape == (1, 64)
    assert float(np.linalg.norm(asked)) == pytest.approx(1, abs=1e-6)
    assert plain[0, -1] > 0.9
    assert abs(float(asked[0, -1])) < 0.9


def test_romanised_names_are_heard_in_the_text_and_the_headline() -> None:
    names = names_of("Did Zhang Doudou visit Xiamen with Zhang Doudou?")
    assert names == ["Zhang Doudou", "Xiamen"]
    article = make_article("张豆豆出席活动。", headline="厦门的一天")
    chunk = Chunk("a", 0, 8, article.text)
    assert heard(names, chunk, article) == 1.0
    assert heard(["Li Na", "Xiamen"], chunk, article) == 0.5


def test_the_article_with_the_name_comes_first(
    tmp_path: Path, bigram_encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = np.full(64, 0.125, np.float32)
    monkeypatch.setattr(bigram_encoder, "_vector", lambda text: same)
    texts = ["市长出席大桥通车仪式。", "张豆豆出席大桥通车仪式。", "大桥五月通车。"]
    index_articles([make_article(text, str(n)) for n, text in enumerate(texts)], tmp_path)
    found = load_index(tmp_path).search("Which ceremony did Zhang Doudou attend?", 3)
    assert found[0].article_id == "1"
    assert 0 <= found[0].score <= 1


def test_common_english_words_are_not_looked_for() -> None:
    assert set(query_terms("Who is the head of SMIC in 2023?")) == {"head", "smic", "2023"}
    assert set(query_terms("Who is it?")) == {"who", "is", "it"}
    assert "the" in query_terms("乐队 The Who 的主唱")
