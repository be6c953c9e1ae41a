"""What the sandbox says comes through as it was, and nothing else does."""

import datetime
import pickle
from multiprocessing import Pipe

import pytest

from embeddings.readers.draft import Draft, LineAccount, Origin, Reading
from embeddings.readers.messages import GarbledError, receive, send
from embeddings.types import Skipped


def test_messages_come_through_as_they_were() -> None:
    ours, theirs = Pipe()
    draft = Draft(
        "正文\ud800",
        "标题",
        authors=("李红", "Tom Li"),
        date=datetime.date(2022, 7, 18),
        kind="photo",
        lines=(3, 9),
        origins=(Origin("标题 headline", "“title”"),),
        page=2,
    )
    account = LineAccount(1, "一行", "标题 headline", None, "")
    reading = Reading((draft, Draft("另一篇")), (Skipped("坏\udcff.txt", "读不了"),), (account,))
    for message in (reading, Reading(), "加密了 / encrypted", ("pages", 3, 12)):
        send(theirs, message)
        assert receive(ours) == message


@pytest.mark.parametrize(
    "garbled",
    [
        b"",
        b"{",
        b"[]",
        b'{"Reading": 3}',
        b'{"Reading": {"drafts": [{"nothing": 1}], "skipped": [], "accounts": []}}',
        b'{"tuple": ["pages", 1]}',
        b"[" * 100_000,
        pickle.dumps(print),
    ],
)
def test_what_is_no_message_is_refused(garbled: bytes) -> None:
    ours, theirs = Pipe()
    theirs.send_bytes(garbled)
    with pytest.raises(GarbledError):
        receive(ours)
