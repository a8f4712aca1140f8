"""Writing so that it is still there after a power cut."""

import os
from contextlib import suppress
from pathlib import Path


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
