"""Where an index is: in a folder, on a Milvus server, or in a file of Milvus Lite.

::

    some/folder                      a snapshot on this machine
    milvus://HOST:PORT/NAME          a Milvus server; milvus+tls:// where it speaks TLS
    milvus+lite:///some/folder       Milvus Lite, which runs in this process
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from embeddings.errors import InputError

DEFAULT_NAME = "wenbao"
_PORT = 19530
_SCHEMES = ("milvus", "milvus+tls", "milvus+lite")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """An index in Milvus.

    Attributes:
        uri: What Milvus' client connects to: a URL, or the path of a Milvus Lite file.
        name: The alias that names the live snapshot.
        folder: What belongs to the index on this machine: the working copy that rebuilds are
            made from, with what readers add and what they think of answers beside it.
        text: The address as it is written.
    """

    uri: str
    name: str
    folder: Path
    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def is_lite(self) -> bool:
        """Whether it is Milvus Lite, which one process at a time may open."""
        return "://" not in self.uri


IndexAddress = Path | MilvusAddress


def address_of(index: str | IndexAddress) -> IndexAddress:
    """Return where an index is.

    Raises:
        InputError: It begins like an address of Milvus and is none.
    """
    if isinstance(index, MilvusAddress):
        return index
    text = str(index)
    # A path object has lost one of the slashes.
    scheme, colon, rest = text.partition(":/")
    if not colon or scheme not in _SCHEMES:
        return Path(index).expanduser()
    return _lite(rest) if scheme == "milvus+lite" else _server(scheme, rest.lstrip("/"))


def only_folder(address: IndexAddress) -> Path:
    """Return the folder of an index whose snapshots are on this machine.

    Raises:
        InputError: They are not.
    """
    if isinstance(address, Path):
        return address
    raise InputError(
        f"{address} 不是文件夹：这个命令只看管本机上的索引。Milvus 里的索引请用 Milvus 的备份。",
        f"{address} is no folder: this command looks after indexes on this machine. Back up an "
        "index in Milvus with Milvus' own tools.",
    )


def local_folder(address: IndexAddress) -> Path:
    """Return the folder on this machine that belongs to an index."""
    return address.folder if isinstance(address, MilvusAddress) else address


def beside(address: IndexAddress, name: str) -> IndexAddress:
    """Return the address of another index that belongs to one, such as ``evaluate``."""
    if isinstance(address, Path):
        return address / name
    if address.is_lite:
        return _lite(str(address.folder.parent / name))
    return address_of(f"{address.text}_{name}")


def _lite(rest: str) -> MilvusAddress:
    folder = Path("/" + rest.lstrip("/"))
    if not rest.strip("/"):
        raise _unreadable("milvus+lite://", "milvus+lite:///some/folder")
    # Milvus' client takes what ends in .db for a file of Milvus Lite.
    return MilvusAddress(
        str(folder / "milvus.db"), DEFAULT_NAME, folder / "index", f"milvus+lite://{folder}"
    )


def _server(scheme: str, rest: str) -> MilvusAddress:
    if "@" in rest:
        # Not repeated: it may hold a password.
        raise InputError(
            "索引地址里不要写用户名和密码，请放在环境变量 WENBAO_MILVUS_TOKEN 里（用户名:密码）。",
            "Leave user and password out of the index address; put them in the environment "
            "variable WENBAO_MILVUS_TOKEN (user:password).",
        )
    text = f"{scheme}://{rest}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port or _PORT
    except ValueError as error:
        raise _unreadable(text, f"{scheme}://HOST:{_PORT}/NAME") from error
    name = parts.path.strip("/") or DEFAULT_NAME
    if not host or not _NAME.fullmatch(name) or parts.query or parts.fragment:
        raise _unreadable(text, f"{scheme}://HOST:{_PORT}/NAME")
    shown = f"[{host}]" if ":" in host else host
    secure = "https" if scheme == "milvus+tls" else "http"
    data = platformdirs.user_data_path("wenbao", appauthor=False) / "milvus"
    folder = data / re.sub(r"[^A-Za-z0-9.]+", "-", f"{host}-{port}-{name}") / "index"
    return MilvusAddress(
        f"{secure}://{shown}:{port}", name, folder, f"{scheme}://{shown}:{port}/{name}"
    )


def _unreadable(text: str, form: str) -> InputError:
    return InputError(
        f"看不懂索引地址 {text}。请写成 {form}，NAME 只能有字母、数字和下划线。",
        f"{text} is no address of an index. Write {form}, with a NAME of letters, digits and "
        "underscores.",
    )
