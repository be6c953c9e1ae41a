"""Makes newspaper pages out of known stories, as text extraction would leave them.

A page is a pure function of its seed and its stories. What varies: order of articles; headlines
before or after their articles, in part or all collected at the end; kickers with their headline or
split off; columns' width; breaks between columns, inside sentences; stray spaces; the marks and
bylines that articles open with; subheadings; captions; notices; mastheads and editors' credits.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.stories import Story

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国志文海云雪晓东佳琪浩然"
_PLACES = ("北京", "上海", "广州", "武汉", "成都", "郑州", "西安", "南京")
_SECTIONS = ("要闻", "综合新闻", "民生", "本市新闻", "城事", "经济", "教育周刊", "时政")
_MARKS = ("\ufffd" * 6, "□", "■ ", "●", "◆", "▲")
_OUTLETS = ("新华社", "人民日报", "央视新闻", "中国新闻网", "法治日报")
_NOTICES = (
    "遗失声明\n{name}遗失身份证，证号 4127{n}，声明作废。",
    "招聘启事\n本公司招聘仓库管理员 3 名，年龄 45 岁以下，月薪面议。联系电话：0394-82{n}",
    "公告\n因道路施工，文昌大道（工农路至八一路段）自 {m} 月 5 日起封闭施工，请过往车辆绕行。\n"
    "市公安局交通警察支队",
    "广告\n金秋家电节，全场八折起。地址：七一路 18 号 电话：0394-83{n}",
)
_NO_LINE_START = "，。、；：？！”’）》」』%"


@dataclass(frozen=True, slots=True)
class Item:
    """What a story became on a page."""

    story: Story
    authors: tuple[str, ...]
    kicker: str | None
    subheadings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text, and what is to be found in it."""

    text: str
    items: tuple[Item, ...]
    captions: tuple[tuple[str, str], ...]
    """Text and photographer of each."""
    notices: tuple[str, ...]
    section: str | None
    date: str | None
    marked: bool
    """Whether every article opens with a mark or a byline."""


@dataclass(slots=True)
class _Style:
    """What all of a page has in common."""

    width: int
    own_widths: bool
    marks: str
    openings: str
    place: str
    stray: float
    column: int | None
    indent: str
    paragraph_gap: bool
    notes: float
    ragged: bool
    """Gaps stand anywhere, not only where columns end."""
    indent_lost: bool


def make_page(stories: Sequence[Story], seed: int) -> Page:
    """Return the page of this seed, of 3 to 12 of the stories."""
    rng = random.Random(seed)
    count = min(rng.randint(3, 12), len(stories))
    chosen = rng.sample(list(stories), min(len(stories), count + 3))
    style = _style(rng)
    marked = style.openings != "none" and style.openings != "mixed"
    items: list[Item] = []
    collected: list[str] = []
    blocks: list[str] = []
    section, date, masthead = _masthead(rng)
    blocks += masthead
    captions: list[tuple[str, str]] = []
    spare = chosen[count:]
    for story in chosen[:count]:
        item, opening = _item(story, style, rng)
        items.append(item)
        body = _body(item, opening, style, rng)
        before, after, later = _headings(item, style, rng)
        blocks += [*before, body, *after]
        collected += later
        if spare and rng.random() < 0.15:
            text, photographer, block = _caption(spare.pop(), style, rng)
            captions.append((text, photographer))
            blocks.append(block)
    notices = [_notice(rng) for _ in range(rng.choice((0, 0, 0, 1, 1, 2)))]
    for notice in notices:
        blocks.insert(rng.randint(len(masthead), len(blocks)), _wrap(notice, 24))
    rng.shuffle(collected)
    blocks += collected
    if rng.random() < 0.3:
        blocks.append(
            rng.choice(("责任编辑：{} 版式：{}", "责编 {} 校对 {}")).format(_name(rng), _name(rng))
        )
    return Page(
        "\n\n".join(blocks) + "\n",
        tuple(items),
        tuple(captions),
        tuple(notices),
        section,
        date,
        marked,
    )


