"""Who gets in: passwords, how often one may guess, sessions, addresses and names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send
from typer.testing import CliRunner

from embeddings.errors import InputError
from qa.cli import app
from qa.service.access import Access
from qa.service.access.attempts import FREE, LONGEST, Attempts
from qa.service.access.hosts import Hosts
from qa.service.access.password import Known, Password
from qa.service.access.sessions import HOURS, Sessions
from qa.service.access.settings import LOOPBACK

WORDS = "正确的密码 correct horse"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "NAMES", "PASSWORD", "PASSWORD_FILE"):
        monkeypatch.delenv(f"WENBAO_{name}", raising=False)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_only_the_hash_is_kept_and_matches() -> None:
    password = Password.of(WORDS)
    kept = str(password)
    assert kept.startswith("scrypt:16384:8:5:") and "horse" not in kept + repr(password)
    assert Password.read(kept) == password
    assert password.matches(WORDS.encode())
    for wrong in (b"", WORDS[:-1].encode(), WORDS.encode() + b" ", b"x" * 100_000):
        assert not password.matches(wrong)
    assert str(Password.of(WORDS)) != kept, "each has a salt of its own"


@pytest.mark.parametrize("words", ["", "short", "x" * 501])
def test_passwords_that_are_none(words: str) -> None:
    with pytest.raises(InputError, match="10"):
        Password.of(words)


@pytest.mark.parametrize(
    "kept",
    [
        "scrypt:",
        "scrypt:16384:8:5:!!:!!",
        "scrypt:99999999999:8:5:AAAA:AAAA",
        "scrypt:16384:8:-5:AAAA:AAAA",
        "scrypt:a:b:c:d:e",
    ],
)
def test_a_damaged_hash_names_the_remedy(kept: str) -> None:
    with pytest.raises(InputError, match="wenbao password"):
        Password.read(kept)


def test_a_password_that_was_right_is_remembered_by_its_keyed_hash() -> None:
    known = Known(Password.of(WORDS))
    assert not known.remembers(WORDS.encode())
    assert known.matches(WORDS.encode()) and known.remembers(WORDS.encode())
    assert not known.remembers(b"another") and not known.matches(b"another")
    assert WORDS.encode() not in repr(vars(known)).encode()


def test_guesses_take_longer_and_longer() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(FREE - 1):
        attempts.failed("1.2.3.4")
        assert attempts.wait("1.2.3.4") == 0
    waits = []
    for _ in range(12):
        attempts.failed("1.2.3.4")
        waits.append(attempts.wait("1.2.3.4"))
        clock.now += waits[-1]
        assert attempts.wait("1.2.3.4") == 0
    assert waits[:4] == [1, 2, 4, 8] and waits[-1] == LONGEST
    assert attempts.wait("1.2.3.5") == 0, "another address"
    attempts.succeeded("1.2.3.4")
    assert attempts.wait("1.2.3.4") == 0


def test_one_guest_has_many_addresses_of_ipv6() -> None:
    attempts = Attempts(Clock())
    for n in range(FREE):
        attempts.failed(f"2001:db8::{n:x}")
    assert attempts.wait("2001:db8::ffff") > 0
    assert attempts.wait("2001:db8:0:1::1") == 0


def test_attempts_and_sessions_take_bounded_memory() -> None:
    attempts, sessions = Attempts(Clock()), Sessions(Clock())
    for _ in range(FREE):
        attempts.failed("the first")
    first, second = sessions.begin(), sessions.begin()
    for n in range(9_999):
        attempts.failed(f"guest {n}")
        sessions.begin()
    assert attempts.wait("the first") > 0
    attempts.failed("one more")
    assert attempts.wait("the first") == 0, "the longest ago is forgotten"
    assert not sessions.is_good(first) and sessions.is_good(second)


def test_sessions_end_with_their_time_or_when_told() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    one, other = sessions.begin(), sessions.begin()
    assert sessions.is_good(one) and sessions.is_good(other) and not sessions.is_good("")
    sessions.end(one)
    assert not sessions.is_good(one) and sessions.is_good(other)
    clock.now += HOURS * 3600
    assert not sessions.is_good(other)


# --- where to listen -------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_other_machines_need_a_password(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError) as raised:
        Access.from_settings(host)
    for told in (raised.value.chinese, raised.value.english):
        assert host in told and "WENBAO_PASSWORD" in told and "wenbao password" in told
    monkeypatch.setenv("WENBAO_PASSWORD", WORDS)
    access = Access.from_settings(host)
    assert access.is_public and access.password and access.password.matches(WORDS.encode())


def test_a_name_of_a_proxy_needs_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_NAMES", "News.example.cn., paper.example")
    with pytest.raises(InputError, match="WENBAO_PASSWORD"):
        Access.from_settings()
    monkeypatch.setenv("WENBAO_PASSWORD", WORDS)
    assert Access.from_settings().names == ("news.example.cn", "paper.example")
    assert Access.from_settings(names=["one.example"]).names == ("one.example",)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_none(host: str) -> None:
    assert not Access.from_settings(host).is_public


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_PASSWORD", WORDS)
    for host in ("999.1.1.1", "no such host", "."):
        with pytest.raises(InputError, match="--host"):
            _ = Access.from_settings(host).is_public


def test_the_password_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    monkeypatch.setenv("WENBAO_PASSWORD_FILE", str(file))
    with pytest.raises(InputError, match="wenbao password"):
        Access.from_settings()
    file.write_text(f"{Password.of(WORDS)}\n", encoding="ascii")
    password = Access.from_settings().password
    assert password and password.matches(WORDS.encode())


def test_the_command_keeps_the_hash_only(tmp_path: Path) -> None:
    file, run = tmp_path / "password", CliRunner()
    done = run.invoke(app, ["password", str(file)], input=f"{WORDS}\n")
    assert done.exit_code == 0 and done.output == ""
    assert file.stat().st_mode & 0o77 == 0 and "horse" not in file.read_text(encoding="ascii")
    assert Password.read(file.read_text(encoding="ascii")).matches(WORDS.encode())
    printed = run.invoke(app, ["password"], input=f"{WORDS}\n").output
    assert Password.read(printed).matches(WORDS.encode())
    for wrong in (["password", str(tmp_path / "no" / "such")], ["password", str(tmp_path)]):
        assert isinstance(run.invoke(app, wrong, input=f"{WORDS}\n").exception, InputError)


# --- under which name ------------------------------------------------------------------------


def refused(
    headers: dict[str, str], *names: str, host: str = LOOPBACK, any_address: bool = False
) -> int | None:
    """Send a request; return the status of its refusal, None where the application got it."""
    told: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append({"status": None})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "headers": Headers(headers).raw}
    with pytest.raises(StopIteration):  # it ends without a pause, so no loop need run it
        Hosts(app, names, host, any_address)(scope, receive, send).__await__().__next__()
    status: int | None = told[0]["status"]
    return status


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_this_machines_own_names_will_do(host: str) -> None:
    assert refused({"host": host}) is None
    assert refused({"host": host, "origin": f"http://{host}"}) is None


@pytest.mark.parametrize("host", ["127.0.0.2", "::ffff:127.0.0.1", "MyBox"])
def test_the_address_that_is_listened_on_will_do(host: str) -> None:
    shown = f"[{host}]" if ":" in host else host
    assert refused({"host": f"{shown}:7860"}) == 400
    assert refused({"host": f"{shown}:7860"}, host=host) is None
    elsewhere = {"host": f"{shown}:7860", "origin": f"http://{shown}:9999"}
    assert refused(elsewhere, host=host) == 403


@pytest.mark.parametrize(
    "host",
    ["", "rebound.example", "127.0.0.1.rebound.example", "192.0.2.7", "a@localhost", "localhost:x",
     "localhost/../x", "local host", "[::1", "localhost,rebound.example"],
)  # fmt: skip
def test_other_names_will_not(host: str) -> None:
    assert refused({"host": host}) == 400


def test_names_that_were_given() -> None:
    given = ("wenbao.example.cn",)
    for host in ("wenbao.example.cn", "WENBAO.example.cn.:443"):
        assert refused({"host": host}, *given) is None
    assert refused({"host": "other.example.cn"}, *given) == 400
    assert refused({"host": "192.0.2.7:7860"}, any_address=True) is None
    assert refused({"host": "rebound.example"}, any_address=True) == 400


def test_pages_of_other_sites_are_refused() -> None:
    local = {"host": "localhost:7860"}
    for origin in ("https://site.example", "null", "http://localhost:9999", ""):
        assert refused({**local, "origin": origin}) == 403
    behind_a_proxy = {**local, "origin": "https://wenbao.example.cn"}
    assert refused(behind_a_proxy, "wenbao.example.cn") is None
    assert refused(behind_a_proxy, "other.example.cn") == 403


HEADER = st.text(st.characters(max_codepoint=255), max_size=50)


@given(HEADER, HEADER)
def test_any_header_is_answered(host: str, origin: str) -> None:
    assert refused({"host": host, "origin": origin}) in (None, 400, 403)
