"""A server that is told to stop lets the answers under way finish."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from embeddings import rebuild
from tests.browser.conftest import free_port, reachable
from tests.conftest import CHECKOUT, BigramEncoder
from tests.scripted import scripted_server

SERVE = """
import sys, pathlib
from embeddings import index
from tests.conftest import BigramEncoder
from qa.llm import LanguageModel
from qa.service.app import serve
encoder = BigramEncoder()
index.load_encoder = lambda model=None: encoder
serve(pathlib.Path(sys.argv[1]), int(sys.argv[2]), LanguageModel.from_settings())
"""
QUESTION = "城东大桥全长多少米？"


def test_answers_under_way_are_finished(tmp_path: Path, bigram_encoder: BigramEncoder) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "城东大桥全长1260米。"}', encoding="utf-8")
    rebuild([tmp_path / "a.jsonl"], tmp_path / "index")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with scripted_server() as (url, script):
        script.pieces, script.pause = ["城东大桥", "全长1260米[1]。"], 0.7
        settings = {"WENBAO_LLM_URL": url, "WENBAO_LLM_MODEL": "m", "PYTHONPATH": str(CHECKOUT)}
        command = [sys.executable, "-c", SERVE, str(tmp_path / "index"), str(port)]
        server = subprocess.Popen(
            command, env=os.environ | settings, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT
        )
        reachable(f"{address}/readyz", server)
        answers: list[dict[str, object]] = []

        def ask() -> None:
            body = json.dumps({"question": QUESTION}).encode()
            kind = {"content-type": "application/json"}
            request = urllib.request.Request(f"{address}/api/ask", body, kind)
            with urllib.request.urlopen(request, timeout=30) as response:
                answers.append(json.load(response))

        asking = threading.Thread(target=ask)
        asking.start()
        until = time.monotonic() + 30
        while not script.asked and time.monotonic() < until:
            time.sleep(0.02)
        server.send_signal(signal.SIGTERM)
        asking.join(timeout=30)
        _, log = server.communicate(timeout=30)
    assert answers and answers[0]["answer"] == "城东大桥全长1260米。[1]"
    assert server.returncode == -signal.SIGTERM
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["message"] for line in lines] == ["serving", "stopping", "request"]
    assert QUESTION not in log and lines[1]["answers"] == 1
