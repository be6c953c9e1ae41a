"""Questions about days, for lists, for the latest, and for how something went."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from embeddings import Index, load_index
from embeddings.ranking import passage_of
from embeddings.rebuild import index_articles
from embeddings.sentences import Span
from embeddings.types import Article, Passage
from qa import Conversation, Filters, ask
from qa.question import understand
from qa.sentences import sentences_of
from qa.timeline import ABOUT, day_of, timeline
from qa.types import Answer


def dated(name: str, day: str | None, headline: str, text: str) -> Article:
    date = datetime.date.fromisoformat(day) if day else None
    return Article(name, headline, None, (), date, None, f"{name}.txt", "article", text)


ARTICLES = [
    dated("bridge-1", "2022-06-10", "城东大桥开工", "6月9日，城东大桥开工建设，预计投资3亿元。"),
    dated(
        "bridge-2",
        "2022-07-02",
        "城东大桥合龙",
        "7月1日，城东大桥顺利合龙。施工队共有120人。目前城东大桥已投资2亿元。",
    ),
    dated("bridge-3", "2022-07-18", "城东大桥通车", "7月18日上午，城东大桥通车，总投资为4亿元。"),
    dated("schools", "2022-07-18", "三所学校开工", "7月17日，扶沟路小学、桂园路小学同时开工建设。"),
    dated("clinic", "2022-07-11", "社区医院开业", "新设的社区医院有文昌医院、搬口医院和许湾医院。"),
    dated("undated", None, "图书馆", "市图书馆藏书50万册，每天开放十小时。"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("widely")
    index_articles(ARTICLES, folder)
    return load_index(folder)


def test_the_news_of_a_day(index: Index) -> None:
    answer = ask("今天有什么新闻？", index=index)
    today = datetime.date(2022, 7, 18)  # the corpus' latest day, which is not ahead of the real one
    assert answer.filters == Filters(since=today, until=today)
    assert [citation.article_id for citation in answer.citations] == ["bridge-3", "schools"]
    assert [(item.text, item.n) for item in answer.items] == [
        ("城东大桥通车", 1),
        ("三所学校开工", 2),
    ]
    assert {c.date for c in ask("7月上旬有哪些报道？", index=index).citations} == {
        datetime.date(2022, 7, 2)
    }


def test_days_narrow_and_can_be_ignored(index: Index) -> None:
    question = "上个月城东大桥怎么了？"
    narrowed = ask(question, index=index)
    assert narrowed.filters.until == datetime.date(2022, 7, 1)
    assert narrowed.understood == "城东大桥怎么了？"
    assert {passage.article_id for passage in narrowed.passages} == {"bridge-1"}
    free = ask(question, index=index, understand_dates=False)
    explicit = ask(question, index=index, filters=Filters(since=datetime.date(2022, 7, 1)))
    for answer in (free, explicit):
        assert answer.filters == Filters() and answer.understood == question
    assert len({passage.article_id for passage in free.passages}) > 1


def test_days_on_which_nothing_was_published_narrow_nothing(index: Index) -> None:
    answer = ask("1998年5月有什么新闻？", index=index)
    assert answer.filters == Filters()


def test_without_dates_there_is_no_today(
    index_of: Callable[[Sequence[Article]], Index],
) -> None:
    assert ask("昨天图书馆怎么了？", index=index_of(ARTICLES[-1:])).filters == Filters()


def test_things_of_a_kind_are_items_with_their_quotes(index: Index) -> None:
    answer = ask("新设了哪些社区医院？", index=index)
    assert {item.text for item in answer.items} >= {"文昌医院", "搬口医院", "许湾医院"}
    for item in answer.items:
        assert item.text in answer.citations[item.n - 1].quote


def test_the_latest_is_of_the_newest_article(index: Index) -> None:
    def cited(question: str) -> set[str]:
        return {citation.article_id for citation in ask(question, index=index).citations}

    assert cited("城东大桥投资多少亿元？") == {"bridge-1", "bridge-3"}
    assert cited("城东大桥最近一次投资数据是多少？") == {"bridge-3"}


def test_how_something_went_is_a_timeline(index: Index) -> None:
    answer = ask("城东大桥建设的经过是怎样的？", index=index)
    assert [item.text for item in answer.items] == ["2022-06-09", "2022-07-01", "2022-07-18"]
    assert [item.n for item in answer.items] == [1, 2, 3] == [c.n for c in answer.citations]
    for citation in answer.citations:
        article = index.article(citation.article_id)
        assert article and article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("published", "text", "day"),
    [
        ("2022-07-18", "火箭将于7月24日发射。", "2022-07-24"),
        ("2022-12-28", "大会定于1月5日开幕。", "2023-01-05"),
        ("2023-01-03", "12月28日，大会闭幕。", "2022-12-28"),
        ("2022-11-20", "2月3日，工程开工。", "2022-02-03"),
        ("2022-07-18", "自去年12月20日实施以来，一切顺利。", "2021-12-20"),
        ("2022-07-18", "2019年8月1日，工程竣工。", "2019-08-01"),
        (None, "2019年8月1日，工程竣工。", "2019-08-01"),
        (None, "7月24日，工程竣工。", None),
        ("2022-07-18", "2月30日，工程竣工。", None),
    ],
)
def test_the_year_of_a_day(published: str | None, text: str, day: str | None) -> None:
    article = dated("a", published, "标题", text)
    (sentence,) = sentences_of([passage_of(article, Span(0, len(text)), 1, 1.0)])
    found = day_of(sentence)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("asked", ["城東大橋有什麼進展？", "Timeline of 城东大桥"])
def test_what_asks_for_a_timeline_is_not_searched_for(asked: str) -> None:
    searched = []

    class Searched(Index):
        def __init__(self) -> None: ...

        def search(self, question: str, *args: object) -> list[Passage]:  # type: ignore[override]
            searched.append(question.strip(" ？"))
            return []

    unsure = Answer(asked, "", None, True, 0.04, (), (), 0.0)
    assert timeline(unsure, understand(asked), Searched(), Filters()) is unsure
    assert searched == ["城东大桥"]


def test_how_the_thing_spoken_of_went_is_a_timeline(index: Index) -> None:
    first = ask("城东大桥总投资多少亿元？", index=index)
    conversation = Conversation().with_answer(first)
    then = ask("建设的经过是怎样的？", conversation, index)
    assert [item.text for item in then.items] == ["2022-06-09", "2022-07-01", "2022-07-18"]
    assert not ask("还有呢？", conversation.with_answer(then), index).items


def test_a_timeline_of_what_no_sentence_answers_is_as_sure_as_its_passages(index: Index) -> None:
    question = understand("城东大桥建设的经过是怎样的？")
    unsure = Answer(question.text, "", None, True, 0.04, (), (), 0.0)
    answer = timeline(unsure, question, index, Filters())
    assert not answer.abstained and answer.confidence >= ABOUT
    sure = timeline(replace(unsure, abstained=False, confidence=0.9), question, index, Filters())
    assert sure.confidence == 0.9


def test_another_day_of_the_same(index: Index) -> None:
    first = ask("今天有什么新闻？", index=index)
    then = ask("那上个月呢？", Conversation().with_answer(first), index)
    assert then.filters.since == datetime.date(2022, 6, 1)
    assert [citation.article_id for citation in then.citations] == ["bridge-1"]
