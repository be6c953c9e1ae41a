"""Runs work in a forked child and stops it at any system call that writes to a folder.

The child asks the kernel (seccomp user notifications, seccomp_unotify(2)) to hold every system
call that may write, by whatever code, ours or that of SQLite, tantivy and FAISS. The parent sees
each before it happens and lets it happen, makes it fail, or kills the child there. Nothing of this
is in the product.
"""

import ctypes
import errno
import fcntl
import json
import os
import platform
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SECCOMP, _NO_NEW_PRIVILEGES = 317, 38
_SET_FILTER, _NEW_LISTENER = 1, 1 << 3
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_RESPONSE = struct.Struct("=QqiI")
_LOAD, _JUMP_EQUAL, _JUMP_ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_FIRST_ARGUMENT = 16
_AT_FDCWD = -100 & 0xFFFFFFFF
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_BY_DESCRIPTOR = {
    1: "write", 18: "pwrite64", 20: "writev", 74: "fsync", 75: "fdatasync", 77: "ftruncate",
    285: "fallocate",
}  # fmt: skip
_BY_PATH = {76: "truncate", 82: "rename", 83: "mkdir", 84: "rmdir", 87: "unlink"}
_BY_FOLDER_AND_PATH = {
    258: "mkdirat", 263: "unlinkat", 264: "renameat", 280: "utimensat", 316: "renameat2",
}  # fmt: skip
_OPEN, _OPENAT = 2, 257
"""x86-64's numbers. The kind says where the first argument leads to what is written."""

TAKES_SPACE = {"write", "pwrite64", "writev", "ftruncate", "fallocate", "mkdir", "mkdirat", "open"}
"""What a full disk refuses."""

Fault = int
"""The number of an error that a call gets instead of happening."""


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that is about to write: the how-manieth, which one, and to what."""

    number: int
    name: str
    path: str


Decide = Callable[[Call], Fault | signal.Signals | None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: what its work returned, or the signal or the error that ended it."""

    value: Any = None
    error: str | None = None
    signal: int = 0
    calls: tuple[Call, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether it ended with one of our own errors, which name a remedy."""
        return self.error is not None and self.error.startswith("told:")


def can_supervise() -> bool:
    """Tell whether this machine lets a parent hold its child's system calls."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    action = ctypes.c_uint32(_NOTIFY)
    return ctypes.CDLL(None).syscall(_SECCOMP, 2, 0, ctypes.byref(action)) == 0


def run(
    work: Callable[[], Any],
    below: Path | None = None,
    decide: Decide = lambda call: None,
    seconds: float | None = None,
) -> Ended:
    """Run work in a child process and wait for it.

    Args:
        work: Returns what JSON can write.
        below: The folder whose writing is held; None: nothing is.
        decide: What becomes of a call: None lets it happen, the number of an error makes it fail,
            SIGKILL kills the child before it happens.
        seconds: Kill the child after so long.
    """
    results, their_results = os.pipe()
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        os.close(results)
        ours.close()
        _work(work, their_results, theirs if below is not None else None)
    os.close(their_results)
    theirs.close()
    calls: list[Call] = []
    handle = os.pidfd_open(child)
    try:
        if below is not None:
            _, (listener,), _, _ = socket.recv_fds(ours, 1, 1)
            _supervise(listener, handle, child, below, decide, calls)
            os.close(listener)
        elif seconds is not None and not select.select([handle], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        with open(results, "rb", closefd=False) as file:
            said = file.read()
    finally:
        ours.close()
        os.close(results)
        os.close(handle)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Ended(signal=os.WTERMSIG(status), calls=tuple(calls))
    return Ended(**json.loads(said), calls=tuple(calls))


def _work(work: Callable[[], Any], results: int, parent: socket.socket | None) -> None:
    """Be the child."""
    from embeddings.errors import WenbaoError

    said: dict[str, Any] = {}
    try:
        if parent is not None:
            listener = _install_filter()
            socket.send_fds(parent, [b"-"], [listener])
            os.close(listener)
        said["value"] = work()
    except WenbaoError as error:
        said["error"] = f"told: {error.english}"
    except BaseException:
        said["error"] = traceback.format_exc()
    os.write(results, json.dumps(said).encode())
    os._exit(0)


def _install_filter() -> int:
    """Ask the kernel to hold what writes in this thread and all that it starts."""
    program = b"".join(struct.pack("=HBBI", *step) for step in _program())
    buffer = ctypes.create_string_buffer(program)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    filtering = Program(len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    listener = libc.syscall(_SECCOMP, _SET_FILTER, _NEW_LISTENER, ctypes.byref(filtering))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)


def _program() -> list[tuple[int, int, int, int]]:
    steps = [(_LOAD, 0, 0, 0)]
    for number in (*_BY_DESCRIPTOR, *_BY_PATH, *_BY_FOLDER_AND_PATH):
        steps += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _NOTIFY)]
    for number, flags in ((_OPEN, 1), (_OPENAT, 2)):
        steps += [
            (_JUMP_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * flags),
            (_JUMP_ANY, 0, 1, _WRITING_FLAGS),
            (_RETURN, 0, 0, _NOTIFY),
            (_RETURN, 0, 0, _ALLOW),
        ]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _supervise(
    listener: int, handle: int, child: int, below: Path, decide: Decide, calls: list[Call]
) -> None:
    root = str(below.resolve())
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(handle, select.POLLIN)
    while True:
        ready = dict(poll.poll())
        if handle in ready:
            return
        held = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(listener, _RECEIVE, held)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):
                continue  # the caller is gone
            raise
        key, thread, _, number, _, _, *arguments = _NOTIFICATION.unpack(held)
        fault: Fault | signal.Signals | None = None
        name, path = _what(thread, number, arguments)
        if path == root or path.startswith(f"{root}/"):
            calls.append(Call(len(calls), name, path[len(root) + 1 :]))
            fault = decide(calls[-1])
        if fault is signal.SIGKILL:
            os.kill(child, signal.SIGKILL)
            continue
        answer = _RESPONSE.pack(key, 0, -(fault or 0), 0 if fault else _CONTINUE)
        try:
            fcntl.ioctl(listener, _SEND, bytearray(answer))
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise


def _what(thread: int, number: int, arguments: list[int]) -> tuple[str, str]:
    """Return the name of a call and the path it would write to; empty where that is gone."""
    try:
        if number in _BY_DESCRIPTOR:
            return _BY_DESCRIPTOR[number], _of_descriptor(thread, arguments[0])
        if number in _BY_PATH or number == _OPEN:
            return _BY_PATH.get(number, "open"), _of_path(thread, _AT_FDCWD, arguments[0])
        name = _BY_FOLDER_AND_PATH.get(number, "open")
        return name, _of_path(thread, arguments[0] & 0xFFFFFFFF, arguments[1])
    except OSError:
        return "", ""


def _of_descriptor(thread: int, descriptor: int) -> str:
    return os.readlink(f"/proc/{thread}/fd/{descriptor & 0xFFFFFFFF}").removesuffix(" (deleted)")


def _of_path(thread: int, folder: int, address: int) -> str:
    if not address:  # utimensat of a descriptor
        return _of_descriptor(thread, folder)
    with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        # A page at a time: what lies behind it may not be there.
        path = memory.read(4096 - address % 4096)
        if b"\0" not in path:
            path += memory.read(4096)
    named = os.fsdecode(path.split(b"\0")[0])
    if folder == _AT_FDCWD:
        return os.path.join(os.readlink(f"/proc/{thread}/cwd"), named)
    return os.path.join(_of_descriptor(thread, folder), named)
