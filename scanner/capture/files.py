"""Files as somebody else left them: read whole, of bearable size, and never a reason to wait."""

import os
import stat
from pathlib import Path

from scanner.capture.limits import limits
from scanner.errors import ImageError


def printable(name: str) -> str:
    """A name fit for a line of text: undecodable bytes and control characters become '?'."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(one if one.isprintable() else "?" for one in text)


def read_whole(path: Path) -> bytes:
    """The whole file if it is a plain one of bearable size; ImageError with the end of a sentence if not."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise ImageError("is not a file (a folder's images are given with folder: and its own path)")
            if about.st_size > limits().max_file_bytes:
                raise ImageError(f"has more than {limits().max_file_mib:g} MiB")
            content = file.read(about.st_size)  # never the limit: that much memory would be taken first
            while len(content) < limits().max_file_bytes and (more := file.read(1 << 20)):
                content += more  # it grew meanwhile
            return content
    except (OSError, ValueError) as error:
        raise ImageError(f"cannot be read: {why(error)}") from error


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe must not hold us until somebody writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def why(error: Exception) -> str:
    """The system's reason in plain words, without the path that is already named."""
    return (getattr(error, "strerror", None) or str(error)).lower()
