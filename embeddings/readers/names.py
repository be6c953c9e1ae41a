"""Chinese persons' names in credit lines."""

import re

from embeddings.readers.outlets import PLACES
from embeddings.tokens import word_frequency

_CITIES = frozenset(PLACES.split("|"))
_COMPOUND = (
    *("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙"),
    *("宇文", "司徒", "夏侯", "端木", "百里", "呼延", "轩辕", "南宫", "西门", "独孤"),
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
    "和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭"
    "梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻"
    "莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易"
    "慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜"
    "养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖佘佟代付仝占涂初闫苑岳兰覃衣车褚刑原敬战辜海操缐冼揭么锁"
    "隋商牟晋帅税鹿撒亢谌修鄢官展迟矫逢苟麦粟漆拓盘银庹仉亓缑肇锺旷揣谯芶底靖闪尉楼化"
)
_COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
)
_NOT_A_NAME = re.compile(
    r"报道|综合|整理|编辑|编译|供图|摄影|视频|文图|图文|图片|来源|消息|日报|晚报|新闻|时报|晨报|商报|电视|"
    r"电台|客户端|记者|通讯|实习|评论|特约|社区|公司|集团|大学|学院|中心|支队|大队|分局|公安|法院|检察|委员|"
    r"宣传|政府|办公|研究|医院|学校|银行|协会|发布|微信|公众|网站|有关|上接|下转|资料|以下|简称|左右|现场"
    r"|媒体|了解|获悉|采访|注意到|看到|走进|来到|发现|日前|近日|今天|昨天|表示|介绍|告诉|强调|从业|调查"
    r"|为您|提供|投稿|邮箱|视觉|团队|警方|机场|原创|致敬|转载|所有|本片|此文|禁止|连日|近日|日来|单位|查询|原载|卫视|频道|聚焦|立方|本报|专电|完$|网$|社$|报$|台$|站$|区$|受访|网友|凌晨|授权|标题|时刻|先生|女士|中国|信息|发自|文字|图解|局$|部$|厅$|县$|市$|省$|镇$|乡$"
)
_RUN_SURE = 6
_RUN_MAX = 16
"""Longest run of characters that is tried as names without spaces."""
COMMON_WORD = 20
"""A word this frequent in jieba's corpus is no name though it has the form of one: 「高兴」."""
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}$")
_LONG_NAME = re.compile(r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+$|[\u4e00-\u9fff]{5,6}$")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+)*$")


def has_surname(text: str) -> bool:
    """Tell whether a text begins as a Chinese name does."""
    return text[:1] in _SURNAMES or text[:2] in _COMPOUND


def is_chinese_name(text: str) -> bool:
    """Tell whether a text has the form of a Han name: surname, and one or two characters."""
    limit = 4 if text[:2] in _COMPOUND or _is_of_both_parents(text) else 3
    return (
        _HAN_NAME.match(text) is not None
        and len(text) <= limit
        and has_surname(text)
        and not _NOT_A_NAME.search(text)
    )


def may_be_name(text: str) -> bool:
    """Tell whether a text that a role announces can be a name, of whatever origin."""
    if _NOT_A_NAME.search(text) or text in _CITIES:
        return False
    return any(form.match(text) for form in (_HAN_NAME, _LONG_NAME, _LATIN_NAME))


def split_run(text: str) -> list[str]:
    """Cut names that were set without a space, as 「魏静尤龙」; other text stays whole."""
    if not 4 <= len(text) <= _RUN_MAX or text[:2] in _COMPOUND or "·" in text:
        return [text]
    if _is_of_both_parents(text):
        return [text]
    found = _as_names(text)
    # Running text may seem to be surnames and given names: then there are words among them.
    if len(text) > _RUN_SURE and 3 * sum(map(_holds_word, found)) > len(found):
        return [text]
    return found or [text]


def _is_of_both_parents(text: str) -> bool:
    """Tell whether four characters are one name with two surnames: 「吴陈幸子」."""
    return (
        len(text) == 4 and _COMMON_SURNAMES.issuperset(text[:2]) and text[2] not in _COMMON_SURNAMES
    )


def _holds_word(name: str) -> bool:
    parts = {name, name[:2], name[1:]} if len(name) > 2 else {name}
    return any(word_frequency(part) >= COMMON_WORD for part in parts)


def _as_names(text: str) -> list[str]:
    """Return the names that a text is nothing but, or nothing; even lengths first."""
    halves = (2, 3) if len(text) % 3 else (3, 2)
    for size in halves:
        first, rest = text[:size], text[size:]
        if is_chinese_name(first) and (not rest or (found := _as_names(rest))):
            return [first, *(found if rest else [])]
    return []
