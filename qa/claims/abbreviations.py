"""Short forms that a writer may use though the passage has the long ones, or the reverse."""

import re

from qa.evidence import tagged

_REGION_WORDS = """
京北京 津天津 沪上海 渝重庆 冀河北 晋山西 辽辽宁 吉吉林 黑黑龙江 苏江苏 浙浙江 皖安徽
闽福建 赣江西 鲁山东 豫河南 鄂湖北 湘湖南 粤广东 琼海南 川四川 蜀四川 黔贵州 贵贵州
滇云南 云云南 陕陕西 秦陕西 甘甘肃 陇甘肃 青青海 台台湾 桂广西 蒙内蒙古 藏西藏 宁宁夏
新新疆 港香港 澳澳门 中中国 美美国 俄俄罗斯 日日本 韩韩国 朝朝鲜 英英国 法法国 德德国
意意大利 印印度 乌乌克兰 欧欧洲 亚亚洲 非非洲
"""
_REGIONS = {word[0]: word[1:] for word in _REGION_WORDS.split()}
_OF_REGION = "方军媒企商警队籍东西南北中"
_ALIAS_WORDS = """
澳洲澳大利亚 北韩朝鲜 南韩韩国 狮城新加坡 羊城广州 申城上海 魔都上海 蓉城成都 冰城哈尔滨
春城昆明 泉城济南 星城长沙 江城武汉 鹏城深圳 首都北京 京城北京 山城重庆 津门天津 金陵南京
"""
_ALIASES = {word[:2]: word[2:] for word in _ALIAS_WORDS.split()}
_LATIN_WORDS = """
ai人工智能 app应用 app软件 app客户端 gdp生产总值 gdp经济总量 cpi消费价格 ppi出厂价格
nba职业篮球 cba职业篮球 wto世贸 who世卫 un联合国 eu欧盟 uk英国 us美国 usa美国 uae阿联酋
km公里 km千米 kg公斤 kg千克 cm厘米 mm毫米 kwh千瓦时 kwh度 gps定位 it信息技术
ceo首席执行官 cfo首席财务官 cto首席技术官 ipo上市 ipo公开募股 atm取款机 ktv歌厅
suv越野车 led发光二极管 dna基因 icu重症监护 etc电子收费 vr虚拟现实
"""
_LATIN_FORM = re.compile(r"([a-z0-9]+)([\u4e00-\u9fff]+)")
_LATIN = [(m[1], m[2]) for m in _LATIN_FORM.finditer(_LATIN_WORDS)]
_GAP = 4
"""Characters that a short form leaves out between two of its own at most."""


def is_short_for(name: str, joined: str) -> bool:
    """Tell whether a text has a longer form of a name: its characters in order, close together."""
    gap = rf"\w{{0,{_GAP}}}?"
    return re.search(gap.join(map(re.escape, name)), joined) is not None


def is_long_for(name: str, evidence: str) -> bool:
    """Tell whether a text has a shorter form of a name: 中科院 of 中国科学院."""
    if len(name) < 4:  # what is short already has no shorter form
        return False
    return any(
        1 < len(word) < len(name) - 1 and word[0] == name[0] and _is_within(word, name)
        for word, tag in tagged(evidence)
        if tag[:1] in "jn" and word not in name
    )


def _is_within(short: str, name: str) -> bool:
    characters = iter(name)
    return all(character in characters for character in short)


def is_of_regions(word: str, joined: str) -> bool:
    """Tell whether a word names regions by one character each, all of which a text has: 苏鲁."""
    if _ALIASES.get(word, word) in joined:
        return True
    if any(
        full == word and short + c in joined for short, full in _REGIONS.items() for c in _OF_REGION
    ):
        return True  # 美国, of 美方
    regions = word[:-1] if word[-1] in _OF_REGION else word  # 乌方, 粤东
    return all(c in _REGIONS and (c in joined or _REGIONS[c] in joined) for c in regions)


def is_region(word: str) -> bool:
    """Tell whether a word is the name of a province or a country that has a short form."""
    return word in _REGIONS.values()


def is_known_latin(word: str, joined: str) -> bool:
    """Tell whether a text says in Chinese what a short English form says: GDP."""
    return any(short == word and chinese in joined for short, chinese in _LATIN)
