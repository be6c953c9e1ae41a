"""Asking, from Python: answers, citations, abstention, conversation."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings import Index, load_index
from embeddings.errors import InputError
from embeddings.filters import EVERYTHING
from qa import Answer, Conversation, ask, ask_stream, retrieve
from qa.extract import MAX_CITATIONS
from tests.conftest import CHECKOUT

QUESTION = "示范区纪委检查了多少家企业？"


@pytest.fixture(scope="module")
def index(seeds_index: Path) -> Index:
    return load_index(seeds_index)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (QUESTION, "36家"),
        ("示範區紀委檢查了多少家企業？", "36家"),
        ("问天实验舱是什么时候发射的？", "2022年7月24日"),
        ("篮球赛有几支队伍参加？", "5支"),
        ("How many teams took part in the basketball tournament?", "5支"),
    ],
)
def test_the_sentence_that_answers_is_quoted(index: Index, question: str, found: str) -> None:
    answer = ask(question, index=index)
    assert not answer.abstained
    assert found in answer.text
    assert 0 < answer.confidence <= 1
    assert answer.seconds > 0


def test_half_characters_are_replaced(index: Index) -> None:
    """Arguments of a command need not be text; found by fuzzing."""
    answer = ask("\udcff示范区纪委检查了多少家企业？", ["\ud800"], index)
    assert "36家" in answer.text
    assert Conversation().with_answer(answer).to_jsonl().encode()
    assert retrieve("\ud83d\ude00 检查企业 \udcff", index=index)


def test_the_stages_make_up_the_time_that_an_answer_takes(index: Index) -> None:
    ask(QUESTION, index=index)  # loads what there is to load
    answer = ask(QUESTION, index=index)
    assert all(seconds > 0 for seconds in answer.stages.values())
    assert 0.8 * answer.seconds < sum(answer.stages.values()) <= answer.seconds
    assert answer.stages["load"] < 0.5 * answer.seconds


def assert_citations_are_verbatim(index: Index, question: str) -> None:
    answer = ask(question, index=index)
    assert len(answer.citations) <= MAX_CITATIONS
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        article = index.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
        assert f"{citation.quote}[{citation.n}]" in answer.text
    if answer.abstained:
        assert answer.citations == () and answer.exact is None
    elif answer.exact is not None:
        assert any(answer.exact in citation.quote for citation in answer.citations)


_WORDS = st.sampled_from(
    ["示范区", "纪委", "企业", "篮球赛", "宋力", "会议", "多少", "谁", "哪天", "什么", "在哪里"]
    + ["泉州", "国家公园", "问天", "36", "[1]", "？", "\0", "who"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=st.lists(_WORDS, min_size=1, max_size=8).map("".join))
def test_every_citation_is_found_at_its_offsets(seeds_index: Path, question: str) -> None:
    assert_citations_are_verbatim(load_index(seeds_index), question)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_text_may_be_asked(seeds_index: Path, question: str) -> None:
    assert_citations_are_verbatim(load_index(seeds_index), question)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("月球基地的咖啡馆几点关门？", "没有找到"),
        ("Who won the chess championship in Reykjavik?", "Nothing"),
    ],
)
def test_what_the_paper_does_not_say_is_not_answered(
    index: Index, question: str, word: str
) -> None:
    answer = ask(question, index=index)
    assert answer.abstained
    assert word in answer.text
    assert answer.citations == () and answer.exact is None
    nearest = answer.passages[0].headline or answer.passages[0].text[:8]
    assert nearest in answer.text


def test_a_follow_up_finds_its_topic_in_the_question_before(index: Index) -> None:
    answer = ask("发现了几个问题？", history=["区纪委督导了多少家白名单企业？"], index=index)
    assert "9个" in answer.text


def test_the_history_may_be_a_conversation(index: Index) -> None:
    first = ask("区纪委督导了多少家白名单企业？", index=index)
    history = Conversation().with_answer(first)
    answer = ask("发现了几个问题？", history=history, index=index)
    assert "9个" in answer.text
    assert first.understood == first.question


def test_a_follow_up_is_answered_for_itself_not_the_question_before_again(index: Index) -> None:
    conversation, exact = Conversation(), []
    for question in ("示范区纪委检查了多少家企业？", "那省级的企业有几家？", "那区级的呢？"):
        answer = ask(question, conversation, index)
        conversation = conversation.with_answer(answer)
        exact.append(answer.exact)
    assert exact == ["36家", "13家", "130家"]


def test_a_follow_up_reaches_past_a_digression(index: Index) -> None:
    history = ["区纪委督导了多少家白名单企业？", "火星上有几家银行？"]
    assert "9个" in ask("发现了几个问题？", history=history, index=index).text


def test_a_question_on_something_else_is_no_follow_up(index: Index) -> None:
    answer = ask("火星上有几家银行？", history=["示范区纪委检查了多少家企业？"], index=index)
    assert answer.abstained


def test_streaming_takes_what_asking_takes(index: Index) -> None:
    for understood in (True, False):
        *_, answer = ask_stream("7月下旬有什么新闻？", (), index, EVERYTHING, understood)
        assert isinstance(answer, Answer) and (answer.filters != EVERYTHING) == understood


def test_retrieve_ranks_passages_of_the_right_article_first(index: Index) -> None:
    passages = retrieve(QUESTION, k=4, index=index)
    assert [p.rank for p in passages] == [1, 2, 3, 4]
    assert "36家" in passages[0].text
    for passage in passages:
        article = index.article(passage.article_id)
        assert article is not None
        assert article.text[passage.start : passage.end] == passage.text


def test_the_index_may_come_from_the_environment(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENBAO_INDEX", str(seeds_index))
    assert "36家" in retrieve(QUESTION, k=1)[0].text


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_is_an_error(index: Index, question: str) -> None:
    with pytest.raises(InputError):
        ask(question, index=index)
    with pytest.raises(InputError):
        retrieve(question, index=index)


def test_a_question_of_a_megabyte_is_answered_in_seconds(index: Index) -> None:
    answer = ask("示范区" * 350_000, index=index)
    assert answer.seconds < 5


def test_asking_needs_no_torch(index: Index, seeds_index: Path) -> None:
    # the fixture has exported encoder and reader where they were not
    code = (
        "import sys; from qa import ask\n"
        f"answer = ask({QUESTION!r}, index={str(seeds_index)!r})\n"
        "print(answer.exact, {'torch', 'transformers'} & sys.modules.keys())"
    )
    ask(QUESTION, index=index)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert done.stdout.strip() == "36家 set()"
