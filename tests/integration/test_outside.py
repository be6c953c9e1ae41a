"""Requests from another machine: two network namespaces with a wire between them."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from embeddings import rebuild
from qa.service.access.password import Password
from tests.conftest import CHECKOUT, BigramEncoder

WORDS = "zehn Zeichen oder mehr"
SERVE = (
    "import sys, pathlib; from qa.service.access import Access; from qa.service.app import serve;"
    "serve(pathlib.Path(sys.argv[1]), 7860, access=Access.from_settings())"
)
HERE, THERE = "10.213.7.1", "10.213.7.2"


@pytest.fixture(scope="module")
def spaces() -> Iterator[tuple[str, str]]:
    """The names of two namespaces; the second reaches the first at ``HERE``."""
    if not shutil.which("ip") or os.geteuid() != 0:
        pytest.skip("network namespaces need root and iproute2")
    server, guest = f"wb-s{os.getpid()}", f"wb-g{os.getpid()}"
    try:
        for command in (
            f"netns add {server}",
            f"netns add {guest}",
            f"-n {server} link add wb0 type veth peer name wb1 netns {guest}",
            f"-n {server} addr add {HERE}/24 dev wb0",
            f"-n {guest} addr add {THERE}/24 dev wb1",
            f"-n {server} link set wb0 up",
            f"-n {server} link set lo up",
            f"-n {guest} link set wb1 up",
        ):
            done = subprocess.run(["ip", *command.split()], capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"no network namespaces here: {done.stderr.strip()}")
        yield server, guest
    finally:
        for name in (server, guest):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


@pytest.fixture
def index(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    (tmp_path / "a.jsonl").write_text('{"text": "城东大桥昨日通车。"}', encoding="utf-8")
    rebuild([tmp_path / "a.jsonl"], tmp_path / "index")
    return tmp_path / "index"


@contextmanager
def serving(space: str, index: Path, **settings: str) -> "Iterator[subprocess.Popen[str]]":
    command = ["ip", "netns", "exec", space, sys.executable, "-c", SERVE, str(index)]
    said = {"PYTHONPATH": str(CHECKOUT), **{f"WENBAO_{k.upper()}": v for k, v in settings.items()}}
    server = subprocess.Popen(
        command, env=os.environ | said, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    try:
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=20)


def status(space: str, address: str, **headers: str) -> int | None:
    """Ask from inside a namespace; return the status, or None where nobody listens."""
    code = (
        "import http.client, json, sys\n"
        "host, headers = sys.argv[1], json.loads(sys.argv[2])\n"
        "wire = http.client.HTTPConnection(host, 7860, timeout=10)\n"
        "try: wire.request('GET', '/api/articles', headers=headers)\n"
        "except OSError: print('null')\n"
        "else: print(wire.getresponse().status)\n"
    )
    command = ["ip", "netns", "exec", space, sys.executable, "-c", code]
    asked = [*command, address, json.dumps(headers)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    found: int | None = json.loads(done.stdout)
    return found


def wait_for(space: str, address: str, **headers: str) -> int | None:
    until = time.monotonic() + 30
    while (found := status(space, address, **headers)) is None and time.monotonic() < until:
        time.sleep(0.2)
    return found


def test_without_a_password_nobody_outside_is_heard(spaces: tuple[str, str], index: Path) -> None:
    server, guest = spaces
    with serving(server, index):
        assert wait_for(server, "127.0.0.1") == 200
        assert status(guest, HERE) is None
        assert status(server, HERE) is None


def test_with_an_address_for_all_it_does_not_start(spaces: tuple[str, str], index: Path) -> None:
    command = [sys.executable, "-m", "qa", "serve", "--host", "0.0.0.0", "--index", str(index)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=CHECKOUT)
    assert done.returncode == 2 and done.stdout == ""
    assert "WENBAO_PASSWORD" in done.stderr and done.stderr.startswith("错误：")


def test_with_a_password_it_is_asked_for(spaces: tuple[str, str], index: Path) -> None:
    server, guest = spaces
    with serving(server, index, host="0.0.0.0", password=str(Password.of(WORDS))):
        assert wait_for(guest, HERE) == 401
        assert status(guest, HERE, Authorization=f"Bearer {WORDS}x") == 401
        assert status(guest, HERE, Authorization=f"Bearer {WORDS}") == 200
        assert status(server, "127.0.0.1") == 401
        rebound = {"Authorization": f"Bearer {WORDS}", "Host": "rebound.example"}
        assert status(guest, HERE, **rebound) == 400
