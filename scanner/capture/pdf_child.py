"""The process in which PDFs are opened, and its talk with us: it may hang or die, we do not.

    python -m scanner.capture.pdf_child

A request is a line of JSON and, if the file is another than before, its bytes. So is an answer.
"""

import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from typing import BinaryIO

import msgspec
import numpy as np

from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import Gray

_COMMAND = (sys.executable, "-m", "scanner.capture.pdf_child")


class _Ask(msgspec.Struct, frozen=True):
    page: int | None  # None: how many there are
    size: int  # bytes of the file that follow; 0: the same as before


class _Told(msgspec.Struct, frozen=True):
    size: int = 0  # bytes of gray levels that follow
    pages: int = 0
    height: int = 0
    width: int = 0
    dpi: float = 0.0
    error: str | None = None


_asks, _tells = msgspec.json.Decoder(_Ask), msgspec.json.Decoder(_Told)


class PdfChild:
    """A process that opens PDFs for us, started when first needed and again after each death.

    `patience_s`: seconds one answer may take.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._sent: bytes | None = None  # the file that it holds

    def pages(self, data: bytes) -> int:
        """Number of pages; ImageError if the PDF is damaged, locked, endless or too slow."""
        with self._lock:
            return self._asked(None, data)[0].pages

    def gray(self, data: bytes, page: int) -> tuple[Gray, float]:
        """One page as gray levels (h, w) and its dpi; ImageError likewise, or if there is no such page."""
        with self._lock:
            told, levels = self._asked(page, data)
            return np.frombuffer(levels, np.uint8).reshape(told.height, told.width), told.dpi

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]  # both are pipes
            self._process.wait()
        self._process, self._sent = None, None

    def _asked(self, page: int | None, data: bytes) -> tuple[_Told, bytearray]:
        process = self._started()
        patience = Timer(self._patience_s, process.kill)
        patience.start()
        try:
            new = data if data is not self._sent else b""
            told, content = _exchange(process, _Ask(page, len(new)), new)
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            self.close()
            raise ImageError(f"is a PDF that cannot be opened within {self._patience_s:g} s") from error
        finally:
            patience.cancel()
        self._sent = data
        if told.error is not None:
            raise ImageError(told.error)
        return told, content

    def _started(self) -> subprocess.Popen[bytes]:
        """A process of our own: after a fork the pipes of the old one belong to somebody else."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.close()
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
            self._owner = os.getpid()
        return self._process


def _exchange(process: subprocess.Popen[bytes], ask: _Ask, data: bytes) -> tuple[_Told, bytearray]:
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    process.stdin.write(msgspec.json.encode(ask) + b"\n")
    process.stdin.write(data)
    process.stdin.flush()
    told = _tells.decode(process.stdout.readline())
    content = bytearray(told.size)
    if process.stdout.readinto(content) != told.size:  # type: ignore[attr-defined]  # buffered: all or the end
        raise EOFError
    return told, content


def main() -> None:
    """Answer until nobody asks any more."""
    _bound_memory()
    source: BinaryIO = sys.stdin.buffer
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not reach whoever asks
    data = b""
    while line := source.readline():
        ask = _asks.decode(line)
        data = source.read(ask.size) if ask.size else data
        told, levels = _answer(ask.page, data)
        out.write(msgspec.json.encode(told) + b"\n" + levels)
        out.flush()


def _answer(page: int | None, data: bytes) -> tuple[_Told, bytes]:
    from scanner.capture import pdf_page  # noqa: PLC0415 - the library is loaded where it may die

    try:
        if page is None:
            return _Told(pages=pdf_page.pages(data)), b""
        gray, dpi = pdf_page.gray(data, page)
        levels = gray.tobytes()
        return _Told(len(levels), height=gray.shape[0], width=gray.shape[1], dpi=dpi), levels
    except ImageError as error:
        return _Told(error=str(error)), b""
    except (MemoryError, RecursionError):
        return _Told(error="is a PDF that takes more memory than a scan can"), b""


def _bound_memory() -> None:
    """A PDF may ask for any amount; where the system can, it is refused."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        most = int(limits().pdf_memory_mib * 2**20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
