"""Passages that say again what better ones say."""

import dataclasses
import datetime
from collections.abc import Callable, Sequence

import pytest

from embeddings import Index
from embeddings.reprints import Shown, traits_of
from embeddings.types import Article
from qa import retrieve
from tests.conftest import make_article

BRIDGE = (
    "城东大桥昨日建成通车，全长860米，双向六车道。大桥由市建工集团承建，工期两年。"
    "通车后，城东片区居民进城的时间将从四十分钟缩短到十五分钟，沿线三所学校、两家医院同时受益。"
)
SHARES = (
    "截至{}日收盘，{}报收于{}元，上涨{}%，换手率{}%，成交量{}万手，成交额{}万元，主力资金净流入。"
)


def repeats(text: str, *shown: str) -> bool:
    seen = Shown()
    for other in shown:
        seen.add(traits_of(other))
    return seen.repeated_by(traits_of(text)) is not None


@pytest.mark.parametrize(
    "copy",
    [
        BRIDGE,
        "本报讯（记者 李明）" + BRIDGE,
        BRIDGE.replace("，", ",").replace("860", " 860 "),
        "城東大橋昨日建成通車，全長860米，雙向六車道。大橋由市建工集團承建，工期兩年。"
        "通車後，城東片區居民進城的時間將從四十分鐘縮短到十五分鐘，沿線三所學校、兩家醫院同時受益。",
        BRIDGE[: len(BRIDGE) // 2],
        BRIDGE.replace("同时受益", "一同受益"),
    ],
    ids=["same", "dateline", "half-width", "traditional", "cut short", "edited"],
)
def test_a_reprint_repeats(copy: str) -> None:
    assert repeats(copy, BRIDGE)


@pytest.mark.parametrize(
    "other",
    [
        "面包店今日开业，早餐八折。",
        "城东大桥昨日建成通车。" + "市民纷纷前往参观，附近商铺的生意也比往常好了许多。" * 2,
        "",
        "！？",
    ],
    ids=["unrelated", "one sentence in common", "empty", "only marks"],
)
def test_something_else_does_not(other: str) -> None:
    assert not repeats(other, BRIDGE)


def test_one_pattern_with_other_figures_is_something_else() -> None:
    monday = SHARES.format(7, "花王股份", 4.58, 2.23, 0.8, 2.79, 1273)
    tuesday = SHARES.format(8, "花王股份", 4.61, 1.67, 0.9, 3.12, 1440)
    assert not repeats(tuesday, monday)
    assert repeats(monday, tuesday, monday)


def test_a_chunk_cut_elsewhere_repeats_two_shown_together() -> None:
    halves = BRIDGE[:50], BRIDGE[50:]
    middle = BRIDGE[20:80]
    assert not repeats(middle, halves[0])
    assert repeats(middle, BRIDGE[:54], BRIDGE[46:])
    seen = Shown()
    for half in halves:
        seen.add(traits_of(half))
    assert seen.repeated_by(traits_of(BRIDGE[52:])) == 1


def test_five_results_are_five_different_things(
    index_of: Callable[[Sequence[Article]], Index],
) -> None:
    days = [datetime.date(2022, 7, day) for day in range(1, 9)]
    copies = [
        dataclasses.replace(make_article(BRIDGE, f"copy-{n}", "大桥通车"), date=day)
        for n, day in enumerate(days)
    ]
    others = [
        make_article(f"{place}大桥的维修今年开始，预计{n + 3}个月完成，期间车辆绕行。", place)
        for n, place in enumerate(("城西", "城南", "城北", "江心", "河口"))
    ]
    found = retrieve("城东大桥全长多少米", 5, index_of([*copies, *others]))
    assert [passage.rank for passage in found] == [1, 2, 3, 4, 5]
    assert len({passage.text for passage in found}) == 5
    best = next(passage for passage in found if passage.text == BRIDGE)
    group = {best.article_id, *(reprint.article_id for reprint in best.reprints)}
    assert group == {copy.id for copy in copies} and len(best.reprints) == len(copies) - 1
    assert {best.date, *(reprint.date for reprint in best.reprints)} == set(days)
    assert all((r.start, r.end, r.headline) == (0, len(BRIDGE), "大桥通车") for r in best.reprints)
    assert all(passage.reprints == () for passage in found if passage is not best)


def test_the_group_is_listed_though_one_result_is_asked_for(
    index_of: Callable[[Sequence[Article]], Index],
) -> None:
    articles = [make_article(BRIDGE, name) for name in ("a", "b", "c")]
    (only,) = retrieve("城东大桥全长多少米", 1, index_of(articles))
    assert [only.article_id, *(r.article_id for r in only.reprints)] == ["a", "b", "c"]


def test_more_reprints_than_are_searched_for_do_not_hide_what_is_different(
    index_of: Callable[[Sequence[Article]], Index],
) -> None:
    copies = [make_article(BRIDGE, f"copy-{n}") for n in range(250)]
    others = [make_article(text, text[:2]) for text in ("面包店今日开业。", "小学开学典礼。")]
    found = retrieve("城东大桥全长多少米", 3, index_of([*copies, *others]))
    assert found[0].article_id == "copy-0"
    assert {passage.article_id for passage in found[1:]} == {"面包", "小学"}
    assert len(found[0].reprints) == 249
