"""What goes over the wire to a TWAIN source, byte for byte: packed to 2, the same on Linux and Windows.

Measured 2026-11-22 against the TWAIN group's own manager 2.5 on Linux: 32-bit integers are 4 bytes
also where a C `long` has 8, and a handle is a pointer.
"""

import ctypes as c
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_type_hints

U8 = Annotated[int, c.c_uint8]
U16 = Annotated[int, c.c_uint16]
I16 = Annotated[int, c.c_int16]
U32 = Annotated[int, c.c_uint32]
I32 = Annotated[int, c.c_int32]
UPointer = Annotated[int, c.c_size_t]
Pointer = Annotated[int | None, c.c_void_p]
Str32 = Annotated[bytes, c.c_char * 34]
Str255 = Annotated[bytes, c.c_char * 256]


class Packed(c.Structure):
    """A structure of TWAIN."""

    _pack_ = 2
    _layout_ = "ms"


Shape = TypeVar("Shape", bound=type[Packed])


def packed(shape: Shape) -> Shape:
    """Lay the annotated members out in memory, in their order."""
    hints = get_type_hints(shape, include_extras=True)
    names = [one for one in hints if not one.startswith("_")]
    shape._fields_ = [(one, getattr(hints[one], "__metadata__", (hints[one],))[0]) for one in names]
    return shape


@packed
class Fix32(Packed):
    """A number with 16 bits after the point."""

    whole: I16
    frac: U16

    @property
    def value(self) -> float:
        """As Python has it."""
        return self.whole + self.frac / 65536


def fix32(value: float) -> Fix32:
    """The nearest such number; OverflowError beyond ±32768."""
    parts = round(value * 65536)
    if not -(2**31) <= parts < 2**31:
        raise OverflowError(f"{value} has no place in 16 bits before the point.")
    return Fix32(parts >> 16, parts & 0xFFFF)


@packed
class Version(Packed):
    """Version of a program and the language it speaks."""

    major: U16
    minor: U16
    language: U16
    country: U16
    info: Str32


@packed
class Identity(Packed):
    """Who speaks: a program, a manager or a source."""

    number: U32
    version: Version
    protocol_major: U16
    protocol_minor: U16
    groups: U32
    maker: Str32
    family: Str32
    name: Str32


Alloc = c.CFUNCTYPE(c.c_void_p, c.c_uint32)
Free = c.CFUNCTYPE(None, c.c_void_p)
Lock = c.CFUNCTYPE(c.c_void_p, c.c_void_p)
Unlock = c.CFUNCTYPE(None, c.c_void_p)
Callback = c.CFUNCTYPE(
    c.c_uint16, c.c_void_p, c.c_void_p, c.c_uint32, c.c_uint16, c.c_uint16, c.c_void_p
)  # a source speaks: from, to, group, about, message, body


@packed
class EntryPoint(Packed):
    """The manager's memory functions."""

    size: U32
    entry: Pointer
    alloc: Annotated[Callable[[int], int | None], Alloc]
    free: Annotated[Callable[[int], None], Free]
    lock: Annotated[Callable[[int], int | None], Lock]
    unlock: Annotated[Callable[[int], None], Unlock]


@packed
class Status(Packed):
    """Why the last call failed."""

    code: U16
    more: U16


@packed
class Capability(Packed):
    """A value of the source, in a container of its own memory."""

    cap: U16
    kind: U16
    container: Pointer


@packed
class CallbackEntry(Packed):
    """Where a source calls us."""

    proc: Pointer
    reference: U32
    message: I16


@packed
class UserInterface(Packed):
    """Whether the source may show windows."""

    show: U16
    modal: U16
    parent: Pointer


@packed
class PendingTransfers(Packed):
    """How many images are still to come; 65535: some."""

    count: U16
    end_of_job: U32


@packed
class ImageInfo(Packed):
    """What the source says of the image that comes next."""

    x_resolution: Fix32
    y_resolution: Fix32
    width: I32
    length: I32
    samples: I16
    bits_per_sample: Annotated[Any, c.c_int16 * 8]
    bits: I16
    planar: U16
    pixel_type: I16
    compression: U16


@packed
class Frame(Packed):
    """A rectangle on the paper, in the current unit."""

    left: Fix32
    top: Fix32
    right: Fix32
    bottom: Fix32


@packed
class ImageLayout(Packed):
    """The part of the paper that is scanned."""

    frame: Frame
    document: U32
    page: U32
    frame_number: U32


@packed
class Memory(Packed):
    """A buffer of ours."""

    flags: U32
    length: U32
    address: Pointer


@packed
class MemoryTransfer(Packed):
    """One strip of an image."""

    compression: U16
    bytes_per_row: U32
    columns: U32
    rows: U32
    x: U32
    y: U32
    written: U32
    memory: Memory


@packed
class SetupMemory(Packed):
    """Sizes of buffer the source can fill."""

    least: U32
    most: U32
    preferred: U32


@packed
class SetupFile(Packed):
    """Where the source shall write an image."""

    name: Str255
    format: U16
    volume: I16


@packed
class ToldEntry(Packed):
    """One thing a source tells of an image."""

    what: U16
    item: U16
    count: U16
    code: U16
    value: UPointer


@packed
class CustomData(Packed):
    """A vendor's own settings, as one lump."""

    length: U32
    handle: Pointer


@packed
class DeviceNews(Packed):
    """Something a device says by itself."""

    event: U32
    device: Str255
    battery_minutes: U32
    battery_percentage: I16
    power_supply: I32
    x_resolution: Fix32
    y_resolution: Fix32
    flash: U32
    automatic_capture: U32
    before_first_ms: U32
    between_ms: U32


@packed
class WindowsEvent(Packed):
    """A Windows message passed on to the source."""

    event: Pointer
    message: U16
