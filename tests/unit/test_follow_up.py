"""Which questions lean on what was said, what they are completed to, and how long that takes."""

import dataclasses
import time

import pytest

from embeddings.types import Article
from qa import Answer, Citation
from qa import evidence as evidence_module
from qa.follow_up import FollowUp, Topic, follow_up
from qa.question import content_of
from tests.conftest import make_article

ARTICLE = make_article(
    "区教育局日前检查了42所学校的食堂，局长王建国带队。检查发现7处问题，其中5处当场改正，"
    "另外2处限期整改。城东小学的冷库温度不达标，城西小学的留样记录不全。",
    headline="区教育局检查学校食堂",
)


def answer(question: str, exact: str | None = None, article: Article = ARTICLE) -> Answer:
    quote = article.text[:10]
    cited = Citation(1, quote, article.id, article.headline, (), None, article.source, 0, 10)
    return Answer(question, f"{quote}[1]", exact, False, 0.9, (cited,), (), 0.1, question)


def followed(question: str, before: str, exact: str | None = None) -> FollowUp | None:
    return follow_up(question, Topic(before, answer(before, exact), ARTICLE))


BEFORE = "教育局检查了多少所学校的食堂？"


@pytest.mark.parametrize(
    "question",
    [
        "发现了几个问题？",
        "发现了几處問題？",
        "谁带的队？",
        "什么时候？",
        "为什么？",
        "他们多久查一次？",
        "其中几处当场改了？",
        "这次检查是谁带队的？",
        "该局以后还查吗？",
        "那边的冷库怎么了？",
        "再查一次吗？",
        "要是不改呢？",
        "城东小学查出了什么？",
        "How many of them passed?",
        "其他人去了哪里？",
    ],
)
def test_questions_that_lean_on_what_was_said(question: str) -> None:
    found = followed(question, BEFORE)
    assert found is not None
    assert found.article_id == ARTICLE.id and found.topic == BEFORE
    assert "教育局" in found.context and "多少" not in found.context


@pytest.mark.parametrize(
    "question",
    [
        "问天实验舱是什么时候发射的？",
        "泉州的世界遗产有几处？",
        "该怎么办理居住证？",
        "城南大桥的检查发现了几个问题？",
        "那不勒斯在哪个国家？",
        "再说说篮球邀请赛，有几支球队？",
        "Who won the chess championship in Reykjavik?",
        "篮球" * 200 + "他们呢？",
    ],
)
def test_questions_that_stand_on_their_own(question: str) -> None:
    assert followed(question, BEFORE) is None


@pytest.mark.parametrize(
    ("question", "before", "text"),
    [
        ("那市级呢？", "省级的企业有几家？", "市级的企业有几家？"),
        ("其中市级的呢？", "省级的企业有几家？", "市级的企业有几家？"),
        ("旅游片区呢", "高铁片区建设得怎么样了？", "旅游片区建设得怎么样了？"),
        ("那东北虎呢？", "长臂猿住在哪个国家公园？", "东北虎住在哪个国家公园？"),
        ("那上海呢？", "2022年北京的人口有多少？", "2022年上海的人口有多少？"),
        ("那城西小学呢？", "城东小学查出了什么？", "城西小学查出了什么？"),
        ("那其他医院呢？", "王建国检查了多少所医院？", "王建国检查了多少所其他医院？"),
        ("那张豆豆呢？", "王建国检查了几家企业？", "张豆豆检查了几家企业？"),
        ("那那曲呢？", "北京的人口有多少？", "那曲的人口有多少？"),
        ("那曲呢？", "北京的人口有多少？", "那曲的人口有多少？"),
        ("那家长呢？", "学生有多少？", "家长有多少？"),
        ("那马耳他呢？", "王建国去过荷兰吗？", "王建国去过马耳他吗？"),
    ],
)
def test_another_thing_takes_the_place_of_the_one_asked_about(
    question: str, before: str, text: str
) -> None:
    found = followed(question, before)
    assert found is not None and (found.text, found.context) == (text, "")
    inside = "城西" in question
    assert found.article_id == (ARTICLE.id if inside else None)