def _style(rng: random.Random) -> _Style:
    return _Style(
        width=rng.randint(12, 30),
        own_widths=rng.random() < 0.4,
        marks=rng.choice((*_MARKS, "", "", "")),
        openings=rng.choice(("local", "local", "local", "agency", "any", "mixed", "none")),
        place=rng.choice(("before", "after", "end", "mixed", "mixed")),
        stray=rng.choice((0.0, 0.0, 0.05, 0.3)),
        column=rng.choice((None, rng.randint(10, 25))),
        indent=rng.choice(("", "", "　　", "  ")),
        paragraph_gap=rng.random() < 0.2,
        notes=rng.choice((0.0, 0.15)),
        ragged=rng.random() < 0.2,
        indent_lost=rng.random() < 0.3,
    )


def _masthead(rng: random.Random) -> tuple[str | None, str | None, list[str]]:
    kind = rng.choice(("none", "section", "full", "parts"))
    section = rng.choice(_SECTIONS)
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    date = f"2023-{month:02d}-{day:02d}"
    written = f"2023年{month}月{day}日"
    if kind == "none":
        return None, None, []
    if kind == "section":
        return section, None, [section]
    if kind == "full":
        return section, date, [f"{written} 星期三 第0{rng.randint(1, 8)}版 {section}"]
    return (
        section,
        date,
        [f"A{rng.randint(1, 16)}", section, f"{written} 星期五\n责编 {_name(rng)}"],
    )


