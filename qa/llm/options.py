"""The command line's options that name a language model."""

from typing import Annotated

import typer

LlmUrlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="语言模型接口，如 http://127.0.0.1:11434/v1 · A language model's endpoint "
        "[WENBAO_LLM_URL]",
        show_default=False,
    ),
]
LlmModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="语言模型名 · Its name there [WENBAO_LLM_MODEL]; 密钥 key: WENBAO_LLM_KEY",
        show_default=False,
    ),
]
