"""The diary of one stack of paper: a line for each sheet and each stop, and nobody can change one unseen.

Append only. A line is canonical JSON: the entry, the sha256 of the line before, and a checksum of
both. One flipped bit anywhere is found and its line named; only a last line without its end is
nothing but a power cut, and that one is cut off.
"""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from scanner.capture.events import End, Fault, ScanSettings
from scanner.durable import sync, write_all
from scanner.errors import AuditError

START = "0" * 64  # stands where the first line's predecessor would
_MOST = 2**20  # bytes a line may have; a sheet's is about 1 KB
_TEXT = 500  # characters of a text from outside that are kept


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The stack begins: what was asked of the device and what it agreed to."""

    box: str
    spec: str
    first: int  # number of its first sheet in the box
    device: str
    model: str
    serial: str
    asked: ScanSettings
    obtained: ScanSettings


class Side(msgspec.Struct, frozen=True):
    """One image: the file in the spool that holds its bytes as received, and what names them."""

    file: str
    sha256: str
    size: int  # bytes
    name: str
    dpi: float | None
    page: int
    problem: str | None


class Stored(msgspec.Struct, frozen=True, tag="sheet"):
    """A sheet is durable. `name`, `imprint` and `told` are the source's own words."""

    number: int
    name: str
    sides: tuple[Side, ...]
    imprint: str | None
    told: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


class Stopped(msgspec.Struct, frozen=True, tag="fault"):
    """The paper stopped; `expected` is the number of the sheet that is fed next."""

    fault: Fault
    text: str
    native: str
    expected: int
    resumable: bool = True


class Paused(msgspec.Struct, frozen=True, tag="paused"):
    """Somebody asked the feeder to stop, or the process died; `text` says which."""

    text: str
    expected: int


class Resumed(msgspec.Struct, frozen=True, tag="resumed"):
    """The stack goes on at sheet `expected`, on the same device or another."""

    expected: int
    device: str
    obtained: ScanSettings


class Discarded(msgspec.Struct, frozen=True, tag="discarded"):
    """What was begun of sheet `number` does not count; its files were put aside."""

    number: int
    files: tuple[str, ...]


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """The stack is over. `counter`: sheets by the device's own count, if it counts."""

    reason: End
    sheets: int
    counter: int | None


Entry = Opened | Stored | Stopped | Paused | Resumed | Discarded | Closed


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entry: Entry
    before: str
    sum: str


_decoder = msgspec.json.Decoder(_Line)


def clean(text: str) -> str:
    """A text from outside as a journal holds it: no broken letters, no endless lines."""
    return text[:_TEXT].encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def number_or_none(value: float | None) -> float | None:
    """A number from outside as a journal holds it: finite, or none."""
    return value if value is not None and math.isfinite(value) else None


def line(entry: Entry, before: str) -> bytes:
    """The line of an entry, with its newline; `before` is `link` of the line before it."""
    body = msgspec.json.encode(entry)
    return msgspec.json.encode(_Line(entry, before, sha256(before.encode() + body).hexdigest())) + b"\n"


def link(text: bytes) -> str:
    """What the next line says of this one: the sha256 of its bytes, newline and all."""
    return sha256(text).hexdigest()


def read(path: Path) -> Iterator[tuple[Entry, str, int]]:
    """Each entry with its line's `link` and the offset in bytes at which the line ends.

    Stops before a last line without its end: a power cut. AuditError names the line that is not
    as it was written.
    """
    before, end = START, 0
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(_MOST), b""), 1):
            if not text.endswith(b"\n") and len(text) < _MOST:
                return
            entry = _checked(text, before, f"{path.parent.name}, {path.name} line {number}")
            before, end = link(text), end + len(text)
            yield entry, before, end


def _checked(text: bytes, before: str, where: str) -> Entry:
    try:
        found = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AuditError(f"{where} was changed after it was written: {error}.") from error
    if found.before != before:
        raise AuditError(f"{where} does not follow the line before it: a line was changed, added or removed.")
    if line(found.entry, before) != text:
        raise AuditError(f"{where} was changed after it was written: its sum does not hold.")
    return found.entry


class Journal:
    """A journal open for more. One process at a time: the caller sees to that."""

    def __init__(self, path: Path, head: str = START) -> None:
        self._handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
        )
        self._head = head

    def append(self, entry: Entry) -> None:
        """Add an entry; durable on return. OSError, and the journal as it was, if the disk cannot."""
        text = line(entry, self._head)
        length = os.fstat(self._handle).st_size
        try:
            write_all(self._handle, text)
            sync(self._handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._handle, length)
            raise
        self._head = link(text)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)
