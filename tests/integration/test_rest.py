"""REST: what it answers equals what Python and the command line answer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.testclient import TestClient

from embeddings import load_index, rebuild
from qa import ask, retrieve
from qa.service.app import build_service, open_rest
from qa.service.models import AnswerResult
from qa.terminal import answer_fields
from tests.conftest import BigramEncoder

QUESTION = "示范区纪委检查了多少家企业？"
FOLLOW_UP = "发现了几个问题？"
EXAMPLES = 5
"""Requests made up for each operation, of the kind that should be answered and that should not."""
UNTIMED = {"seconds", "stages"}


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> Iterator[TestClient]:
    with TestClient(build_service(seeds_index), base_url="http://localhost") as client:
        yield client


def untimed(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name not in UNTIMED}


def test_answers_are_those_of_the_command_line(client: TestClient, seeds_index: Path) -> None:
    told = client.post("/api/ask", json={"question": FOLLOW_UP, "history": [QUESTION]})
    answer = ask(FOLLOW_UP, [QUESTION], seeds_index)
    fields = json.loads(json.dumps(answer_fields(answer), default=str))
    assert told.status_code == 200 and told.json().keys() == fields.keys()
    assert untimed(told.json()) == untimed(fields)
    assert "9个问题" in told.json()["answer"]
    assert set(AnswerResult.model_fields) == set(fields)


def test_answers_make_a_conversation_that_can_be_sent_back(client: TestClient) -> None:
    line = client.post("/api/ask", json={"question": QUESTION}).text
    asked = {"question": FOLLOW_UP, "conversation": f"{line}\n"}
    assert "9个问题" in client.post("/api/ask", json=asked).json()["answer"]
    damaged = client.post("/api/ask", json={"question": FOLLOW_UP, "conversation": "{"})
    assert damaged.status_code == 400 and "conversation:1" in damaged.json()["english"]


def test_an_address_asks_as_a_body_does(client: TestClient) -> None:
    fields = {"question": QUESTION, "source": "zhoukou-shifanqu-page.txt"}
    by_address = client.get("/api/ask", params=fields).json()
    assert untimed(by_address) == untimed(client.post("/api/ask", json=fields).json())
    assert by_address["exact"] == "36家"


def test_passages_and_articles(client: TestClient, seeds_index: Path) -> None:
    found = client.get("/api/search", params={"question": QUESTION, "k": 3}).json()
    passages = retrieve(QUESTION, 3, seeds_index)
    assert [p["text"] for p in found["passages"]] == [p.text for p in passages]
    article_id = found["passages"][0]["article_id"]
    article = client.get(f"/api/articles/{article_id}").json()
    first = found["passages"][0]
    assert article["text"][first["start"] : first["end"]] == first["text"]


def test_articles_are_listed_in_pages(client: TestClient, seeds_index: Path) -> None:
    articles = list(load_index(seeds_index).articles())
    listed: list[str] = []
    while True:
        page = client.get("/api/articles", params={"offset": len(listed), "limit": 4}).json()
        assert page["total"] == len(articles)
        if not page["articles"]:
            break
        listed += [article["id"] for article in page["articles"]]
    assert listed == [article.id for article in articles]
    photos = client.get("/api/articles", params={"kind": "photo"}).json()
    assert [a["id"] for a in photos["articles"]] == [a.id for a in articles if a.kind == "photo"]


def test_events_come_in_order(client: TestClient) -> None:
    told = client.get("/api/ask/stream", params={"question": QUESTION})
    assert told.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
              for block in told.text.strip().split("\n\n")]  # fmt: skip
    assert [event["event"] for event in events] == ["passages", "answer"]
    assert json.loads(events[-1]["data"])["exact"] == "36家"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/ask?question=%20", 400),
        ("/api/search?question=x&since=2022-07-02&until=2022-07-01", 400),
        ("/api/articles?author=%20", 400),
        ("/api/articles/none", 404),
        ("/api/ask", 422),
        (f"/api/ask?question={'问' * 2001}", 422),
        ("/api/ask/stream?question=%20", 400),
        ("/api/articles?limit=0", 422),
        ("/api/articles?limit=x", 422),
        ("/api/articles?since=soon", 422),
        ("/api/articles?kind=x", 422),
        ("/api/articles?x=1", 422),
        ("/api/none", 404),
    ],
)
def test_errors_are_told_in_both_languages(client: TestClient, path: str, status: int) -> None:
    told = client.get(path)
    assert told.status_code == status
    assert set(told.json()) == {"chinese", "english"} and all(told.json().values())
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+", told.json()["chinese"])


@pytest.mark.parametrize("odd", ["%00", "%ff", "%ed%a0%80", "..%2f..", "%0a", "~nobody/x"])
def test_odd_text_is_answered(client: TestClient, odd: str) -> None:
    for name in ("source", "section", "author", "article_id", "question"):
        assert client.get(f"/api/search?question=x&{name}={odd}").status_code in (200, 400)
    assert client.get(f"/api/articles/{odd}").status_code == 404


def test_without_an_index_the_remedy_is_told(tmp_path: Path) -> None:
    with TestClient(build_service(tmp_path), base_url="http://localhost") as client:
        for path in ("/api/ask?question=x", "/api/ask/stream?question=x", "/api/articles/x"):
            told = client.get(path)
            assert told.status_code == 503 and "wenbao rebuild" in told.json()["english"]


def test_other_names_than_this_machines_are_refused(client: TestClient) -> None:
    told = client.get("/api/articles", headers={"host": "rebound.example"})
    assert told.status_code == 400


def test_a_new_snapshot_is_noticed(tmp_path: Path, bigram_encoder: BigramEncoder) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "old", "text": "城东大桥昨日通车。"}', encoding="utf-8")
    rebuild([source], tmp_path / "index")
    with TestClient(build_service(tmp_path / "index"), base_url="http://localhost") as client:
        assert client.get("/api/articles").json()["articles"][0]["id"] == "old"
        source.write_text('{"id": "new", "text": "城西大桥昨日通车。"}', encoding="utf-8")
        rebuild([source], tmp_path / "index")
        assert client.get("/api/articles").json()["articles"][0]["id"] == "new"


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_described(seeds_index: Path, mode: GenerationMode) -> None:
    app = Starlette()
    open_rest(app, seeds_index)
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 8
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and "{" in operation.path:
            continue  # any text may be an id
        cases = operation.as_strategy(generation_mode=mode)

        @given(case=cases)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: schemathesis.Case) -> None:
            # That filters contradict each other, for instance, a schema cannot say.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        holds()
