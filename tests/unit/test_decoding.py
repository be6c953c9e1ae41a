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
    assert decode("㑇𠮷镕".encode("gb18030")) == "㑇𠮷镕"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        bytes(range(256)) * 20,
        b"\xff\xff\xff\xff",
        b"\x01\x02\x03\x04\x05abc",
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        decode(data)
    except Undecodable:
        return
