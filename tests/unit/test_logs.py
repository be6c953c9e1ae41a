"""The server's log: one JSON object a line, and never what people ask."""

import json
import logging
import sys

import pytest
from starlette.types import Receive, Scope, Send

from embeddings.errors import InputError
from qa.service.logs import JsonLines, RequestLog, is_json
from tests.conftest import finish

SECRET = "谁偷了我的自行车？"


def line_of(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(record)
    assert "\n" not in text
    fields: dict[str, object] = json.loads(text)
    return fields


def test_an_error_is_told_without_its_message() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError:
        info = sys.exc_info()
    record = logging.LogRecord("wenbao", logging.ERROR, __file__, 1, "Failed", (), info)
    fields = line_of(record)
    assert SECRET not in json.dumps(fields, ensure_ascii=False)
    kinds = [error["kind"] for error in fields["error"]]  # type: ignore[index, union-attr]
    assert kinds == ["RuntimeError", "ValueError"] and "test_logs.py" in str(fields["error"])


def test_a_request_is_told_without_its_question(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/api/articles/{SECRET}\n",
        "query_string": f"question={SECRET}".encode(),
        "client": ("127.0.0.1", 1),
    }
    with caplog.at_level(logging.INFO, "wenbao.requests"):
        finish(RequestLog(app)(scope, nothing, nothing))
        finish(RequestLog(app)({**scope, "path": "/metrics"}, nothing, nothing))
    (record,) = caplog.records
    fields = line_of(record)
    assert (fields["path"], fields["status"]) == ("/api/articles", 200)
    assert SECRET not in json.dumps(fields, ensure_ascii=False)


def test_the_form_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("WENBAO_LOG", raising=False)
    assert not is_json()
    monkeypatch.setenv("WENBAO_LOG", "json")
    assert is_json()
    monkeypatch.setenv("WENBAO_LOG", "xml")
    with pytest.raises(InputError, match="WENBAO_LOG"):
        is_json()
