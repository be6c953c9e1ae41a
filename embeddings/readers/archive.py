"""Zip archives: their files one after another, without unpacking anything to disk."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from embeddings.readers.draft import Unreadable

MAX_UNPACKED = 1 << 30
"""Most bytes that all files of an archive may have together."""
MAX_RATIO = 200
"""Most bytes that a packed byte may stand for, in archives above ``_RATIO_MATTERS``."""
_RATIO_MATTERS = 64 << 20
_MAX_DIRECTORY = 8 << 20
"""Longest list of members in bytes, about 100,000 of them."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_PACKED_PLAINLY = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Check = Callable[[str, int], None]
"""Raises ``Unreadable`` for a file that is not wanted: (suffix, bytes)."""


class _Bounded(io.BytesIO):
    """Refuses to hand out the list of members in one piece if it is very long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise Unreadable("压缩包里文件太多", "too many files in the archive")
        return super().read(size)


def members(data: bytes, check: Check) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Yield the name and content of each file in an archive, or why it is not read.

    An empty name stands for the archive itself. Hidden files and those that macOS adds are
    left out.
    """
    try:
        with zipfile.ZipFile(_Bounded(data)) as archive:
            infos = [info for info in archive.infolist() if not _is_hidden(info)]
            refuse_bomb(infos)
            if not infos:
                raise Unreadable("压缩包里没有文件", "no files in the archive")
            for info in sorted(infos, key=_name):
                yield (
                    _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _name(info)),
                    _read(archive, info, check),
                )
    except Unreadable as error:
        yield "", error
    except _ZIP_ERRORS as error:
        yield "", Unreadable("压缩包已损坏", f"damaged archive: {error}")


def refuse_bomb(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would unpack to far more than it is.

    Declared sizes suffice: zipfile never unpacks more of a file than its entry declares.

    Raises:
        Unreadable: It would.
    """
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    is_odd = unpacked > _RATIO_MATTERS and unpacked > MAX_RATIO * max(1, packed)
    if unpacked > MAX_UNPACKED or is_odd:
        megabytes = unpacked >> 20
        raise Unreadable(
            f"解压后有 {megabytes} MB，疑似压缩炸弹",
            f"would unpack to {megabytes} MB, like a zip bomb",
        )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, check: Check) -> bytes | Unreadable:
    name = _name(info)
    suffix = PurePosixPath(name).suffix.lower()
    try:
        _check_entry(info, name)
        if suffix == ".zip":
            raise Unreadable("压缩包中的压缩包，请先解压", "an archive in an archive; unpack it")
        check(suffix, info.file_size)
        return archive.read(info)
    except Unreadable as error:
        return error
    except _ZIP_ERRORS as error:
        return Unreadable("压缩包中的这个文件已损坏", f"damaged in the archive: {error}")


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise Unreadable("文件名指向压缩包之外", "its name points outside the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("是链接，不是文件", "a link, not a file")
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("已加密，请先解压", "encrypted; unpack it first")
    if info.compress_type not in _PACKED_PLAINLY:
        raise Unreadable("压缩方式不支持，请先解压", "packed in an unknown way; unpack it first")


def _is_hidden(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    named = [part for part in parts if part != ".."]
    return not parts or info.is_dir() or any(p.startswith((".", "__MACOSX")) for p in named)


def _name(info: zipfile.ZipInfo) -> str:
    """Chinese systems often write names in GBK without saying so; zipfile reads them as cp437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename
