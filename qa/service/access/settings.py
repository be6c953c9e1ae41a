"""Where the server listens, under which names, and with which password."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.errors import InputError
from qa.service.access.password import Password

LOOPBACK = "127.0.0.1"
_MOST_BYTES = 10_000
"""Of a password file."""


class AccessSettings(BaseSettings):
    """``WENBAO_HOST``, ``WENBAO_NAMES``, ``WENBAO_PASSWORD``, ``WENBAO_PASSWORD_FILE``."""

    model_config = SettingsConfigDict(
        env_prefix="WENBAO_", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = LOOPBACK
    names: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask.

    Attributes:
        host: The address to listen on.
        names: Host names that requests may be sent to, besides this machine's own; of a
            reverse proxy, for instance.
        password: What everybody must know, or None: then only this machine may ask.
    """

    host: str = LOOPBACK
    names: tuple[str, ...] = ()
    password: Password | None = None

    @classmethod
    def from_settings(cls, host: str | None = None, names: Sequence[str] = ()) -> "Access":
        """Return what options or else the environment say.

        Raises:
            InputError: The address is none, or others could ask without a password.
        """
        settings = AccessSettings()
        host = host or settings.host
        named = names or settings.names.split(",")
        access = cls(
            host,
            tuple(name.strip().lower().rstrip(".") for name in named if name.strip()),
            _password(settings),
        )
        if access.password is None and (access.is_public or access.names):
            raise InputError(
                f"别的机器也能访问（{host}{_listed(access.names)}），必须先设密码："
                "运行 wenbao password 密码文件，再设 WENBAO_PASSWORD_FILE=密码文件；"
                "或设 WENBAO_PASSWORD。只供本机使用时，去掉 --host 和 --name。",
                f"Other machines could get in ({host}{_listed(access.names)}), so a password is "
                "needed: run wenbao password FILE and set WENBAO_PASSWORD_FILE=FILE, or set "
                "WENBAO_PASSWORD. For this machine alone, leave out --host and --name.",
            )
        return access

    @property
    def is_public(self) -> bool:
        """Whether other machines reach the address.

        Raises:
            InputError: It is no address of any machine.
        """
        try:
            found = socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
            addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
        except (OSError, ValueError, UnicodeError) as error:
            raise InputError(
                f"--host {self.host} 不是地址。只供本机请写 127.0.0.1，也供别的机器请写 0.0.0.0。",
                f"--host {self.host} is not an address. Use 127.0.0.1 for this machine alone, "
                "0.0.0.0 for other machines too.",
            ) from error
        return not all(address.is_loopback for address in addresses)


def _listed(names: Sequence[str]) -> str:
    return "".join(f", {name}" for name in names)


def _password(settings: AccessSettings) -> Password | None:
    if settings.password is not None:
        return Password.read(settings.password.get_secret_value())
    path = settings.password_file
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"读不了密码文件 {path}（{error}）。请用 wenbao password {path} 生成。",
            f"Cannot read the password file {path} ({error}). Make it with wenbao password {path}.",
        ) from error
    return Password.read(text)
