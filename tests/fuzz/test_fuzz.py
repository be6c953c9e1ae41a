"""Short fuzzing for every run of the tests; ``make fuzz`` does it for as long as you like."""

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.retrieve import MAX_QUESTION
from tests.fuzz.samples import SAMPLES, WORDS
from tests.fuzz.targets import TARGETS, in_time, looked_at

LONG = os.environ.get("WENBAO_FUZZ_SECONDS")
"""Seconds for each target, in place of a few examples that are always the same."""
FEW = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(
    max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
_SURROGATES = st.text(st.characters(exclude_categories=()), max_size=60)
_TYPED = st.lists(st.sampled_from(WORDS) | _SURROGATES, max_size=80).map("".join)


def typed(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def changed(draw: st.DrawFn, target: str) -> bytes:
    """A sample with pieces cut out, repeated and put in."""
    data = bytearray(draw(st.sampled_from(SAMPLES[target])))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 40))
        piece = draw(
            st.binary(max_size=20) | _TYPED.map(typed) | st.just(bytes(data[at : at + size]))
        )
        data[at : at + draw(st.integers(0, size))] = piece
    first = len(SAMPLES[target]) if target == "reader" else 256
    return bytes([data[0] % first]) + bytes(data[1:]) if data else b""


INPUTS = {
    "question": st.one_of(
        _TYPED.map(typed), st.tuples(_TYPED, _TYPED).map(lambda two: typed("\0".join(two)))
    ),
    "conversation": changed("conversation"),
    "name": _TYPED.map(typed) | changed("name"),
    "reader": changed("reader"),
}


@pytest.mark.parametrize("target", TARGETS)
def test_anything_is_answered_or_refused(target: str) -> None:
    def holds(data: bytes) -> None:
        TARGETS[target](data)

    until = time.monotonic() + float(LONG or 0)
    (MANY if LONG else FEW)(given(data=INPUTS[target])(holds))()
    while time.monotonic() < until:
        MANY(given(data=INPUTS[target])(holds))()


@pytest.mark.parametrize("target", TARGETS)
def test_samples(target: str) -> None:
    for data in SAMPLES[target]:
        TARGETS[target](data)


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_no_pattern_is_a_bomb(word: str) -> None:
    """The longest question, of one piece again and again: no pattern may try all its ways."""
    repeated = (word * MAX_QUESTION)[:MAX_QUESTION]
    with in_time():
        looked_at(repeated)
    TARGETS["question"](typed(f"{repeated}\0那{word}呢？"))
    TARGETS["question"](typed(f"{repeated[:199]}\0那市级呢？"))
