"""What Prometheus may know: how many questions, how long they took, how old the index is."""

import time
from typing import Literal, get_args

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from embeddings import load_index
from embeddings.address import IndexAddress
from embeddings.errors import WenbaoError
from qa.types import Answer

Door = Literal["page", "api", "mcp"]
_REASONS = ("pace", "full", "large", "slow", "late")

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

QUESTIONS = Counter("wenbao_questions", "Questions that were answered or refused.", ["door"])
ABSTENTIONS = Counter(
    "wenbao_abstentions", "Questions that the newspaper does not answer.", ["door"]
)
SECONDS = Histogram("wenbao_question_seconds", "Seconds a question.", ["door"], buckets=_BUCKETS)
STAGES = Histogram("wenbao_stage_seconds", "Seconds of each stage.", ["stage"], buckets=_BUCKETS)
REFUSED = Counter(
    "wenbao_refused_requests",
    "Requests that were not answered: pace and full (429), large (413), slow (408), late (503).",
    ["reason"],
)
_AGE = Gauge("wenbao_snapshot_age_seconds", "Seconds since the live snapshot was made.")
_ARTICLES = Gauge("wenbao_snapshot_articles", "Articles of the live snapshot.")

for _door in get_args(Door):  # so that they are there, at nothing, before anybody asks
    for _metric in (QUESTIONS, ABSTENTIONS, SECONDS):
        _metric.labels(_door)
for _reason in _REASONS:
    REFUSED.labels(_reason)


def count(answer: Answer, door: Door) -> None:
    """Count an answer.

    Args:
        answer: As it was given.
        door: Where it was asked for.
    """
    QUESTIONS.labels(door).inc()
    if answer.abstained:
        ABSTENTIONS.labels(door).inc()
    SECONDS.labels(door).observe(answer.seconds)
    for stage, seconds in answer.stages.items():
        STAGES.labels(stage).observe(seconds)


class MetricsPage:
    """Answers ``/metrics`` in Prometheus' text format."""

    def __init__(self, index: IndexAddress) -> None:
        self._index = index

    async def show(self, request: Request) -> Response:
        """Return all figures as they are now."""
        return Response(await run_in_threadpool(self._figures), media_type=CONTENT_TYPE_LATEST)

    def _figures(self) -> bytes:
        try:
            opened = load_index(self._index)
        except WenbaoError:
            _AGE.set(float("nan"))
            _ARTICLES.set(0)
        else:
            _AGE.set(max(0.0, time.time() - opened.manifest.created.timestamp()))
            _ARTICLES.set(opened.manifest.articles)
        return generate_latest(REGISTRY)
