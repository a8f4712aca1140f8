"""Holding a place against other processes: whoever dies lets go."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scanner.errors import CaptureError

_POLL_S = 0.02


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
