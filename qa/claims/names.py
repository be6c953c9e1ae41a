"""Names in a sentence that what it cites does not have, found without a model.

jieba's tags for persons, places and organisations, quotations, foreign words, and common nouns
that make a name of what stands before them (文昌路小学); in English, romanised names by their
pinyin. A name may be shortened (纪委 for 纪律检查委员会), but not changed.
"""

import re

from embeddings.tokens import word_frequency
from qa.claims.common_words import COMMON_WORDS
from qa.evidence import tagged

_HAN = "\u3400-\u9fff"
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_HEADS_WORDS = """
小学 中学 大学 学院 学校 医院 社区 小区 村 镇 乡 街道 大道 路 街 桥 山 河 江 湖 港 县 市 省 区 州
公司 集团 办事处 委员会 纪委 党委 监委 局 厅 法院 检察院 馆 寺 宫 窑址 遗址 码头 公园 机场 车站
基金会 广场 产业园
"""
_HEADS = tuple(_HEADS_WORDS.split())
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严武戴莫孔向汤常温康施文牛樊葛邢安"
    "齐庞伍庄申聂章鲁岳翟殷詹欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉骆蓝路游辛靳管柴蒙鲍"
    "华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞"
    "姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼"
    "盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸"
)

_REGION = re.compile(r"[省市县区]$")
_QUOTED = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"")
_LATIN = re.compile(r"[a-z][a-z0-9+.-]*[a-z0-9+]|(?<![a-z0-9])[a-z](?![a-z0-9])")
_TITLE = re.compile(
    r"(副?(?:总书记|书记|主任|主席|总理|部长|省长|市长|县长|区长|镇长|局长|厅长|院长|校长|会长|董事长|总经理|经理"
    r"|教授|队长|站长|所长|处长|科长|组长|馆长|司长|委员长|志愿者|记者|乘组|航天员))"
)
_VERBS_BEFORE = "有由被把在是和与将对从向到"
_PARTICLES = "是才为和在对现曾已将又也就都被由从向与及或"
_NO_NAME = "的在对和与及或是为从向将已、，。；：（）()“”《》"
_ENDS_VERBS = "上下到成入出起过住进回开完着了"
"""Characters that end a verb, not a name: 追上, 驶入."""
_MARKS = re.compile(r"[\W_]+")
_RARE = 60
"""Occurrences in jieba's corpus of 60 million words below which a noun may well be a name."""
_RARE_CHARACTER = 350
_LEVELS = "省市县区镇乡"
_OF_LEVEL = re.compile(rf"[{_LEVELS}](?=([{_HAN}]{{4}}))[{_HAN}]{{4}}")
_NUMERALS = re.compile("[零〇一二三四五六七八九十百千万]{2,}")


def strange_names(simplified: str, evidence: str) -> list[str]:
    """Return what a Chinese sentence names and its evidence does not.

    Args:
        simplified: The sentence, in NFKC, lower case and Simplified characters.
        evidence: All that it may name, in the same form.
    """
    joined = _MARKS.sub("", evidence)
    quoted = [next(filter(None, m.groups())) for m in _QUOTED.finditer(simplified)]
    strange = [q for q in quoted if _MARKS.sub("", q) not in joined]
    strange += [word for word in _LATIN.findall(simplified) if word not in evidence]
    words = [(word, tag) for word, tag in tagged(simplified) if word.strip()]
    for before, (word, tag), after in zip(
        [("", ""), *words[:-1]], words, [*(w for w, _ in words[1:]), ""], strict=True
    ):
        if _is_strange(before[0], word, tag, after, joined):
            strange.append(word)
        elif word in _HEADS or (len(word) > 2 and word.endswith(_HEADS)):
            strange += _strange_compound(*before, word, joined)
    strange += _of_other_levels(simplified, joined) + _rare_characters(simplified, joined)
    return strange + _strange_in_lists(simplified, joined) + _misplaced(simplified, evidence)


def _is_strange(before: str, word: str, tag: str, after: str, joined: str) -> bool:
    if len(word) < 2 or not _is_han(word) or word in joined or word in COMMON_WORDS:
        return False
    if tag[:2] in _NAME_TAGS and _is_cut_wrongly(before, word, joined):
        return False
    if word[0] in _VERBS_BEFORE and word[1:] + after[:2] in joined:
        return False  # 有区|管委会
    if len(listed := word.split("等")[0]) < len(word) and listed in joined:
        return False  # 王|轶等区|领导
    if word.endswith(_HEADS) and is_short_for(word, joined):
        return False
    if tag.startswith("nr"):
        return not _goes_on(word, after, joined)
    if tag.startswith("ns"):
        without = _REGION.sub("", word)
        known = len(without) > 1 and without in joined
        return len(word) < 4 and not known
    if tag.startswith(("nt", "nz")):
        return not is_short_for(word, joined)
    # A rare word that makes a name of a noun which the evidence has: 巡天|实验舱.
    names_it = len(after) > 1 and _is_han(after) and after in joined
    return (
        names_it
        and tag[:1] in "nxvb"
        and not (tag.startswith("v") and word[-1] in _ENDS_VERBS)
        and word_frequency(word) < _RARE
        and not is_short_for(word, joined)
    )


