"""What a request meets before a door: probes, headers, names, the password, limits, metrics."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from embeddings import opening, rebuild
from embeddings.snapshot import live_paths
from qa.llm import LanguageModel
from qa.service import rest
from qa.service.access import Access, gate
from qa.service.access.attempts import FREE
from qa.service.access.password import Password
from qa.service.app import build_service
from tests.conftest import BigramEncoder
from tests.scripted import scripted_server

WORDS = "geheimes Wort 密码"
GOOD = {"authorization": f"Bearer {WORDS}".encode()}
QUESTION = "城东大桥全长多少米？"


@pytest.fixture
def index(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a/1", "text": "城东大桥全长1260米，昨日通车。"}', encoding="utf-8")
    rebuild([source], tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    with TestClient(build_service(index), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def guarded(index: Path) -> Iterator[TestClient]:
    access = Access("0.0.0.0", ("wenbao.example.cn",), Password.of(WORDS))
    app = build_service(index, access=access)
    with TestClient(app, base_url="http://wenbao.example.cn", follow_redirects=False) as client:
        yield client


PLACES = [
    "/api/articles",
    "/api/ask?question=x",
    "/api/openapi.json",
    "/mcp",
    "/metrics",
    "/x",
    "/",
]


def test_nothing_is_told_without_the_password(guarded: TestClient) -> None:
    for path in PLACES:
        for headers in ({}, {"authorization": "Basic OnB3"}, {"cookie": "wenbao=x"}):
            for method in ("GET", "POST"):
                told = guarded.request(method, path, headers=headers)
                assert told.status_code == 401 and told.headers["www-authenticate"] == "Bearer"
                assert set(told.json()) == {"chinese", "english"}
    for path in PLACES[:3]:
        assert guarded.get(path, headers={"authorization": "Bearer x"}).status_code == 401


def test_programs_bring_the_password(guarded: TestClient) -> None:
    assert guarded.get("/api/articles", headers=GOOD).json()["total"] == 1
    assert b"wenbao_questions_total" in guarded.get("/metrics", headers=GOOD).content
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream"}
    told = guarded.post("/mcp", json=hello, headers={**GOOD, **accepted})
    assert len(told.json()["result"]["tools"]) == 3
    described = guarded.get("/api/openapi.json", headers=GOOD).json()
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert described["paths"]["/ask"]["get"]["security"] == [{"HTTPBearer": []}]
    assert {"401", "429"} <= set(described["paths"]["/ask"]["get"]["responses"])


def test_browsers_log_in_and_out(guarded: TestClient) -> None:
    sent = guarded.get("/", headers={"accept": "text/html"})
    assert (sent.status_code, sent.headers["location"]) == (303, "login")
    form = guarded.get("/login")
    assert form.status_code == 200 and "密码" in form.text and "Password" in form.text
    assert "script" not in form.text and "sha256-" in form.headers["content-security-policy"]
    wrong = guarded.post("/login", data={"password": "wrong"})
    assert wrong.status_code == 401 and "Wrong password" in wrong.text
    assert "set-cookie" not in wrong.headers
    entered = guarded.post("/login", data={"password": WORDS})
    assert (entered.status_code, entered.headers["location"]) == (303, "./")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    assert guarded.get("/api/articles").status_code == 200
    assert guarded.get("/login").status_code == 303
    token = guarded.cookies["wenbao"]
    assert guarded.post("/logout").status_code == 303
    assert guarded.get("/api/articles", headers={"cookie": f"wenbao={token}"}).status_code == 401


def test_the_cookie_is_for_encrypted_connections_where_there_are(index: Path) -> None:
    app = build_service(index, access=Access(password=Password.of(WORDS)))
    with TestClient(app, base_url="https://localhost", follow_redirects=False) as client:
        entered = client.post("/login", data={"password": WORDS})
        assert "secure" in entered.headers["set-cookie"].lower()


def test_guessing_is_slowed_down(guarded: TestClient) -> None:
    for _ in range(FREE):
        assert guarded.post("/login", data={"password": "guess"}).status_code == 401
    for _ in range(2):
        told = guarded.post("/login", data={"password": WORDS})
        assert told.status_code == 429 and int(told.headers["retry-after"]) >= 1
        assert "Try again" in told.text
    told = guarded.get("/api/articles", headers=GOOD)
    assert told.status_code == 429 and "密码错的次数太多" in told.json()["chinese"]
    time.sleep(1.1)
    assert guarded.get("/api/articles", headers=GOOD).status_code == 200


def test_who_comes_when_many_log_in_is_not_told_of_wrong_passwords(
    guarded: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_MOST_WAITING", 0)
    for told in (
        guarded.post("/login", data={"password": WORDS}),
        guarded.get("/api/articles", headers=GOOD),
    ):
        assert told.status_code == 429 and told.headers["retry-after"] == "5"
        assert "等着核对密码的人多" in told.text and "Many passwords wait" in told.text
        assert "密码错" not in told.text


def test_an_address_of_this_machine_alone_that_is_listened_on(index: Path) -> None:
    app = build_service(index, access=Access("127.0.0.2"))
    with TestClient(app, base_url="http://127.0.0.2:7860") as client:
        assert client.get("/api/articles").status_code == 200


def test_odd_forms_are_wrong_passwords(guarded: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for form in (b"", b"password=%ff%00", b"&" * 9000, b"x" * 20_000, b"password=" * 99):
        assert guarded.post("/login", content=form, headers=kind).status_code == 401


def test_names_and_sites(guarded: TestClient) -> None:
    for host, status in (
        ("rebound.example", 400),
        ("192.0.2.7:7860", 200),
        ("wenbao.example.cn", 200),
        ("", 400),
    ):
        told = guarded.get("/api/articles", headers={**GOOD, "host": host})
        assert told.status_code == status
        assert status == 200 or "--name" in told.json()["english"]
    for origin, status in (("https://site.example", 403), ("https://wenbao.example.cn", 200)):
        headers = {**GOOD, "origin": origin}
        told = guarded.post("/api/ask", json={"question": QUESTION}, headers=headers)
        assert told.status_code == status
        assert not any(name.startswith("access-control") for name in told.headers)


def test_probes_need_nothing_and_tell_nothing(guarded: TestClient, tmp_path: Path) -> None:
    anyone = {"host": "10.0.0.7:7860"}
    assert guarded.get("/healthz", headers=anyone).json() == {"status": "ok"}
    assert guarded.get("/readyz", headers=anyone).json() == {
        "status": "ready",
        "index_damaged": False,
    }
    with TestClient(build_service(tmp_path / "none")) as client:
        assert client.get("/healthz").status_code == 200
        told = client.get("/readyz")
        assert told.status_code == 503 and str(tmp_path) not in told.text


def test_a_probe_tells_that_the_live_snapshot_is_damaged_while_another_answers(
    index: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PAUSE", 0.0)
    monkeypatch.setattr(opening, "_PATIENCE", 0.0)

    def told() -> tuple[int, dict[str, Any]]:
        response = client.get("/readyz")
        return response.status_code, response.json()

    assert told() == (200, {"status": "ready", "index_damaged": False})
    manifest = live_paths(index).manifest
    aside = manifest.rename(index / "aside")
    assert told() == (200, {"status": "ready", "index_damaged": True})
    assert client.get("/api/ask", params={"question": QUESTION}).status_code == 200
    aside.rename(manifest)
    assert told() == (200, {"status": "ready", "index_damaged": False})


def test_every_response_has_its_headers(client: TestClient) -> None:
    for path in ("/api/articles", "/api/none", "/none", "/mcp"):
        for host in ("localhost", "rebound.example"):
            headers = client.get(path, headers={"host": host}).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["cache-control"] == "no-store" and "server" not in headers


def test_no_file_of_this_machine_is_served(client: TestClient) -> None:
    for path in (
        "/../../../../etc/passwd",
        "/api/../../etc/passwd",
        "/api/articles/../../../../etc/passwd",
        "/api/articles/..%2f..%2f..%2fetc%2fpasswd",
        "/api/articles/%2e%2e/%2e%2e/etc/passwd",
        "/api/articles//etc/passwd",
        "/api/articles/a.jsonl",
        "/api/articles/file:///etc/passwd",
        "/page/web/..%2f..%2fserver.py",
        "/index/current",
    ):
        told = client.get(path)
        assert told.status_code == 404 and "root:" not in told.text


def test_metrics(client: TestClient) -> None:
    def figures() -> dict[str, float]:
        lines = client.get("/metrics").text.splitlines()
        return {k: float(v) for k, v in (x.rsplit(" ", 1) for x in lines if x[:1] != "#")}

    before = figures()
    client.get("/api/ask", params={"question": QUESTION})
    client.get("/api/ask", params={"question": "香蕉价格如何？"})
    after = figures()

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert grown('wenbao_questions_total{door="api"}') == 2
    assert grown('wenbao_abstentions_total{door="api"}') >= 1
    assert grown('wenbao_stage_seconds_count{stage="search"}') == 2
    assert after["wenbao_snapshot_articles"] == 1
    assert 0 <= after["wenbao_snapshot_age_seconds"] < 600
    assert "process_resident_memory_bytes" in after
    assert "大桥" not in client.get("/metrics").text


def test_an_error_of_ours_is_told_in_both_languages(index: Path) -> None:
    app = build_service(index)
    with (
        TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client,
        patch.object(rest, "retrieve", side_effect=RuntimeError("a secret")),
    ):
        told = client.get("/api/search", params={"question": "x"})
    assert told.status_code == 500 and set(told.json()) == {"chinese", "english"}
    assert "secret" not in told.text


def test_a_model_that_hangs_slows_nobody_else(index: Path) -> None:
    """More people ask than the endpoint has places: they are answered from the newspaper."""
    with scripted_server() as (url, script):
        script.pieces, script.pause = ["城"], 2.0
        llm = LanguageModel(url, "m", timeout=2.0)
        app = build_service(index, llm)
        with TestClient(app, base_url="http://localhost") as client:
            client.get("/api/ask", params={"question": QUESTION})  # imports and warms
            seconds: list[tuple[float, Any]] = []

            def one() -> None:
                began = time.monotonic()
                told = client.get("/api/ask", params={"question": QUESTION})
                seconds.append((time.monotonic() - began, told.json()["note"]))

            threads = [threading.Thread(target=one) for _ in range(12)]
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            began = time.monotonic()
            assert client.get("/api/search", params={"question": QUESTION}).status_code == 200
            assert client.get("/api/articles").status_code == 200
            assert time.monotonic() - began < 1.0
            for thread in threads:
                thread.join()
    busy = [took for took, note in seconds if "busy" in note]
    assert len(busy) == 4 and max(busy) < 1.5
    assert all("2" in note for took, note in seconds if "busy" not in note)


def test_guarded_requests_find_no_error_of_ours(guarded: TestClient) -> None:
    """Made-up requests through all of the front: nothing but answers and clear refusals."""
    schema = schemathesis.openapi.from_dict(guarded.get("/api/openapi.json", headers=GOOD).json())

    @given(case=schema.as_strategy())
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: schemathesis.Case) -> None:
        made = case.as_transport_kwargs(base_url="http://wenbao.example.cn/api")
        request = guarded.build_request(
            made["method"],
            made["url"],
            params=made.get("params"),
            json=made.get("json"),
            headers={**GOOD},
        )
        assert guarded.send(request).status_code in (200, 400, 404, 405, 422, 429)

    holds()
