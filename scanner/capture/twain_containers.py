"""How a TWAIN source packs a value and the values it could have: one, a list, a choice, a range.

Pure: bytes in, values out. What a source writes is not believed: a count that lies costs no memory.
"""

import struct
from dataclasses import dataclass

from scanner.capture.twain_words import Con, Item

FrameEdges = tuple[float, float, float, float]  # left, top, right, bottom
Value = int | float | str | FrameEdges

MAX_ITEMS = 8192  # a source with each of 1200 resolutions names 1200; more is a count that lies

_FORMAT = {
    Item.INT8: "b",
    Item.INT16: "h",
    Item.INT32: "i",
    Item.UINT8: "B",
    Item.UINT16: "H",
    Item.UINT32: "I",
    Item.BOOL: "H",
}
_TEXT = {Item.STR32: 34, Item.STR64: 66, Item.STR128: 130, Item.STR255: 256}
_SLOT = 4  # bytes of a value in a range, whatever its type
_HEAD = {Con.ARRAY: 6, Con.ENUMERATION: 14, Con.ONEVALUE: 2, Con.RANGE: 2}


@dataclass(frozen=True, slots=True)
class One:
    """A value."""

    item: Item
    value: Value


@dataclass(frozen=True, slots=True)
class Several:
    """Values that hold together: a list of what is supported, or of what is switched on."""

    item: Item
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Values one of which holds: by place in the list, from 0."""

    item: Item
    values: tuple[Value, ...]
    current: int
    default: int


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high` in steps."""

    item: Item
    low: int | float
    high: int | float
    step: int | float
    default: int | float
    current: int | float


Container = One | Several | Choice | Range


def current(container: Container) -> Value | tuple[Value, ...]:
    """What holds now; of a list, all of it."""
    match container:
        case One(value=value):
            return value
        case Several(values=values):
            return values
        case Choice():
            return container.values[container.current]
        case Range():
            return container.current


def offers(container: Container, least: float, most: float) -> tuple[float, ...]:
    """The numbers from `least` to `most` that it could be, rising; a range is walked in its steps."""
    match container:
        case Range():
            return tuple(one for one in _steps(container, most) if least <= one <= most)
        case One(value=value):
            known: tuple[Value, ...] = (value,)
        case Several(values=values) | Choice(values=values):
            known = values
    return tuple(sorted(one for one in known if isinstance(one, int | float) and least <= one <= most))


def _steps(walk: Range, most: float) -> list[float]:
    if walk.step <= 0:
        return [walk.low, walk.high]
    count = int((min(walk.high, most) - walk.low) / walk.step) + 1
    return [walk.low + n * walk.step for n in range(max(0, min(count, MAX_ITEMS)))]


def kind(container: Container) -> Con:
    """The number TWAIN has for this kind of container."""
    match container:
        case One():
            return Con.ONEVALUE
        case Several():
            return Con.ARRAY
        case Choice():
            return Con.ENUMERATION
        case Range():
            return Con.RANGE


def head_size(con: int) -> int:
    """Bytes that tell how large the whole is; ValueError for a kind that is none."""
    return _HEAD[Con(con)]


def size(con: int, head: bytes) -> int:
    """Bytes of the whole container by its first `head_size`; ValueError for a type or count that lies."""
    item = _item(head)
    match Con(con):
        case Con.ONEVALUE:
            return 2 + max(item_size(item), _SLOT)
        case Con.RANGE:
            return 2 + 5 * _SLOT
        case one:
            (count,) = struct.unpack_from("<I", head, 2)
            if count > MAX_ITEMS:
                raise ValueError(f"a list of {count} values")
            return _HEAD[one] + int(count) * item_size(item)


def decode(con: int, raw: bytes) -> Container:
    """What a source wrote; ValueError if it is cut short or makes no sense."""
    item = _item(raw)
    try:
        match Con(con):
            case Con.ONEVALUE:
                return One(item, _read(item, raw, 2))
            case Con.RANGE:
                return _range(item, raw)
            case Con.ARRAY:
                return Several(item, _list(item, raw, _HEAD[Con.ARRAY]))
            case Con.ENUMERATION:
                return _choice(item, raw)
    except struct.error as error:
        raise ValueError("a value that is cut short") from error