def _is_han(text: str) -> bool:
    return re.fullmatch(f"[{_HAN}·]+", text) is not None


def _is_cut_wrongly(before: str, word: str, joined: str) -> bool:
    """Tell whether a name of the evidence's was cut in the wrong place: 鸡毛|松才."""
    in_front = word[-1] in _PARTICLES and len(before) > 1 and before[-2:] + word[:-1] in joined
    tail = word[-max(3, len(word) // 2) :]
    return in_front or (len(word) > 4 and tail in joined)


def _goes_on(word: str, after: str, joined: str) -> bool:
    """Tell whether a person's name was cut too late: 宋力强|调."""
    return any(
        len(word[:cut]) >= 2 and word[:cut] in joined and word_frequency(word[cut:] + after[:1]) > 0
        for cut in range(2, len(word))
    )


def _strange_compound(before: str, tag: str, head: str, joined: str) -> list[str]:
    """Return the name that a common noun makes of the word before it, if it is strange."""
    numbered = tag == "m" and _NUMERALS.fullmatch(before)
    known_person = tag.startswith("nr") and before in joined
    if (
        not _is_han(before)
        or known_person
        or not (numbered or tag.startswith((*_NAME_TAGS, "n", "j", "b")))
    ):
        return []
    name = before + head
    return [] if name in joined or is_short_for(name, joined) else [name]


def _strange_in_lists(simplified: str, joined: str) -> list[str]:
    """Return persons listed among others (丁有亮、邢海荣、…) whom jieba did not recognise."""
    strange = []
    for clause in re.split(r"[,，;；。:：]", simplified):
        items = re.split(r"、|和(?=[^和]{2,4}$)", clause)
        if len(items) < 2 or not any(_ends_with_person(item) for item in items[:-1]):
            continue
        for item in items[1:]:
            name = item[:3]
            if name[:1] in _SURNAMES and not any(name[:n] in joined for n in (2, 3)):
                strange.append(name)
    return strange


def _ends_with_person(text: str) -> bool:
    words = tagged(text)
    return bool(words) and words[-1][1].startswith("nr")


def _of_other_levels(simplified: str, joined: str) -> list[str]:
    """Return bodies that the evidence has at other levels only: 省指挥部 for 市指挥部."""
    return [
        m.group()
        for m in _OF_LEVEL.finditer(simplified)
        if m.group() not in joined and any(level + m[1] in joined for level in _LEVELS)
    ]


def _rare_characters(simplified: str, joined: str) -> list[str]:
    """Return characters that hardly anything but names has, and that the evidence has not."""
    return [
        character
        for word, tag in tagged(simplified)
        if not word_frequency(word) or len(word) == 1 or tag[:2] in _NAME_TAGS
        for character in word
        if _is_han(character)
        and character not in joined
        and word_frequency(character) < _RARE_CHARACTER
    ]


def is_short_for(name: str, joined: str) -> bool:
    """Tell whether a text has a longer form of a name: its characters in order, close together."""
    return re.search(f"[{_HAN}]{{0,4}}?".join(map(re.escape, name)), joined) is not None


def _misplaced(simplified: str, evidence: str) -> list[str]:
    """Return persons whose title belongs to somebody else in the evidence."""
    held = [(m[1], evidence[m.end() : m.end() + 4]) for m in _TITLE.finditer(evidence)]
    strange = []
    for m in _TITLE.finditer(simplified):
        name = _name_at(simplified[m.end() :], evidence)
        holders = [after for title, after in held if title == m[1] and _begins_with_name(after)]
        if name and holders and not any(after.startswith(name) for after in holders):
            strange.append(f"{m[1]}{name}")
    return strange


def _name_at(text: str, evidence: str) -> str:
    """Return the person that a text begins with, if the evidence has one of that name."""
    for length in (3, 2):
        name = text[:length]
        if len(name) == length and _is_han(name) and _begins_with_name(name) and name in evidence:
            return name
    return ""


def _begins_with_name(text: str) -> bool:
    if len(text) < 2 or not re.match(f"[{_HAN}]{{2}}", text) or text[0] in _NO_NAME:
        return False
    first = tagged(text)[0]
    return first[1].startswith("nr") or (text[0] in _SURNAMES and word_frequency(text[:2]) == 0)
