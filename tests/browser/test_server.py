"""How the server starts, and what it hands out; no browser needed."""

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from qa.chat import serve
from qa.chat.shield import without_addresses
from qa.service.listening import PortError


def test_taken_port_names_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortError) as raised:
            serve(tmp_path, port)
    assert str(port) in raised.value.chinese and "--port" in raised.value.chinese
    assert str(port) in raised.value.english and "--port" in raised.value.english


def test_asking_imports_no_gradio() -> None:
    check = "import sys, qa; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0


def test_page_names_no_other_machine(address: str) -> None:
    with urllib.request.urlopen(address) as response:
        page, policy = response.read().decode(), response.headers["Content-Security-Policy"]
    head = page[: page.index("<script>window.gradio_config")]
    assert "http://" not in head and "https://" not in head
    assert "og:image" not in page and "twitter:" not in page
    assert '"analytics_enabled":false' in page
    assert "connect-src 'self'" in policy and "http" not in policy


def test_after_an_upgrade_no_module_is_taken_from_before(address: str) -> None:
    with urllib.request.urlopen(f"{address}page/web/main.js") as response:
        tag = response.headers["ETag"]
        assert tag and response.headers["Cache-Control"] == "no-cache"
    again = urllib.request.Request(f"{address}page/web/main.js", headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(again)
    assert raised.value.code == 304 and raised.value.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="preconnect" href="https://fonts.example" crossorigin="anonymous" />',
        "<link href='http://fonts.example/a.css' rel=stylesheet>",
        '<script src="https://cdn.example/a.min.js" async></script>',
        '<meta property="og:image" content="https://pictures.example/a.jpg" />',
        '<meta\n\tname="twitter:image"\n\tcontent=""\n/>',
    ],
)
def test_tags_that_reach_out_are_cut(tag: str) -> None:
    kept = '<link rel="stylesheet" href="./assets/a.css"><script src="./a.js"></script>'
    assert without_addresses(f'<html lang="en">{tag}{kept}') == f'<html lang="zh-CN">{kept}'