def encode(container: Container) -> bytes:
    """As a source reads it; ValueError or OverflowError for a value that the type cannot hold."""
    item = container.item
    head = struct.pack("<H", item)
    try:
        match container:
            case One(value=value):
                return head + _written(item, value).ljust(_SLOT, b"\0")
            case Several(values=values):
                return head + struct.pack("<I", len(values)) + _all(item, values)
            case Choice(values=values, current=now, default=default):
                return head + struct.pack("<III", len(values), now, default) + _all(item, values)
            case Range():
                slots = (container.low, container.high, container.step, container.default, container.current)
                return head + b"".join(_written(item, one).ljust(_SLOT, b"\0") for one in slots)
    except struct.error as error:
        raise ValueError(f"{item.name} cannot hold that value") from error


def item_size(item: Item) -> int:
    """Bytes of one value of this type."""
    if item in _TEXT:
        return _TEXT[item]
    if item is Item.FRAME:
        return 16
    return 4 if item is Item.FIX32 else struct.calcsize("<" + _FORMAT[item])


def read_value(item: int, raw: bytes) -> Value:
    """One value of that type at the beginning of `raw`; ValueError for another type or if cut short."""
    try:
        return _read(Item(item), raw, 0)
    except struct.error as error:
        raise ValueError("a value that is cut short") from error


def _item(raw: bytes) -> Item:
    if len(raw) < 2:
        raise ValueError("a value that is cut short")
    return Item(int.from_bytes(raw[:2], "little"))


def _read(item: Item, raw: bytes, at: int) -> Value:
    if item in _TEXT:
        return raw[at : at + _TEXT[item]].partition(b"\0")[0].decode("utf-8", "replace")
    if item is Item.FRAME:
        left, top, right, bottom = (_fix(raw, at + 4 * n) for n in range(4))
        return left, top, right, bottom
    if item is Item.FIX32:
        return _fix(raw, at)
    return int(struct.unpack_from("<" + _FORMAT[item], raw, at)[0])


def _fix(raw: bytes, at: int) -> float:
    whole, frac = struct.unpack_from("<hH", raw, at)
    return float(whole + frac / 65536)


def _written(item: Item, value: Value) -> bytes:
    if isinstance(value, str):
        return _text(item, value)
    if isinstance(value, tuple):
        return b"".join(_fix_written(one) for one in value)
    if item is Item.FIX32:
        return _fix_written(value)
    return struct.pack("<" + _FORMAT[item], int(value))


def _text(item: Item, value: str) -> bytes:
    raw = value.encode()
    if item not in _TEXT or len(raw) >= _TEXT[item] or b"\0" in raw:
        raise ValueError(f"{item.name} cannot hold {value!r}")
    return raw.ljust(_TEXT[item], b"\0")


def _fix_written(value: float) -> bytes:
    return struct.pack("<i", round(value * 65536))[2:] + struct.pack("<i", round(value * 65536))[:2]


def _all(item: Item, values: tuple[Value, ...]) -> bytes:
    return b"".join(_written(item, one) for one in values)


def _list(item: Item, raw: bytes, at: int) -> tuple[Value, ...]:
    (count,) = struct.unpack_from("<I", raw, 2)
    if count > MAX_ITEMS or at + count * item_size(item) > len(raw):
        raise ValueError(f"a list of {count} values")
    return tuple(_read(item, raw, at + n * item_size(item)) for n in range(count))


def _choice(item: Item, raw: bytes) -> Choice:
    now, default = struct.unpack_from("<II", raw, 6)
    values = _list(item, raw, _HEAD[Con.ENUMERATION])
    if now >= len(values):
        raise ValueError("a choice of none of its values")
    return Choice(item, values, now, default)


def _range(item: Item, raw: bytes) -> Range:
    numbers = [_read(item, raw, 2 + _SLOT * n) for n in range(5)]
    if item in _TEXT or item is Item.FRAME:
        raise ValueError("a range of what is no number")
    low, high, step, default, now = (one for one in numbers if isinstance(one, int | float))
    return Range(item, low, high, step, default, now)