@pytest.mark.parametrize(
    "question",
    [
        "那个呢？",
        "那里呢？",
        "那天呢？",
        "那一家呢？",
        "那么这次呢？",
        "这两家呢？",
        "那些企业呢？",
        "那場比賽呢？",
    ],
)
def test_what_points_to_something_said_takes_no_place(question: str) -> None:
    found = followed(question, "省级的企业有几家？")
    assert found is not None and found.text == question
    assert "企业" in found.context and found.article_id == ARTICLE.id


@pytest.mark.parametrize(
    ("question", "before", "text"),
    [
        ("时间呢？", "检查在哪里进行？", "检查在 进行 时间是什么时候？"),
        ("那地点呢？", "检查的时间是哪天？", "检查的地点在哪里？"),
        ("那時間呢？", "檢查的地點在哪裡？", "检查的时间是什么时候？"),
        ("面积呢？", "食堂的人数是多少？", "食堂的面积是多少？"),
        ("原因呢？", "检查 食堂", "检查 食堂 原因是什么？"),
    ],
)
def test_another_aspect_is_asked_of_the_same(question: str, before: str, text: str) -> None:
    found = followed(question, before)
    assert found is not None and (found.text, found.context) == (text, "")
    assert found.article_id == ARTICLE.id


def test_another_thing_takes_its_place_in_the_question_itself_not_in_the_words_before_it() -> None:
    question = "城东小学的冷库怎么了？"
    context = content_of(BEFORE)
    latest = dataclasses.replace(answer(question), understood=f"{context} {question}", topic=BEFORE)
    found = follow_up("那城西小学呢？", Topic(BEFORE, latest, ARTICLE))
    assert found is not None and found.text == "城西小学的冷库怎么了？"


def test_a_person_takes_the_place_of_the_pronoun() -> None:
    asked = followed("他说了什么？", "王建国是谁？")
    told = followed("他说了什么？", "谁带的队？", exact="王建国")
    assert asked and told and asked.text == told.text == "王建国说了什么？"
    unclear = followed("他说了什么？", "王建国和李秀英是谁？")
    assert unclear and unclear.text == "他说了什么？"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("那他呢？", "那王建国呢？"),
        ("其他的他都查了吗？", "其他的王建国都查了吗？"),
        ("她家在哪裡？", "王建国家在哪裡？"),
        ("其他人去了哪里？", "其他人去了哪里？"),
        ("他的吉他呢？", "王建国的吉他呢？"),
    ],
)
def test_only_a_pronoun_of_its_own_is_replaced(question: str, text: str) -> None:
    found = followed(question, "王建国检查了多少所学校？")
    assert found is not None and found.text == text


@pytest.mark.parametrize("question", ["吉他比赛谁得了冠军？", "马耳他的首都在哪里？"])
def test_a_word_that_has_a_pronoun_in_it_is_none(question: str) -> None:
    assert followed(question, "王建国检查了多少所学校？") is None


@pytest.mark.parametrize(
    "question",
    ["还有呢？", "还有别的吗", "那还有谁？", "其他的呢"]
    + ["What else?", "Who else?", "Anything else?", "And who else？"],
)
def test_more_of_the_same(question: str) -> None:
    found = followed(question, BEFORE)
    assert found is not None and found.more and found.text == BEFORE


def test_without_an_article_only_plain_signs_count() -> None:
    nothing = Answer(BEFORE, "没有", None, True, 0.1, (), (), 0.1, BEFORE)
    topic = Topic(BEFORE, nothing, None)
    assert follow_up("他们多久查一次？", topic)
    assert follow_up("城东小学的冷库温度是多少？", topic) is None


def test_understanding_takes_less_than_ten_milliseconds() -> None:
    long = make_article(ARTICLE.text * 400, "long", "长文")
    questions = [
        "发现了几个问题？",
        "那城西小学呢？",
        "他还说了些什么？",
        "检查" * 100,
        "a b " * 50,
    ]
    follow_up("热身？", Topic(BEFORE, answer(BEFORE), ARTICLE))  # loads jieba
    for number, question in enumerate(questions):
        taken = []
        for turn in range(3):
            article = make_article(f"{number}{turn}{long.text}", "long", "长文")
            topic = Topic(BEFORE, answer(BEFORE, article=article), article)
            evidence_module._tagged.cache_clear()
            began = time.process_time()
            follow_up(question, topic)
            taken.append(time.process_time() - began)
        assert min(taken) < 0.010, (question, taken)
