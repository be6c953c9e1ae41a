"""The commands that answer until they are stopped: ``wenbao chat``, ``serve`` and ``mcp``.

Each makes its index ready first and imports its server only then.
"""

import threading
from pathlib import Path
from typing import Annotated

import typer

from embeddings.address import IndexAddress, address_of
from embeddings.console import IndexOption, ModelOption, open_console, progress_bars
from embeddings.settings import Settings
from qa import terminal
from qa.llm import LanguageModel
from qa.llm.options import LlmModelOption, LlmUrlOption
from qa.preload import load_all
from qa.service.access import Access
from qa.service.access.command import HostOption, NameOption
from qa.spans import is_span_reader_ready, load_span_reader
from qa.uploads import with_uploads

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH",
        help="文件或文件夹，有变动则先重建 · Files and folders; if they changed, the index is "
        "rebuilt first",
        show_default=False,
    ),
]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="端口 · Port")]

CHAT_EXAMPLES = (
    "\b\n例 Examples:\n  wenbao chat\n  wenbao chat 报纸/ --port 8000\n"
    "  WENBAO_PASSWORD_FILE=password wenbao chat --host 0.0.0.0 --name wenbao.example.cn\n"
)
SERVE_EXAMPLES = (
    "\b\n例 Examples:\n  wenbao serve\n  wenbao serve 报纸/ --port 8000\n"
    "  curl -G http://127.0.0.1:8000/api/ask --data-urlencode 'question=查了多少家企业？'\n"
)
MCP_EXAMPLES = (
    "\b\n例 Examples:\n  wenbao mcp\n  npx @modelcontextprotocol/inspector wenbao mcp --index DIR\n"
)


def chat_command(
    paths: PathsArgument = None,
    port: PortOption = 7860,
    host: HostOption = None,
    names: NameOption = None,
    model: ModelOption = None,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    index: IndexOption = None,
) -> None:
    """打开聊天页面，也供其他程序使用 · Serve the chat page, with REST and MCP beside it."""
    access = Access.from_settings(host, names or ())
    llm = LanguageModel.from_settings(llm_url, llm_model)
    address = _made_ready(paths, index, model)
    from qa.chat import serve

    serve(address, port, llm, access)


def serve_command(
    paths: PathsArgument = None,
    port: PortOption = 7860,
    host: HostOption = None,
    names: NameOption = None,
    model: ModelOption = None,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    index: IndexOption = None,
) -> None:
    """供其他程序使用，不带聊天页面 · Serve REST and MCP, without the chat page."""
    access = Access.from_settings(host, names or ())
    llm = LanguageModel.from_settings(llm_url, llm_model)
    address = _made_ready(paths, index, model)
    from qa.service.app import serve

    serve(address, port, llm, access)


def mcp_command(
    paths: PathsArgument = None,
    model: ModelOption = None,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    index: IndexOption = None,
) -> None:
    """作为 MCP 工具供语言模型使用（stdio） · Serve MCP tools over stdin and stdout."""
    llm = LanguageModel.from_settings(llm_url, llm_model)
    address = _made_ready(paths, index, model)
    from qa.service.tools import build_tools

    build_tools(address, llm).run("stdio")


def _made_ready(paths: list[Path] | None, index: str | None, model: str | None) -> IndexAddress:
    """Bring an index up to date, begin to load what answers need, and return where it is."""
    from embeddings.rebuild.freshness import bring_up_to_date

    address = address_of(index or Settings().index)
    with progress_bars() as progress:
        bring_up_to_date(with_uploads(paths or [], address), address, model, progress)
    if not is_span_reader_ready():
        terminal.say_reader_is_prepared(open_console(stderr=True))
        load_span_reader()
    # The models and the web server take seconds each to load: together, on two cores, once.
    threading.Thread(target=load_all, args=(address,), daemon=True).start()
    return address
