"""MCP: the official client over stdio and HTTP gets what Python gets."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from starlette.testclient import TestClient

from embeddings import load_index
from qa.service.app import build_service
from tests.browser.conftest import free_port
from tests.conftest import finish

QUESTION = "示范区纪委检查了多少家企业？"


def used(server: object, index: Path) -> None:
    finish(use(server, index), 120)


async def use(server: object, index: Path) -> None:
    async with Client(server) as client:  # type: ignore[arg-type]
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"search_articles", "ask_newspaper", "read_article"}
        assert all(tool.output_schema and "Cite" in tool.description for tool in tools.values())
        answer = await client.call_tool("ask_newspaper", {"question": QUESTION})
        told = answer.structured_content
        assert told["exact"] == "36家" and not answer.is_error
        follow_up = {"question": "发现了几个问题？", "history": [QUESTION]}
        more = (await client.call_tool("ask_newspaper", follow_up)).structured_content
        assert "9个问题" in more["answer"]
        narrowed = {"question": "防疫", "k": 2, "filters": {"section": "示范区"}}
        found = (await client.call_tool("search_articles", narrowed)).structured_content
        assert 0 < len(found["passages"]) <= 2
        citation = told["citations"][0]
        article_id = {"article_id": citation["article_id"]}
        article = (await client.call_tool("read_article", article_id)).structured_content
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        known = load_index(index).article(citation["article_id"])
        assert known and article["text"] == known.text
        for name, wrong in (
            ("read_article", {"article_id": "none"}),
            ("ask_newspaper", {"question": " "}),
            ("search_articles", {"question": "x", "k": 0}),
        ):
            assert (await client.call_tool(name, wrong)).is_error


def test_over_stdio(seeds_index: Path) -> None:
    command = ["-m", "qa", "mcp", "--index", str(seeds_index)]
    server = stdio_client(StdioServerParameters(command=sys.executable, args=command))
    used(server, seeds_index)


@pytest.fixture
def served(seeds_index: Path) -> Iterator[str]:
    import threading
    import time

    port = free_port()
    app = build_service(seeds_index)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(10)


def test_over_http(served: str, seeds_index: Path) -> None:
    used(served, seeds_index)


def test_other_names_and_sites_are_refused(seeds_index: Path) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    with TestClient(build_service(seeds_index), base_url="http://127.0.0.1:7860") as client:
        for header in ({"host": "rebound.example"}, {"origin": "https://site.example"}):
            told = client.post("/mcp", json=hello, headers=header)
            assert told.status_code in (400, 403, 421)
