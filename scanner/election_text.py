"""Reading the files of an election package as clean text, and saying exactly where one is not.

Hostile files are met here: sizes and line lengths are bounded before anything is parsed, so that
memory and time stay bounded too.
"""

import io
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

FAULTS_LISTED = 500  # after so many the package is beyond mending by hand
MOST_BYTES = 16 * 1024 * 1024  # looked at, to name the line that makes a file too large
MOST_LINES = 20_000  # 200 lists of 93 names
SHOWN = 60  # characters of a faulty value that are repeated to the reader
FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, invisible and direction-turning characters


@dataclass(frozen=True, slots=True)
class PackageFault:
    """One fault of an election package: which file, which line, what stands there, what should.

    `line` counts from 1; 0 means the file as a whole. `value` is at most 60 characters of what was
    found, with unprintable characters escaped. `str()` is one sentence.
    """

    file: str
    line: int
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: found {self.value}, expected {self.expected}."


@dataclass(slots=True)
class Faults:
    """The faults of one file, gathered while it is read."""

    file: str
    found: list[PackageFault] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """True when no further fault will be listed."""
        return len(self.found) >= FAULTS_LISTED

    def add(self, line: int, value: object, expected: str) -> None:
        """One more fault; a str is shown in quotes, anything else as Python writes it."""
        self.add_plain(line, shown(value), expected)

    def add_plain(self, line: int, words: str, expected: str) -> None:
        """The same, for words that are said rather than quoted: 'nothing', '12 candidates'."""
        if not self.full:
            self.found.append(PackageFault(self.file, line, words, expected))


def shown(value: object) -> str:
    """A value as a person can read it safely in a terminal, at most 60 characters and a count."""
    if isinstance(value, str | bytes) and len(value) > SHOWN:
        return f"{value[:SHOWN]!r}… ({len(value)} characters)"
    text = repr(value)
    return text if len(text) <= 2 * SHOWN else text[:SHOWN] + "…"


def read_text(path: Path, limit: int, longest: int, faults: Faults) -> str | None:
    """The file as text (UTF-8, BOM accepted, letters composed to NFC), or None with the faults added.

    `limit` is the largest file and `longest` the longest line, both in bytes; 20 000 lines are the
    most. Control characters are faults, but the text is still returned so that later faults can be
    found as well.
    """
    data = read_bytes(path, faults)
    if data is None or _too_long(data, longest, faults):
        return None
    if len(data) > limit:
        faults.add_plain(0, f"more than {limit} bytes", f"at most {limit} bytes")
        return None
    text = _decoded(data, faults)
    if text is not None:
        _note_controls(text, faults)
    return text


def read_bytes(path: Path, faults: Faults) -> bytes | None:
    """The first 16 MiB of a plain file, or None with the fault added."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # opening a pipe or a device could wait for ever
            faults.add_plain(0, "something that is not a plain file", "a text file")
            return None
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        faults.add_plain(0, _why(error), "a file that can be read")
        return None


def _why(error: Exception) -> str:
    """The operating system's reason, without the path of this machine."""
    return f"'{getattr(error, 'strerror', None) or error}'"


def _too_long(data: bytes, longest: int, faults: Faults) -> bool:
    """True if a line is too long or there are too many."""
    long = data.count(b"\n") > MOST_LINES
    if long:
        faults.add_plain(MOST_LINES, "more lines than that", f"at most {MOST_LINES} lines")
    for number, line in enumerate(io.BytesIO(data), 1):  # not split(): 16 million empty lines are a trap
        if len(line) > longest:
            start = line[:SHOWN].decode("utf-8", "replace")
            faults.add_plain(number, f"{start!r}… ({len(line)} bytes)", f"a line of at most {longest} bytes")
            long = True
    return long


def _decoded(data: bytes, faults: Faults) -> str | None:
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.add(line, data[error.start : error.start + 8], "text in the encoding UTF-8")
        return None


def _note_controls(text: str, faults: Faults) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if line.isprintable():  # fast, and true of nearly every line
            continue
        bad = [one for one in line.rstrip("\r") if unicodedata.category(one) in FORBIDDEN and one != "\t"]
        if bad:
            faults.add(number, bad[0], "no control characters")
