"""What a scanner's driver says of itself, as values: statuses, settings, frames (SANE standard 1.06).

Pure: no driver is loaded here. Numbers of the enumerations are those of the standard, section 4.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag

Value = bool | int | float | str | tuple[int, ...] | tuple[float, ...]

FIXED = 65536  # a SANE_Fixed is a whole number of 1/65536
_YES = {"yes", "true", "on", "1"}
_NO = {"no", "false", "off", "0"}


class Status(IntEnum):
    """What a call ended with. 12 and 13 are in no release of the standard, but drivers send them."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11
    WARMING_UP = 12
    HW_LOCKED = 13


class Kind(IntEnum):
    """What sort of value a setting has."""

    BOOL = 0
    INT = 1
    FIXED = 2
    STRING = 3
    BUTTON = 4
    GROUP = 5


class Unit(IntEnum):
    """What a setting's number counts."""

    NONE = 0
    PIXEL = 1
    BIT = 2
    MM = 3
    DPI = 4
    PERCENT = 5
    MICROSECOND = 6


class Can(IntFlag):
    """What may be done with a setting."""

    SET = 1
    SET_BY_HAND = 2
    READ = 4
    EMULATED = 8
    AUTOMATIC = 16
    INACTIVE = 32
    ADVANCED = 64


class FrameFormat(IntEnum):
    """How the pixels of a frame are meant; 2 to 4 are one colour of a picture taken in three passes."""

    GRAY = 0
    RGB = 1
    RED = 2
    GREEN = 3
    BLUE = 4


@dataclass(frozen=True, slots=True)
class Range:
    """Least and greatest value; `step` 0 means any between them."""

    low: float
    high: float
    step: float

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a device, as its descriptor stands now: setting another may change it."""

    index: int
    name: str
    title: str
    text: str  # what it does, in the driver's words
    kind: Kind
    unit: Unit
    size: int  # bytes of its value; for STRING with the closing zero
    can: Can
    range: Range | None = None
    numbers: tuple[float, ...] = ()  # the only values allowed, if any stand here
    words: tuple[str, ...] = ()  # same, for STRING

    @property
    def settable(self) -> bool:
        """True if the host may set it now."""
        return bool(self.can & Can.SET) and not self.can & Can.INACTIVE

    @property
    def readable(self) -> bool:
        """True if it has a value that can be read now."""
        return bool(self.can & Can.READ) and not self.can & Can.INACTIVE and self.kind < Kind.BUTTON

    @property
    def count(self) -> int:
        """How many numbers its value holds: 1 except for tables (a gamma curve)."""
        return 1 if self.kind in {Kind.STRING, Kind.BUTTON, Kind.BOOL} else max(1, self.size // 4)

    def value(self, text: str) -> Value:
        """`text` as a value of this setting; ValueError with the end of a sentence if it is none.

        A table is written as numbers with commas between them.
        """
        match self.kind:
            case Kind.BOOL:
                return _truth(text)
            case Kind.STRING:
                return self._word(text)
            case Kind.INT | Kind.FIXED:
                return self._numbers(text)
            case _:
                return True

    def _word(self, text: str) -> str:
        same = [one for one in self.words if one == text] or [
            one for one in self.words if one.casefold() == text.casefold()
        ]
        if self.words and not same:
            raise ValueError(f"must be one of {', '.join(self.words)}")
        if not self.words and len(text.encode("utf-8", "surrogateescape")) >= self.size:
            raise ValueError(f"may have {self.size - 1} letters at most")
        return same[0] if same else text

    def _numbers(self, text: str) -> Value:
        parts = text.split(",") if self.count > 1 else [text]
        if len(parts) != self.count:
            raise ValueError(f"needs {self.count} numbers with commas between them")
        if self.kind is Kind.INT:
            whole = tuple(self._allowed(_number(one, int)) for one in parts)
            return whole if self.count > 1 else whole[0]
        broken = tuple(self._allowed(_number(one, float)) for one in parts)
        return broken if self.count > 1 else broken[0]

    def _allowed(self, number: float) -> float:
        if self.range is not None and number not in self.range:
            raise ValueError(f"must lie between {self.range.low:g} and {self.range.high:g}")
        if self.numbers and not any(same(number, one) for one in self.numbers):
            raise ValueError(f"must be one of {', '.join(f'{one:g}' for one in self.numbers)}")
        if not -(2**31) <= number * (FIXED if self.kind is Kind.FIXED else 1) < 2**31:
            raise ValueError("is too large a number")
        return number


@dataclass(frozen=True, slots=True)
class Options:
    """All settings of a device, in its own order."""

    all: tuple[Option, ...]

    def __iter__(self) -> Iterator[Option]:
        return iter(self.all)

    def find(self, name: str) -> Option | None:
        """The setting of that name, the first if two have it; None if there is none."""
        return next((one for one in self.all if one.name == name), None)

    def settable(self, name: str) -> Option | None:
        """The setting of that name if it may be set now."""
        found = self.find(name)
        return found if found is not None and found.settable else None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the device says of each setting that can be read."""

    all: tuple[tuple[str, Value], ...]

    def get(self, name: str) -> Value | None:
        """The value of that setting; None if there is none or it cannot be read."""
        return next((value for one, value in self.all if one == name), None)

    def word(self, name: str) -> str:
        """Same as text; "" if there is none."""
        return written(value) if (value := self.get(name)) is not None else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the device says of the frame it is about to send."""

    format: int  # a FrameFormat, or a number no standard knows
    last: bool
    bytes_per_line: int
    pixels_per_line: int
    lines: int  # -1: not known before the end (a scanner moved by hand)
    depth: int  # bits of one sample: 1, 8 or 16

    @property
    def channels(self) -> int:
        """Samples of one pixel in this frame."""
        return 3 if self.format == FrameFormat.RGB else 1

    @property
    def line_bytes(self) -> int:
        """Bytes that the pixels of a line take; `bytes_per_line` may be more."""
        return (self.pixels_per_line * self.channels * self.depth + 7) // 8


@dataclass(frozen=True, slots=True)
class Found:
    """One device that the drivers know of."""

    name: str  # what it is opened by, as in `sane:NAME`
    vendor: str
    model: str
    type: str


def same(one: Value, other: Value) -> bool:
    """True if a device that was asked for the one and says the other has obeyed."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, tuple) or isinstance(other, tuple):
        return False
    return abs(one - other) <= 1 / FIXED  # a fixed number is cut to 1/65536 on its way


def written(value: Value) -> str:
    """A value as `Option.value` reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".")
        case tuple():
            return ",".join(written(one) for one in value)
        case _:
            return str(value)


def plain(text: str) -> str:
    """Text of a driver fit for a terminal and a record: printable, at most 400 letters."""
    return "".join(one if one.isprintable() else " " for one in text[:400]).strip()


def _truth(text: str) -> bool:
    if text.casefold() not in _YES | _NO:
        raise ValueError("must be yes or no")
    return text.casefold() in _YES


def _number(text: str, kind: type[int] | type[float]) -> float:
    broken = "" if kind is int else r"(\.\d{1,12})?"
    if not re.fullmatch(rf"\s*[-+]?\d{{1,10}}{broken}\s*", text, re.ASCII):
        raise ValueError(f"must be a {'whole ' if kind is int else ''}number")
    return kind(text)
