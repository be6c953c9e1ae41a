import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.readers.decoding import Undecodable, decode

TEXT = "示范区纪委检查了36家企业。\n发现问题9个。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_known_encodings(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_utf16_big_endian_with_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_rare_characters_of_gb18030() -> None:
    text = TEXT + "㑇𠮷镕"
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("香港報紙今日報道，立法會昨日通過新條例。", "big5"),
        ("佢哋喺度等咗好耐，政府終於宣布新措施。", "big5hkscs"),
        ("香港報紙今日報道，立法會昨日通過新條例。", "gb18030"),
        ("It opened at a café.", "gb18030"),
    ],
)
def test_big5_and_gb18030_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        bytes(range(256)) * 20,
        b"\xff\xff\xff\xff",
        b"\x01\x02\x03\x04\x05abc",
        "it’s a good day".encode("cp1252"),  # 「it抯 a good day」 in GB18030
    ],
)
def test_what_is_no_known_text_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)


NEWS = "香港報紙今日報道，立法會昨日通過新條例，全文共三十六條，明年一月一日起施行。"


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO-8859-1", "windows-1252", "latin1"])
@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "utf-8"])
@pytest.mark.parametrize("damage", [b"", b"\xff", b"\xd6"])
def test_chinese_that_names_itself_latin(declared: str, encoding: str, damage: bytes) -> None:
    head = b"<html>" + b"//" * 40_000
    data = head + NEWS.encode(encoding) + damage + b"<p>" + NEWS.encode(encoding)
    text = decode(data, declared)
    assert text.startswith(f"{head.decode()}{NEWS}") and text.endswith(f"<p>{NEWS}")


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-8", "unicode"])
@pytest.mark.parametrize("encoding", ["gbk", "big5"])
def test_chinese_that_names_itself_unicode(declared: str, encoding: str) -> None:
    assert decode(NEWS.encode(encoding), declared) == NEWS


@pytest.mark.parametrize(
    "text",
    [
        "It opened at a café.",
        "25 °C, 77 °F; 30 £; “it’s” – © 2022 · née Brontë",
        "In der Straße über dem Fluß hört man früh schöne Töne; GRÖßE und MAßE, ÄÖÜ.",
        "À Noël, l’été fut déjà créé : ça et là, où naïfs et « maîtres » ont péché.",
        "INFORMAÇÕES À POPULAÇÃO: AÇÃO DE VACINAÇÃO EM SÃO JOÃO, SEÇÃO 3, ATÉ AMANHÃ",
        "Årets fångst blev större än väntat, säger Åke Öberg på Åland. ÅR FÖR ÅR.",
        "¡¢£¤¥¦§¨©ª«¬­®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
        "·····················°°°°°°°°°°°°°°°°°°°°»»»»»»»»»»»»»»»»»»»»",
    ],
)
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_latin_text_that_says_so(text: str, declared: str) -> None:
    assert decode(text.encode("cp1252"), declared) == text


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        decode(data)
    except Undecodable:
        return
