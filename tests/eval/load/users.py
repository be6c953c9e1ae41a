"""People who ask: locust's users, each with a question every five seconds, over REST.

Those who are told to come back later (429) are counted apart: they were not answered, but told.
"""

import json
import os
import random
from pathlib import Path

from locust import constant_pacing, task
from locust.contrib.fasthttp import FastHttpUser

from tests.eval.load.names import ANSWERED, LATER, QUESTIONS, SECONDS_BETWEEN

_lines = Path(os.environ[QUESTIONS]).read_text(encoding="utf-8").splitlines()
_questions = [json.loads(line) for line in _lines]


class Reader(FastHttpUser):
    """Somebody who asks one question after another."""

    wait_time = constant_pacing(SECONDS_BETWEEN)
    network_timeout = 30.0
    connection_timeout = 10.0

    @task
    def ask(self) -> None:
        """Ask; an answer without its text, or any other status, is an error."""
        asked = {"question": random.choice(_questions)}
        with self.client.post("/api/ask", json=asked, name=ANSWERED, catch_response=True) as told:
            if told.status_code == 429:
                told.request_meta["name"] = LATER
                told.success()
            elif told.status_code != 200:
                told.failure(f"status {told.status_code}")
            elif not json.loads(told.text or "{}").get("answer"):
                told.failure("no answer")
