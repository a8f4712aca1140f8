"""Writing so that it is still there after a power cut, and holding a place against other processes."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scanner.errors import CaptureError

_POLL_S = 0.02


def sync(handle: int) -> None:
    """Make the bytes of an open file durable; OSError if the disk cannot."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(handle)
    else:
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_part(path: Path, data: bytes) -> None:
    """The bytes under a name that is not final yet; durable on return. OSError, and no file, if not."""
    try:
        with path.open("wb", buffering=0) as file:
            write_all(file.fileno(), data)
            sync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def write_all(handle: int, data: bytes) -> None:
    """Every byte: the system may take fewer at a time, above all when the disk is nearly full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def new_folder(folder: Path) -> None:
    """A folder that is still there after a power cut, with those above it."""
    if not folder.is_dir():
        new_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


@contextmanager
def held(path: Path, wait_s: float, who: str) -> Iterator[None]:
    """Hold `path` alone among all processes; whoever dies lets go. CaptureError after `wait_s` seconds.

    `who` begins the error's sentence: "Box K1".
    """
    with path.open("ab") as file:
        until = time.monotonic() + wait_s
        while not _taken(file):
            if time.monotonic() > until:
                raise CaptureError(f"{who} is being fed by another process; end that one first.")
            time.sleep(_POLL_S)
        yield


if sys.platform == "win32":
    import msvcrt

    def _taken(file: BinaryIO) -> bool:
        """Untested: no machine here runs Windows."""
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
