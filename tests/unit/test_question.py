import pytest

from embeddings.tokens import simplify
from qa.evidence import exact_answer, missing_names, type_evidence, unit_evidence
from qa.question import coverage, understand


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("检查了多少家企业？", "figure"),
        ("有几支队伍参赛", "figure"),
        ("會議是哪天召開的？", "time"),
        ("几月几号开幕", "time"),
        ("Who chaired the meeting?", "person"),
        ("书记是谁", "person"),
        ("仪式在哪个社区举行？", "place"),
        ("How many firms were inspected?", "figure"),
        ("引用了哪句古话", "other"),
        ("哪几个部门参加了检查？", "other"),
        ("哪几位代表发了言？", "person"),
        ("几内亚总统是谁？", "person"),
        ("许多大学参加的是什么比赛？", "other"),
        ("大桥有多长？", "figure"),
        ("大熊猫幼崽出生时多重", "figure"),
        ("会议提出了几点要求？", "figure"),
        ("几点开门", "time"),
        ("In which year did the bridge open?", "time"),
        ("How tall is the tower?", "figure"),
    ],
)
def test_what_kind_of_answer_is_wanted(text: str, wants: str) -> None:
    assert understand(text).wants == wants


def test_question_words_are_no_content() -> None:
    assert set(understand("请问示范区纪委一共检查了多少家企业呢？").weights) >= {
        "纪委",
        "检查",
        "企业",
    }
    assert "多少" not in understand("检查了多少家企业？").weights


def test_coverage_is_the_share_of_content_that_is_there() -> None:
    question = understand("纪委检查企业")
    assert coverage(question, "纪委检查企业36家") == 1.0
    assert coverage(question, "篮球赛开幕") == 0.0
    assert 0 < coverage(question, "检查学校") < 1
    assert coverage(understand("？？？"), "任何文字") == 0.0


def test_the_question_before_counts_for_less() -> None:
    question = understand("发现了几个问题？", context="纪委督导了多少家企业？")
    assert question.wants == "figure"
    assert 0 < question.weights["督导"] < understand("督导").weights["督导"]


@pytest.mark.parametrize(
    ("question", "sentence", "evidence"),
    [
        ("检查了多少家企业？", "共检查企业36家。", 1.0),
        ("检查了多少家企业？", "检查了不少企业。", -1.0),
        ("7月开了多少次会？", "7月召开会议。", -1.0),
        ("会议哪天召开？", "7月15日召开会议。", 1.0),
        ("引用了什么古话？", "人一之我十之。", 0.0),
    ],
)
def test_whether_the_kind_wanted_is_there(question: str, sentence: str, evidence: float) -> None:
    assert type_evidence(understand(question), simplify(sentence)) == evidence


def test_the_unit_asked_for() -> None:
    question = understand("检查了多少家企业？")
    assert unit_evidence(question, "出动45人次，检查企业36家") == 1.0
    assert unit_evidence(question, "出动45人次") == -1.0
    assert unit_evidence(understand("是谁检查的？"), "检查企业36家") == 0.0


@pytest.mark.parametrize(
    ("question", "quote", "exact"),
    [
        ("检查了多少家企业？", "出动45人次，检查企业36家。", "36家"),
        ("会议哪天召开？", "7月15日，示范区召开会议。", "7月15日"),
        ("增长了多少？", "产值36亿元，增长5.1%，排名第2。", None),
        ("谁主持会议？", "宋力主持会议。", None),
    ],
)
def test_the_exact_answer_where_it_is_plain(question: str, quote: str, exact: str | None) -> None:
    assert exact_answer(understand(question), quote) == exact


def test_names_that_a_text_lacks() -> None:
    question = understand("川汇区2021年有多少家企业？")
    assert missing_names(question, "示范区2022年有168家企业") == 1.0
    assert missing_names(question, "川汇区2021年有36家企业") == 0.0
    assert missing_names(understand("有多少家企业？"), "") == 0.0
