"""How libsane lays things out in memory, as values and back (`sane.h` of the standard, version 1)."""

import ctypes as c

from scanner.capture.sane_limits import sane_limits
from scanner.capture.sane_words import FIXED, Can, Found, Kind, Option, Range, Unit, Value, plain

_RANGE, _NUMBERS, _WORDS = 1, 2, 3


class DeviceRecord(c.Structure):
    """One device of the list."""

    _fields_ = [(name, c.c_char_p) for name in ("name", "vendor", "model", "type")]


class Parameters(c.Structure):
    """What is told of the frame under way."""

    _fields_ = [
        (name, c.c_int)
        for name in ("format", "last_frame", "bytes_per_line", "pixels_per_line", "lines", "depth")
    ]


class _Range(c.Structure):
    _fields_ = [("min", c.c_int), ("max", c.c_int), ("quant", c.c_int)]


class _Constraint(c.Union):
    _fields_ = [
        ("words", c.POINTER(c.c_char_p)),
        ("numbers", c.POINTER(c.c_int)),
        ("range", c.POINTER(_Range)),
    ]


class Descriptor(c.Structure):
    """What is told of one setting."""

    _fields_ = [
        *((name, c.c_char_p) for name in ("name", "title", "desc")),
        *((name, c.c_int) for name in ("type", "unit", "size", "cap", "constraint_type")),
        ("constraint", _Constraint),
    ]


def encoded(text: str) -> bytes:
    """Text as a driver takes it: names of files may hold any bytes."""
    return text.encode("utf-8", "surrogateescape").split(b"\0")[0]


def decoded(raw: bytes | None) -> str:
    """Text of a driver; "" for none. Bytes that are no UTF-8 survive the way back."""
    return (raw or b"").decode("utf-8", "surrogateescape")


def found(one: DeviceRecord) -> Found:
    """A device of the list as a value."""
    return Found(decoded(one.name), *(plain(decoded(part)) for part in (one.vendor, one.model, one.type)))


def option_of(index: int, told: Descriptor) -> Option | None:
    """A descriptor as a value; None for headings and for what no host can name or understand."""
    if not told.name or told.type not in set(Kind) - {Kind.GROUP} or not _sound(told):
        return None
    kind = Kind(told.type)
    scale = FIXED if kind is Kind.FIXED else 1
    return Option(
        index,
        decoded(told.name),
        plain(decoded(told.title)),
        plain(decoded(told.desc)),
        kind,
        Unit(told.unit) if told.unit in set(Unit) else Unit.NONE,
        told.size,
        Can(told.cap & 0x7F),
        _range(told, scale),
        _numbers(told, scale),
        _words(told),
    )


def _sound(told: Descriptor) -> bool:
    """Is the size of its value believable? A driver writes that many bytes into our memory."""
    size: int = told.size
    return 0 <= size <= sane_limits().max_option_bytes


def _range(told: Descriptor, scale: int) -> Range | None:
    if told.constraint_type != _RANGE or not told.constraint.range:
        return None
    one = told.constraint.range.contents
    return Range(one.min / scale, one.max / scale, one.quant / scale)


def _numbers(told: Descriptor, scale: int) -> tuple[float, ...]:
    if told.constraint_type != _NUMBERS or not told.constraint.numbers:
        return ()
    count = min(told.constraint.numbers[0], sane_limits().max_options)  # the first says how many follow
    return tuple(told.constraint.numbers[place] / scale for place in range(1, count + 1))


def _words(told: Descriptor) -> tuple[str, ...]:
    if told.constraint_type != _WORDS or not told.constraint.words:
        return ()
    words: list[str] = []
    while (one := told.constraint.words[len(words)]) is not None and len(words) < sane_limits().max_options:
        words.append(decoded(one))
    return tuple(words)


def room_for(option: Option) -> int:
    """Bytes to give a driver for the value of a setting."""
    return max(option.size, 4) + 1  # one zero more than a driver needs: a text always ends


def value_in(option: Option, room: "c.Array[c.c_char]") -> Value:
    """What the driver left there."""
    if option.kind is Kind.STRING:
        return decoded(room.value)
    words = (c.c_int * option.count).from_buffer(room)
    if option.kind is Kind.BOOL:
        return bool(words[0])
    if option.kind is Kind.FIXED:
        broken = tuple(one / FIXED for one in words)
        return broken if option.count > 1 else broken[0]
    return tuple(words) if option.count > 1 else words[0]


def packed_as(option: Option, value: Value) -> "c.Array[c.c_char]":
    """A value as the driver takes it."""
    if isinstance(value, str):
        text = encoded(value)
        return c.create_string_buffer(text, max(room_for(option), len(text) + 1))
    scale = FIXED if option.kind is Kind.FIXED else 1
    numbers = value if isinstance(value, tuple) else (value,)
    packed = bytes((c.c_int * len(numbers))(*(round(one * scale) for one in numbers)))
    return c.create_string_buffer(packed, max(room_for(option), len(packed)))
