"""Datelines and credits, one form after the other."""

import datetime

import pytest

from embeddings.readers.datelines import Dateline, dateline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "新华社北京7月28日电（记者王小明 李红）大桥通车。",
            ("新华社", "北京", (7, 28), "王小明 李红"),
        ),
        (
            "原标题：大桥通车扬子晚报网7月24日讯（通讯员 丹审）桥通了。",
            ("扬子晚报网", None, (7, 24), "丹审"),
        ),
        ("原标题：建数据库长沙晚报8月7日讯 桥通了。", ("长沙晚报", None, (8, 7), "")),
        ("中新网新疆新闻8月8日电（顾莎莎）桥通了。", ("中新网新疆新闻", None, (8, 8), "顾莎莎")),
        (
            "【环球网报道 记者 朱嘉琪】据路透社7月3日报道，桥通了。",
            ("环球网", None, None, "朱嘉琪"),
        ),
        ("北京青年报记者7月25日从多家机构了解到，桥通了。", ("北京青年报", None, (7, 25), "")),
        ("据新华社7月25日消息，桥通了。", (None, None, None, "")),
        ("证据新京报讯 记者看到，桥通了。", ("新京报", None, None, "")),
        ("桥通了。（记者杨湛菲）新华社北京8月3日电", ("新华社", "北京", (8, 3), "杨湛菲")),
        ("红星新闻网（记者 宋雅婷）7月29日报道 桥通了。", ("红星新闻网", None, (7, 29), "宋雅婷")),
        (
            "极目新闻记者 林楚晗通讯员 沙莎 张文蕾8月7日，桥通了。",
            ("极目新闻", None, None, "林楚晗 沙莎 张文蕾"),
        ),
        ("记者 郑莹莹尽管节气已过，桥通了。", (None, None, None, "郑莹莹")),
        ("记者高兴地看到，桥通了。", (None, None, None, "")),
        ("桥通了。□新京报评论员 迟道华", ("新京报", None, None, "迟道华")),
        ("桥通了。来源：甲报 记者 高健 通讯员 宋窈流程编辑：U016", (None, None, None, "高健 宋窈")),
        ("桥通了。新华社发（拉菲·克尔德摄）车在走。", (None, None, None, "拉菲·克尔德")),
        ("桥通了。（龙集镇 审核 杨动动 责任编辑 刘南）", (None, None, None, "")),
        ("张明拍摄影片。摄影：李红 编辑：王明", (None, None, None, "李红")),
        ("（观察者网讯）据韩联社8日报道，桥通了。", ("观察者网", None, None, "")),
        ("舜网讯私家车失控，桥通了。", ("舜网", None, None, "")),
        ("桥通了 安青网讯为深入学习，桥通了。", ("安青网", None, None, "")),
        ("央视新闻消息，日本媒体7月25日报道，桥通了。", ("央视新闻", None, None, "")),
        ("《经济参考报》记者8月16日从会上获悉，桥通了。", ("经济参考报", None, (8, 16), "")),
        ("澎湃新闻从知情人士处确认，桥通了。", (None, None, None, "")),
        ("大家讲述。青岛早报记者也在节目中讲述了。", (None, None, None, "")),
        (
            "北京日报客户端 | 记者 王天淇 任珊受台风影响。",
            ("北京日报客户端", None, None, "王天淇 任珊"),
        ),
        ("【大河财立方 记者 陈诗昂】桥通了。", ("大河财立方", None, None, "陈诗昂")),
        ("腾讯新闻《一线》作者 郭亦非   李书福造车。", ("腾讯新闻", None, None, "郭亦非")),
        ("中国发展网讯王馨记者王斌报道汛期以来。", ("中国发展网", None, None, "王馨 王斌")),
        ("记者 徐慧瑶房东疏于管理，桥断了。", (None, None, None, "徐慧瑶")),
        ("通讯员 李佳玫网络世界虚虚实实。", (None, None, None, "李佳玫")),
        (
            "桥通了。" * 40 + "南方+记者张子俊通讯员梁巧倩叶萌",
            (None, None, None, "张子俊 梁巧倩 叶萌"),
        ),
        ("桥通了。供稿 | 信阳高速交警王方杰、杨晓丽", (None, None, None, "王方杰 杨晓丽")),
        ("桥通了。文字：宿广田 王擅文", (None, None, None, "宿广田 王擅文")),
        ("桥通了。（廖亮  欧阳萍  嘉瑞  刘云）", (None, None, None, "廖亮 欧阳萍 嘉瑞 刘云")),
        ("桥通了。上游新闻 牛泰编辑：龙春晖", (None, None, None, "牛泰")),
        ("桥通了。记者 | 唐成雷 编辑 | 王梦婷。谢谢阅读！", (None, None, None, "唐成雷")),
        ("桥通了。" * 40 + "记者 张丹梅编辑：雷尧 实习生：胡欣月", (None, None, None, "张丹梅")),
        ("桥通了。（来源：参考消息网编译/胡婧）", (None, None, None, "胡婧")),
        ("记者 张芹位于大别山南麓。", (None, None, None, "张芹")),
        ("桥通了。潇湘晨报记者吴陈幸子 实习生罗威翼", ("潇湘晨报", None, None, "吴陈幸子 罗威翼")),
        ("码头一片繁忙。马杰  图这是今年。桥通了。", (None, None, None, "马杰")),
    ],
)
def test_forms(
    text: str, expected: tuple[str | None, str | None, tuple[int, int] | None, str]
) -> None:
    agency, place, day, authors = expected
    assert dateline(text) == Dateline(agency, place, day, None, tuple(authors.split()))


def test_the_year_is_the_latest_up_to_the_publication() -> None:
    assert dateline("新华社北京12月30日电 桥通了。").date(
        datetime.date(2024, 1, 2)
    ) == datetime.date(2023, 12, 30)
