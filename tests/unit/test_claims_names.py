"""Names of a claim against those of its evidence."""

import pytest

from qa.claims.names import strange_names

FAITHFUL = [
    ("又兼任董秘", "又兼任董事会秘书"),
    ("归母净利润", "归属于上市公司股东的净利润"),
    ("开车上路", "无证驾驶，还是在福山大队辖区"),
    ("倒卖球蟒牟利", "销售球蟒获利"),
    ("伴有短时强降雨", "伴有短时强降水"),
    ("大英博物馆主席奥斯本说", "大英博物馆主席乔治·奥斯本说"),
    ("津冀鲁等地", "天津、河北、山东等省市"),
    ("16岁的高中女生魏婷", "今年16岁、正上高中的女孩魏婷"),
    ("通知书寄给新生", "把录取通知书寄到新生手中"),
    ("中科院的专家", "中国科学院的专家"),
    ("中国科学院的专家", "中科院的专家"),
    ("上半年gdp增长", "上半年国内生产总值增长"),
    ("宋力强调安全", "宋力说要注意安全"),
]
WRONG = [
    ("负责人王晓颖说", "负责人王晓莹说", "王晓颖"),
    ("组员李彬", "组员李彦", "李彬"),
    ("在旧金山抢了两家", "在洛杉矶抢劫了两家", "旧金山"),
    ("从南京飞往海口,晚点", "南京飞三亚,延误", "海口"),
    ("国航在上海接收", "东航在上海接收", "国航"),
    ("仅次于亚运会", "仅次于奥运会", "亚运会"),
    ("黎平县两路口小学", "镇远县两路口小学", "黎平县"),
    ("在金山区廊下镇开幕", "在金山区吕巷镇开幕", "廊下镇"),
    ("越剧《荆钗计》", "越剧《荆钗记》", "荆钗计"),
    ("浙江再推动企业转型", "广东再推动企业转型", "浙江"),
    ("编剧兼作词戴劲松说", "作曲戴劲松回忆。编剧兼作词陈小玲说", "作词戴劲松"),
    ("主任王磊带队", "主任张晓带队，副主任王磊参加", "主任王磊"),
]


@pytest.mark.parametrize(("claim", "evidence"), FAITHFUL)
def test_what_is_no_name_or_another_form_of_one_passes(claim: str, evidence: str) -> None:
    assert strange_names(claim, evidence) == []


@pytest.mark.parametrize(("claim", "evidence", "name"), WRONG)
def test_another_name_is_strange(claim: str, evidence: str, name: str) -> None:
    assert name in strange_names(claim, evidence)
