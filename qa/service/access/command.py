"""The command ``wenbao password``, and what ``chat`` and ``serve`` are told of who may ask."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from embeddings.errors import InputError
from qa.service.access.password import Password

EXAMPLES = (
    "\b\n例 Examples:\n  wenbao password /etc/wenbao/password\n"
    "  WENBAO_PASSWORD_FILE=/etc/wenbao/password wenbao chat --host 0.0.0.0\n"
    "  pwgen 20 1 | wenbao password > password\n"
)
HostOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="监听的地址；供别的机器用 0.0.0.0，须先设密码 · Where to listen; 0.0.0.0 for other "
        "machines too, with a password [WENBAO_HOST; 127.0.0.1]",
        show_default=False,
    ),
]
NameOption = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="HOST",
        help="允许的主机名，如反向代理的；可多次 · A host name to answer to, such as a reverse "
        "proxy's; repeatable [WENBAO_NAMES, with commas]",
        show_default=False,
    ),
]


def password_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="写入此文件；不写则输出 · File to keep it in; none: print it",
            show_default=False,
        ),
    ] = None,
) -> None:
    """设服务器的密码，只存散列值 · Set the password of a server; only its hash is kept."""
    if sys.stdin.isatty():
        words = typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        words = sys.stdin.readline().rstrip("\r\n")
    kept = str(Password.of(words))
    if file is None:
        typer.echo(kept)
        return
    try:
        file.touch(mode=0o600)
        file.write_text(f"{kept}\n", encoding="ascii")
    except OSError as error:
        raise InputError(
            f"无法写入 {file}（{error.strerror}）。请检查文件夹是否存在、有无权限。",
            f"Cannot write {file} ({error.strerror}). Check that its folder exists and may be "
            "written to.",
        ) from error
