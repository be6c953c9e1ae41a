"""What the page's server refuses, and how it says so; no browser needed."""

import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.chat.routes import add_routes
from qa.chat.warm import Warmth
from qa.retrieve import MAX_QUESTION
from qa.uploads import MAX_BYTES, uploads_folder


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A page over an index that does not exist."""
    app = FastAPI()
    warmth = Warmth(tmp_path / "index")
    warmth.start()
    add_routes(app, tmp_path / "index", warmth)
    return TestClient(app)


def test_a_missing_index_is_told_in_both_languages(client: TestClient) -> None:
    corpus = client.get("/page/corpus").json()
    asked = client.post("/page/ask", json={"question": "今天有什么新闻？"})
    assert corpus["articles"] == 0 and asked.status_code == 422
    for told in (corpus, asked.json()):
        assert "wenbao rebuild" in told["chinese"] and "wenbao rebuild" in told["english"]
        assert told["chinese"] != told["english"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_change_nothing(client: TestClient, tmp_path: Path, site: str) -> None:
    headers = {"sec-fetch-site": site}
    form = {"text": "标题\n\n正文。", "name": "x"}
    assert client.post("/page/uploads", data=form, headers=headers).status_code == 403
    judged = {"question": "问？", "answer": "答", "vote": "up"}
    refused = client.post("/page/feedback", json=judged, headers=headers)
    assert refused.status_code == 403 and "别的网站" in refused.json()["chinese"]
    assert not uploads_folder(tmp_path / "index").exists()


def test_too_much_at_a_time_is_refused_before_it_is_read(client: TestClient) -> None:
    size = {"content-length": str(MAX_BYTES * 2), "content-type": "multipart/form-data; boundary=b"}
    refused = client.post("/page/uploads", content=b"", headers=size)
    assert refused.status_code == 422 and "64 MB" in refused.json()["english"]


@pytest.mark.parametrize("size", ["²", "-1", "", "1e9", "0x10"])
def test_a_size_that_is_none_is_refused(client: TestClient, size: str) -> None:
    form = {"content-type": "multipart/form-data; boundary=b"}
    headers = {**form, "content-length": size.encode("latin-1")}
    assert client.post("/page/uploads", content=b"", headers=headers).status_code == 422


def test_ten_thousand_files_are_refused(client: TestClient) -> None:
    files = [("files", (f"{n}.txt", b"x")) for n in range(10_000)]
    began = time.process_time()
    refused = client.post("/page/uploads", files=files)
    assert refused.status_code == 422 and "50" in refused.json()["english"]
    assert time.process_time() - began < 5


@pytest.mark.parametrize("form", [b"", b"--b", b"--b\r\n\r\n", b"--b--", b"\0" * 100])
def test_broken_forms_are_refused(client: TestClient, form: bytes) -> None:
    kind = {"content-type": "multipart/form-data; boundary=b"}
    refused = client.post("/page/uploads", content=form, headers=kind)
    assert refused.status_code == 422 and refused.json()["chinese"]


def test_contradicting_filters_are_told(client: TestClient) -> None:
    refused = client.get("/page/articles", params={"since": "2022-02-01", "until": "2022-01-01"})
    assert refused.status_code == 422 and "2022-02-01" in refused.json()["chinese"]


def test_a_damaged_conversation_is_told(client: TestClient) -> None:
    wanted = {"lines": "{\n", "title": "t", "kind": "md"}
    refused = client.post("/page/export", json=wanted)
    assert refused.status_code == 422 and "JSON" in refused.json()["english"]


def test_the_longest_question_may_be_the_title(client: TestClient) -> None:
    wanted = {"lines": "", "title": "问" * MAX_QUESTION, "kind": "md"}
    assert client.post("/page/export", json=wanted).status_code == 200
    wanted["title"] += "？"
    told = client.post("/page/export", json=wanted).json()
    assert told["chinese"] == f"body.title 有误：最多 {MAX_QUESTION} 个字符。"
    wanted["kind"], wanted["title"] = "pdf", ""
    told = client.post("/page/export", json=wanted).json()
    assert told["chinese"] == "body.kind 有误：应为 'md' 或 'html'。"


@pytest.mark.parametrize("key", ["nothing", "../../etc"])
def test_unknown_batches_are_told(client: TestClient, key: str) -> None:
    assert client.get(f"/page/uploads/{key}").status_code in (404, 422)
    assert client.delete("/page/uploads", params={"name": key}).status_code == 422
