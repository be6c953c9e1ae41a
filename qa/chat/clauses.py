"""Turns a statement into the question it answers.

Chinese asks in place: put 多少 where the figure stands, or 什么时候 where the day stands, and a
clause becomes a question. Clauses that lean on what was said before are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST, LONGEST = 8, 32
"""Characters a clause may have."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the words of the text that answer it."""

    text: str
    answer: str


_CLAUSE = re.compile(r"[^，。！？；：\n]+")
_LEANS = re.compile(
    r"^(?:其中|目前|据|但|并|也|还|而|且|又|为|以|因|从|在|对|把|被|与|和|及|或|共|约|近|超|有|是|由|让|使|"
    r"将|已|仍|再|先|后|前|同时|随后|此外|另|如|若|虽|即|则|当|经|按|于|向|到|至|达|每|各|第\d|至今|开展|"
    r"查出|进行|实现|完成|累计|新增|共计|总|全年|期间|今|昨|去年|同比|届时|截[至止]|距|仅|故|居然)"
    r"|[他她它这那该其此们我你也才却\s\[]|本报|本市|记者|比上年|因而|没有|以来$|[后前时的]$"
)
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("‘", "’"), ("「", "」"), ("(", ")"))

_FIGURE = re.compile(
    r"(?<![\d.第年月A-Za-z])(?P<figure>\d+(?:\.\d+)?)[万亿]?[多余]?"
    r"(?P<unit>平方公里|平方米|立方米|公里|人次|家|个|名|人|项|处|条|座|支|场|起|件|辆|艘|所|种|户|亩|元|"
    r"吨|米|部|本|间|篇|棵|台|位|届|岁|天)"
)
_FIGURE_FOLLOWS = re.compile(
    r"(?:共有|设有|拥有|建有|总数为|总数达|增加到|增至|达到|下辖|覆盖|有|为|达|由|共|检查|建成|设立|新建|"
    r"完成|发放|投入|救助|接待|服务|培训|组织|邀请|吸引)[约近]?$"
)

_DAY_TEXT = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_DAY = re.compile(rf"于?(?P<day>{_DAY_TEXT})(?![至到、\d上下晚早凌])")
_DAY_BEFORE = re.compile(rf"^(?P<day>{_DAY_TEXT})(?:\d{{1,2}}时(?:\d{{1,2}}分)?)?$")
_HAPPENS = (
    r"(?:在[^在]{2,14})?(?:热烈|正式|顺利|成功)?(?:举行|召开|开幕|闭幕|举办|启动|成立|揭牌|通车|开工|竣工|"
    r"发射|点火|升空|出生|去世|发布|上映|首播|开业|落成|建成|签约|签署|当选|就任|开场|宣布)(?![式仪后前时的])"
)
_EVENT = re.compile(rf"^{_HAPPENS}")
_SUBJECT_AND_EVENT = re.compile(rf"^(?P<subject>.{{3,24}}?)(?P<event>{_HAPPENS}.{{0,10}})$")

_OFFICE = re.compile(
    r"^(?P<office>[\u4e00-\u9fff]{2,12}(?:书记|主任|局长|市长|县长|区长|校长|院长|主席|总经理|董事长|"
    r"秘书长|台长|站长|馆长))(?P<name>[\u4e00-\u9fff]{2,3}?)"
    r"(?=表示|指出|强调|介绍|主持|近日|带队|说|告诉|认为|要求|率队|出席|致辞)"
)


def questions(sentence: str) -> Iterator[Question]:
    """Yield the questions that the clauses of a sentence answer on their own."""
    before = ""
    for match in _CLAUSE.finditer(sentence):
        clause = match.group().strip()
        question = _asked(clause, before)
        if question:
            yield question
        before = clause


def _asked(clause: str, before: str) -> Question | None:
    clause = clause.replace("由此", "")
    if not SHORTEST <= len(clause) <= LONGEST or not all(
        clause.count(left) == clause.count(right) for left, right in _PAIRS
    ):
        return None
    office = _who(clause)
    if office or _LEANS.search(clause):
        return office
    return _how_many(clause) or _when(clause) or _when_before(clause, before)


def _who(clause: str) -> Question | None:
    match = _OFFICE.search(clause)
    if not match or "副" in match["office"] or _LEANS.search(match["office"]):
        return None
    return Question(f"{match['office']}是谁？", match["name"])


def _how_many(clause: str) -> Question | None:
    match = _FIGURE.search(clause)
    if not match or len(re.findall(r"\d+(?:\.\d+)?", clause)) != 1 or match.start() < 2:
        return None
    head, tail = clause[: match.start()], clause[match.end() :]
    if (tail or match["unit"] == "人") and not _FIGURE_FOLLOWS.search(head):
        return None
    head = re.sub(r"[约近]$|超过$", "", head)
    return Question(f"{head}多少{match['unit']}{tail}？", match["figure"])


def _when(clause: str) -> Question | None:
    match = _DAY.search(clause)
    if not match or match.start() < 2 or not _EVENT.match(clause[match.end() :]):
        return None
    text = f"{clause[: match.start()]}什么时候{clause[match.end() :]}？"
    return Question(text, match["day"])


def _when_before(clause: str, before: str) -> Question | None:
    """Ask for the day that the clause before this one consists of."""
    day, match = _DAY_BEFORE.match(before), _SUBJECT_AND_EVENT.match(clause)
    if not day or not match or re.search(r"\d月\d", clause):
        return None
    return Question(f"{match['subject']}什么时候{match['event']}？", day["day"])
