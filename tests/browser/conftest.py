"""A server with the chat page over seeds/ and a hostile article, and a browser to look at it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from embeddings import Index, load_index, rebuild
from qa.spans import load_span_reader
from tests.browser.visit import HOSTILE_WORDS, Visit, VisitPage

SERVE = "import sys; from pathlib import Path; from qa.chat import serve; "
SERVE += "from qa.service.access import Access; "
SERVE += "serve(Path(sys.argv[1]), int(sys.argv[2]), access=Access.from_settings())"
URL = "http://127.0.0.1:{port}"
PASSWORD = "晚报 wanbao 2022"
SECONDS_TO_START = 60

HOSTILE = " ".join(HOSTILE_WORDS)

BRIDGE = (
    {
        "headline": "甲河大桥通车",
        "date": "2022-05-01",
        "text": "甲河大桥今天举行通车仪式。通车仪式上，有关负责人介绍，甲河大桥桥长1260米。",
    },
    {
        "headline": "甲河大桥通车（更正）",
        "date": "2022-05-03",
        "text": "本报日前报道甲河大桥通车仪式。经核实，甲河大桥桥长1280米。",
    },
)
"""Two reports that differ, the later one a correction."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    return path


@pytest.fixture(scope="session")
def chat_index(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    hostile = {
        "id": "hostile",
        "headline": f"敌意测试 {HOSTILE}",
        "kicker": HOSTILE,
        "authors": [HOSTILE],
        "section": HOSTILE,
        "date": "2022-07-01",
        "text": f"敌意测试市的图书馆收藏了{HOSTILE}。敌意测试市的图书馆共有藏书7654册。",
    }
    articles = folder / "articles"
    articles.mkdir()
    lines = [json.dumps(article) for article in (hostile, *BRIDGE)]
    (articles / "more.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rebuild([seeds, articles], index=folder / "index")
    # As ``wenbao chat`` does before it serves: the first time takes as long as a test may.
    load_span_reader()
    return folder / "index"


@pytest.fixture(scope="session")
def index(chat_index: Path) -> Index:
    return load_index(chat_index)


@pytest.fixture(scope="session")
def address(chat_index: Path) -> Iterator[str]:
    """The address of a running server over the seeds and some articles more."""
    with served(chat_index) as url:
        yield url


@pytest.fixture(scope="session")
def guarded(chat_index: Path) -> Iterator[str]:
    """The address of a server that wants ``PASSWORD``."""
    with served(chat_index, WENBAO_PASSWORD=PASSWORD) as url:
        yield url


@contextmanager
def served(chat_index: Path, **settings: str) -> Iterator[str]:
    """Run a server, which should have nothing to complain of at the end; yield its address."""
    port = free_port()
    log = chat_index.with_name(f"server-{port}.log")
    with log.open("wb") as told:
        command = [sys.executable, "-c", SERVE, str(chat_index), str(port)]
        server = subprocess.Popen(command, stderr=told, env=os.environ | settings)
        try:
            reachable(URL.format(port=port) + "/healthz", server)
            yield URL.format(port=port) + "/"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=10)
    assert server.returncode == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["message"] == "serving" and lines[0]["url"] == URL.format(port=port)
    assert {line["level"] for line in lines} == {"info"}


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[VisitPage]:
    """Open the page in a window of its own, with a language and a size."""
    contexts: list[BrowserContext] = []

    def open_page(
        locale: str = "zh-CN",
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        url: str = address,
    ) -> Visit:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            service_workers="block",
        )
        contexts.append(context)
        visited = Visit(context.new_page())
        visited.page.on("request", lambda request: visited.requested.append(request.url))
        visited.page.on("websocket", lambda socket: visited.requested.append(socket.url))
        visited.page.on("console", visited.hear)
        visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        visited.page.goto(url)
        visited.page.locator(".wb-articles:not(:empty)").wait_for(timeout=1000 * SECONDS_TO_START)
        return visited

    yield open_page
    for context in contexts:
        context.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def reachable(url: str, server: "subprocess.Popen[bytes]") -> str:
    """Wait until a server answers, and return its address."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=SECONDS_TO_START):
                return url
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}")
