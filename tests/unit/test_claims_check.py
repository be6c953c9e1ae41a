"""A claim against its evidence as a whole, the nearness of their meaning given."""

import datetime

import pytest

from qa.claims.check import NEAR, Evidence, Finding, check

NEWS = (
    "2014年7月,陈信健出任副行长;2015年9月,又兼任董事会秘书。",
    "上半年营收8.9亿元,净利润2.3亿元。",
    "区级130家,市级25家,省级13家。",
)


def found(claim: str, *sentences: str, days: tuple[datetime.date, ...] = ()) -> Finding:
    told = sentences or NEWS
    return check(claim, claim, Evidence(told, "", days), [0.95] * len(told))


@pytest.mark.parametrize(
    "claim",
    [
        "陈信健2015年9月兼任董事会秘书",
        "营收近9亿元,净利润2.3亿元",
        "省级13家,区级130家",
        "市级的有25家",
    ],
)
def test_what_is_told_of_the_same_is_supported(claim: str) -> None:
    finding = found(claim)
    assert finding.reason is None, finding
    assert finding.quotes


@pytest.mark.parametrize(
    ("claim", "reason", "missing"),
    [
        ("陈信健2014年7月兼任董事会秘书", "date", "2014年7月"),
        ("净利润8.9亿元", "figure", "8.9亿"),
        ("市级的有130家", "figure", "130"),
        ("市级的有27家", "figure", "27"),
        ("陈信健2016年9月兼任董事会秘书", "date", "2016年9月"),
        ("陈信键2015年9月兼任董事会秘书", "name", "陈信键"),
    ],
)
def test_what_is_not_told_or_told_of_another_is_named(
    claim: str, reason: str, missing: str
) -> None:
    finding = found(claim)
    assert (finding.reason, finding.missing[:1]) == (reason, (missing,))


def test_the_day_of_publication_counts_where_the_text_names_no_other() -> None:
    day = datetime.date(2023, 8, 8)
    claim = "8月8日店主到派出所致谢"
    assert found(claim, "今天店主到派出所致谢。", days=(day,)).reason is None
    assert found(claim, "店主到派出所致谢。", days=(day,)).reason is None
    assert found(claim, "8月6日店主到派出所致谢。", days=(day,)).reason == "date"


def test_a_sentence_far_from_all_is_not_supported() -> None:
    finding = check("市级的有25家", "市级的有25家", Evidence(NEWS), [NEAR - 0.01] * len(NEWS))
    assert finding.reason == "meaning"
    assert check("市级的有25家", "市级的有25家", Evidence(()), []).reason == "meaning"


def test_english_claims_are_held_against_chinese_evidence() -> None:
    assert found("Net profit was 230 million yuan.").reason is None
    assert found("Net profit was 250 million yuan.").reason == "figure"
    assert found("Chen Xinjian became deputy president in July 2014.").reason is None
    assert found("Chen Xinjun became deputy president in July 2014.").reason == "name"


def test_an_english_claim_may_name_things_in_chinese() -> None:
    assert found("The 董事会秘书 was 陈信健.").reason is None
    assert found("The 董事会秘书 was 陈信键.").reason == "name"
