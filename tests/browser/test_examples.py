"""Example questions from statements; no browser needed."""

import pytest

from qa.chat.clauses import questions


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "到目前为止，示范区纪委共检查“白名单”企业和商户36家。",
            "示范区纪委共检查“白名单”企业和商户多少家？",
            "36",
        ),
        ("第一批国家公园共有5个。", "第一批国家公园共有多少个？", "5"),
        (
            "示范区疫情防控工作推进会7月18日召开。",
            "示范区疫情防控工作推进会什么时候召开？",
            "7月18日",
        ),
        (
            "2022年7月24日14时22分，长征五号B遥三运载火箭在海南文昌航天发射场点火。",
            "长征五号B遥三运载火箭什么时候在海南文昌航天发射场点火？",
            "2022年7月24日",
        ),
        ("团市委书记化苑卜表示，下一步会推出系列活动。", "团市委书记是谁？", "化苑卜"),
    ],
)
def test_statement_becomes_its_question(sentence: str, question: str, answer: str) -> None:
    assert [(found.text, found.answer) for found in questions(sentence)] == [(question, answer)]


@pytest.mark.parametrize(
    "sentence",
    [
        "其中区级企业一共有130家。",
        "他们先后检查企业和商户36家。",
        "这是我国的第24次飞行任务。",
        "起飞约495秒后，实验舱与火箭分离。",
        "区级130家，市级25家，省级13家。",
        "区管委会副主任王磊强调，责任要压实。",
        "截至2022年7月，全市共有学校36所和医院12家。",
    ],
)
def test_statement_that_leans_on_others_is_left_alone(sentence: str) -> None:
    assert list(questions(sentence)) == []