def _item(story: Story, style: _Style, rng: random.Random) -> tuple[Item, str]:
    opening, authors = _opening(style, rng)
    kicker = _kicker(story, rng) if rng.random() < 0.25 else None
    subheadings: tuple[str, ...] = ()
    if len(story.paragraphs) >= 4 and rng.random() < 0.3:
        count = rng.randint(1, len(story.paragraphs) // 2)
        subheadings = tuple(_phrase(p, rng) for p in story.paragraphs[1 : count + 1])
    return Item(story, authors, kicker, subheadings), opening


def _opening(style: _Style, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Return what a body opens with, and the authors it names."""
    kind = style.openings
    if kind == "any":
        kind = rng.choice(("local", "agency", "cited", "reporter", "own_line"))
    elif kind == "mixed":
        kind = rng.choice(("local", "agency", "none", "none"))
    first, second = _name(rng), _name(rng)
    mark = style.marks
    if kind == "none":
        return "", ()
    if kind == "agency":
        place, day = rng.choice(_PLACES), f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        agency = rng.choice(("新华社", "新华社", "中新社", "人民网"))
        return f"{mark}{agency}{place}{day}电（记者{first}、{second}）", (first, second)
    if kind == "cited":
        return f"{mark or '■'}据{rng.choice(_OUTLETS)}报道，", ()
    if kind == "reporter":
        return f"{mark}本报记者 {first} 通讯员 {second}\n", (first, second)
    if kind == "own_line":
        return f"□ 本报记者 {first}\n", (first,)
    form = rng.choice(
        (
            ("本报讯 （记者 {0}） ", 1),
            ("本报讯（记者 {0} 通讯员 {1}）", 2),
            ("本报讯 （记者 {0} 文/图） ", 1),
            ("本报讯 ", 0),
            ("本报讯（记者{0}、{1}）", 2),
        )
    )
    return mark + form[0].format(first, second), (first, second)[: form[1]]


def _headings(
    item: Item, style: _Style, rng: random.Random
) -> tuple[list[str], list[str], list[str]]:
    """Return the heading's blocks before the body, after it, and for the page's end."""
    headline = _split_headline(item.story.headline, rng)
    place = style.place
    if place == "mixed":
        place = rng.choice(("before", "after", "after", "end"))
    lines = [headline]
    apart: list[str] = []
    if item.kicker and rng.random() < 0.3:
        apart = [item.kicker]
    elif item.kicker and rng.random() < 0.5:
        lines = [item.kicker, headline]
    elif item.kicker:
        lines = [f"{item.kicker}\n{headline}"]
    if place == "before":
        return lines, [], apart
    if place == "after":
        return [], lines, apart
    return [], [], ["\n\n".join(lines), *apart]


def _split_headline(headline: str, rng: random.Random) -> str:
    """A long headline may stand on two lines."""
    if len(headline) >= 18 and rng.random() < 0.25:
        at = len(headline) // 2 + rng.randint(-2, 2)
        at += headline[at] in _NO_LINE_START
        return f"{headline[:at]}\n{headline[at:]}"
    return headline


def _kicker(story: Story, rng: random.Random) -> str:
    phrase = _phrase(story.paragraphs[-1], rng)
    if rng.random() < 0.5:
        # Two phrases of a kicker are about equally long.
        second = _phrase(story.paragraphs[0], rng)
        size = min(len(phrase), len(second), 9)
        return f"{phrase[-size:]} {second[-size:]}"
    return f"{phrase}{rng.choice(('时强调', '会议要求', '时指出'))}"


def _phrase(text: str, rng: random.Random) -> str:
    """A clause of the text, shortened at both ends: 4 to 12 characters without punctuation."""
    clauses = [c for c in re.findall(r"[\u4e00-\u9fff]+", text) if len(c) >= 5]
    clause = rng.choice(clauses) if clauses else "有关情况"
    size = min(len(clause), rng.randint(4, 12))
    return clause[len(clause) - size :]


def _body(item: Item, opening: str, style: _Style, rng: random.Random) -> str:
    width = rng.randint(12, 30) if style.own_widths else style.width
    lines: list[str] = []
    for number, paragraph in enumerate(item.story.paragraphs):
        if 1 <= number <= len(item.subheadings):
            gap = rng.random() < 0.5
            lines += [*([""] if gap else []), item.subheadings[number - 1], *([""] if gap else [])]
        text = paragraph
        if number == 0:
            *own, start = opening.split("\n")
            lines += own
            text = start + text
        if number == len(item.story.paragraphs) - 1 and rng.random() < style.notes:
            text += f"（下转第{rng.choice('二三四五')}版）"
        indent = style.indent or ("\0" if style.indent_lost else "")
        wrapped = _wrap(_stray(text, style.stray, rng), width, indent)
        lines += wrapped.replace("\0", "").split("\n")
        if style.paragraph_gap:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    if style.column:
        lines = _columns(lines, style.column, style.ragged, rng)
    return "\n".join(lines)


def _columns(lines: list[str], every: int, ragged: bool, rng: random.Random) -> list[str]:
    out: list[str] = []
    left = rng.randint(3, every)
    for line in lines:
        if left == 0 and out and out[-1]:
            out.append("")
            left = rng.randint(1, every) if ragged else every
        out.append(line)
        left = max(0, left - 1)
    return out


def _stray(text: str, share: float, rng: random.Random) -> str:
    """Put spaces beside punctuation and figures, as justified columns leave them."""
    if not share:
        return text
    return "".join(
        c + " " if (c in "，。、；“”（）" or c.isdigit()) and rng.random() < share else c
        for c in text
    )


def _wrap(text: str, width: int, indent: str = "") -> str:
    """Cut into lines of this many full characters; none begins with closing punctuation."""
    out: list[str] = []
    for paragraph in text.split("\n"):
        left, first = paragraph, True
        while left:
            size = _fitting(left, 2 * width - (4 if first and indent else 0))
            while size < len(left) and left[size] in _NO_LINE_START:
                size += 1
            out.append((indent if first else "") + left[:size].rstrip())
            left, first = left[size:].lstrip(), False
    return "\n".join(out)


def _fitting(text: str, cells: int) -> int:
    """How many characters fit into so many half-width cells; stray spaces take none."""
    for size, character in enumerate(text):
        cells -= 0 if character == " " else 1 if character < "\u0100" else 2
        if cells < 0:
            return max(1, size)
    return len(text)


def _caption(story: Story, style: _Style, rng: random.Random) -> tuple[str, str, str]:
    name = _name(rng)
    text = story.sentences[0][:110]
    text = text if text[-1] in "。！？”" else text + "。"
    credit = rng.choice(
        (
            f"\n记者 {name} 摄",
            f"\n本报记者 {name} 摄",
            f"（{name} 摄）",
            f"\n{name}/摄",
            f"\n新华社记者 {name} 摄",
            f"\n通讯员 {name} 摄影报道",
        )
    )
    mark = style.marks if "\ufffd" in style.marks else rng.choice(("", "", "图为", "▲"))
    return text, name, _wrap(mark + text + credit, rng.randint(24, 38))


def _notice(rng: random.Random) -> str:
    return rng.choice(_NOTICES).format(
        name=_name(rng), n=rng.randint(100000, 999999), m=rng.randint(1, 12)
    )


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
