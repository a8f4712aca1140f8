"""The door to the machine's scanner drivers: libsane, called directly.

Why not python-sane or `scanimage` (measured 2026-11-22, python-sane 2.9.2): status codes are lost,
out of paper in mid page ends the stack without an error, a cancelled page comes short as if whole,
and one bit is blown up to eight. Here each status is kept and pages are read in place.

All calls of one device belong to one thread. A read can block for ever: only killing the process
ends it, which is why a worker process owns the device.
"""

import ctypes as c
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scanner.capture.sane_limits import sane_limits
from scanner.capture.sane_words import (
    FIXED,
    Can,
    Found,
    Frame,
    Kind,
    Option,
    Options,
    Range,
    Status,
    Unit,
    Value,
    plain,
)
from scanner.errors import CaptureError

_GET, _SET, _AUTO = 0, 1, 2
_RELOAD_OPTIONS = 2
_RANGE, _NUMBERS, _WORDS = 1, 2, 3
_CONFIG = "SANE_CONFIG_DIR"
_NAME = "libsane.so.1"


class SaneError(CaptureError):
    """The scanner's driver refused a call."""

    def __init__(self, status: int, doing: str) -> None:
        self.status = status
        self.native = Status(status).name if status in set(Status) else f"status {status}"
        super().__init__(f"The scanner's driver answers {self.native} to {doing}.")


class _Device(c.Structure):
    _fields_ = [(name, c.c_char_p) for name in ("name", "vendor", "model", "type")]


class _Parameters(c.Structure):
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


class _Descriptor(c.Structure):
    _fields_ = [
        *((name, c.c_char_p) for name in ("name", "title", "desc")),
        *((name, c.c_int) for name in ("type", "unit", "size", "cap", "constraint_type")),
        ("constraint", _Constraint),
    ]


_HANDLE = c.c_void_p
_CALLS: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "sane_init": (c.c_int, (c.POINTER(c.c_int), c.c_void_p)),
    "sane_get_devices": (c.c_int, (c.POINTER(c.POINTER(c.POINTER(_Device))), c.c_int)),
    "sane_open": (c.c_int, (c.c_char_p, c.POINTER(_HANDLE))),
    "sane_close": (None, (_HANDLE,)),
    "sane_get_option_descriptor": (c.POINTER(_Descriptor), (_HANDLE, c.c_int)),
    "sane_control_option": (c.c_int, (_HANDLE, c.c_int, c.c_int, c.c_void_p, c.POINTER(c.c_int))),
    "sane_get_parameters": (c.c_int, (_HANDLE, c.POINTER(_Parameters))),
    "sane_start": (c.c_int, (_HANDLE,)),
    "sane_read": (c.c_int, (_HANDLE, c.c_void_p, c.c_int, c.POINTER(c.c_int))),
    "sane_cancel": (None, (_HANDLE,)),
}


class Library:
    """libsane, loaded and initialised once a process."""

    def __init__(self, backend: str = "") -> None:
        """Load it; CaptureError if it is not installed. `backend`: the one driver that is needed."""
        try:
            self.calls = c.CDLL(_NAME)
        except OSError as error:
            raise CaptureError(
                "libsane is not installed: install the package libsane1 to use a scanner as sane:DEVICE."
            ) from error
        for name, (result, arguments) in _CALLS.items():
            call = getattr(self.calls, name)
            call.restype, call.argtypes = result, arguments
        self.version = self._begin(backend)

    def devices(self, *, local: bool) -> tuple[Found, ...]:
        """The devices that the drivers find; with the stock settings of all drivers this takes seconds."""
        found = c.POINTER(c.POINTER(_Device))()
        check(self.calls.sane_get_devices(c.byref(found), int(local)), "look for devices")
        return tuple(_found(one) for one in _until_null(found))

    def open(self, name: str) -> "Device":
        """The device of that name; SaneError if it is not there, is busy or is not ours to use."""
        handle = _HANDLE()
        check(self.calls.sane_open(_bytes(name), c.byref(handle)), f"open {plain(name)}")
        return Device(self, handle)

    def _begin(self, backend: str) -> str:
        version = c.c_int()
        if not backend or _CONFIG in os.environ:
            check(self.calls.sane_init(c.byref(version), None), "start")
        else:
            self._begin_with_one(backend, version)
        return f"{version.value >> 24}.{version.value >> 16 & 0xFF}.{version.value & 0xFFFF}"

    def _begin_with_one(self, backend: str, version: c.c_int) -> None:
        """Only the driver that is needed: with the stock list all 80 are asked (3.4 s, and any may crash).

        An empty `dll.d` must be there, else the system's is taken. Settings of the driver itself
        are still looked for where they always are: it reads the variable anew.
        """
        with tempfile.TemporaryDirectory(prefix="valgskanner-sane-") as folder:
            (Path(folder) / "dll.d").mkdir()
            (Path(folder) / "dll.conf").write_text(f"{backend}\n", "utf-8")
            os.environ[_CONFIG] = f"{folder}:"
            try:
                check(self.calls.sane_init(c.byref(version), None), "start")
            finally:
                del os.environ[_CONFIG]


class Device:
    """One open device. Close it in the thread that opened it."""

    def __init__(self, library: Library, handle: c.c_void_p) -> None:
        self._calls, self._handle = library.calls, handle
        self.options = self._fetched()

    def get(self, option: Option) -> Value:
        """The value of a readable setting."""
        room = c.create_string_buffer(_room(option))
        self._control(option, _GET, room)
        return _value(option, room)

    def set(self, option: Option, value: Value) -> Value:
        """Set it and say what the device made of it: it may round. It may also change `options`."""
        if option.kind is Kind.BUTTON:
            self._control(option, _SET, None)
            return True
        self._control(option, _SET, _raw(option, value))
        now = self.options.find(option.name) or option
        return self.get(now) if now.readable else value

    def set_automatic(self, option: Option) -> None:
        """Let the device choose the value, where it can."""
        self._control(option, _AUTO, None)

    def start(self) -> bool:
        """Begin the next side; False if there is no paper, SaneError for all other trouble."""
        status = self._calls.sane_start(self._handle)
        if status != Status.NO_DOCS:
            check(status, "begin a side")
        return bool(status == Status.GOOD)

    def frame(self) -> Frame:
        """What the device says of the frame under way."""
        told = _Parameters()
        check(self._calls.sane_get_parameters(self._handle, c.byref(told)), "tell the size of a side")
        return Frame(
            told.format,
            bool(told.last_frame),
            told.bytes_per_line,
            told.pixels_per_line,
            told.lines,
            told.depth,
        )

    def read(self, address: int, room: int) -> int | None:
        """Read at most `room` bytes to a place in memory: how many came, None at the end of the frame."""
        got = c.c_int()
        status = self._calls.sane_read(self._handle, address, room, c.byref(got))
        if status == Status.EOF:
            return None
        check(status, "send a side")
        if not 0 <= got.value <= room:
            raise SaneError(Status.INVAL, "count the bytes it sent")
        return got.value

    def cancel(self) -> None:
        """End the stack under way. Only between reads, and only in this thread."""
        self._calls.sane_cancel(self._handle)

    def close(self) -> None:
        """Let go of the device."""
        self._calls.sane_close(self._handle)

    def _control(self, option: Option, action: int, room: "c.Array[c.c_char] | None") -> None:
        info = c.c_int()
        doing = f"{('read', 'set', 'choose')[action]} {option.name}"
        status = self._calls.sane_control_option(self._handle, option.index, action, room, c.byref(info))
        check(status, doing)
        if info.value & _RELOAD_OPTIONS:
            self.options = self._fetched()

    def _fetched(self) -> Options:
        """All descriptors. Without a look at the first, the net driver refuses to tell their number."""
        self._calls.sane_get_option_descriptor(self._handle, 0)
        count = c.c_int()
        status = self._calls.sane_control_option(self._handle, 0, _GET, c.byref(count), None)
        check(status, "count its settings")
        bound = min(count.value, sane_limits().max_options)
        told = (self._calls.sane_get_option_descriptor(self._handle, index) for index in range(1, bound))
        options = (_option(index, one.contents) for index, one in enumerate(told, 1) if one)
        return Options(tuple(one for one in options if one is not None))


def installed() -> bool:
    """True if the library is on this machine; no driver is loaded to find out."""
    try:
        c.CDLL(_NAME)
    except OSError:
        return False
    return True


_loaded: list[Library] = []


def library(backend: str = "") -> Library:
    """The library as this process has it: what its first caller asked for holds for all."""
    if not _loaded:
        _loaded.append(Library(backend))
    return _loaded[0]


def check(status: int, doing: str) -> None:
    """SaneError unless the call went well."""
    if status != Status.GOOD:
        raise SaneError(status, doing)


def _bytes(text: str) -> bytes:
    """Text as a driver takes it: names of files may hold any bytes."""
    return text.encode("utf-8", "surrogateescape").split(b"\0")[0]


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "surrogateescape")


def _until_null(pointers: "c._Pointer[c._Pointer[_Device]]") -> Iterator[_Device]:
    for index in range(sane_limits().max_options):
        if not pointers or not pointers[index]:
            return
        yield pointers[index].contents


def _found(one: _Device) -> Found:
    return Found(_text(one.name), *(plain(_text(part)) for part in (one.vendor, one.model, one.type)))


def _option(index: int, told: _Descriptor) -> Option | None:
    """A descriptor as a value; None for headings and for what no host can name or understand."""
    if not told.name or told.type not in set(Kind) - {Kind.GROUP} or not _sound(told):
        return None
    kind = Kind(told.type)
    scale = FIXED if kind is Kind.FIXED else 1
    return Option(
        index,
        _text(told.name),
        plain(_text(told.title)),
        plain(_text(told.desc)),
        kind,
        Unit(told.unit) if told.unit in set(Unit) else Unit.NONE,
        told.size,
        Can(told.cap & 0x7F),
        _range(told, scale),
        _numbers(told, scale),
        _words(told),
    )


def _sound(told: _Descriptor) -> bool:
    """Is the size of its value believable? A driver writes that many bytes into our memory."""
    size: int = told.size
    return 0 <= size <= sane_limits().max_option_bytes


def _range(told: _Descriptor, scale: int) -> Range | None:
    if told.constraint_type != _RANGE or not told.constraint.range:
        return None
    one = told.constraint.range.contents
    return Range(one.min / scale, one.max / scale, one.quant / scale)


def _numbers(told: _Descriptor, scale: int) -> tuple[float, ...]:
    if told.constraint_type != _NUMBERS or not told.constraint.numbers:
        return ()
    count = min(told.constraint.numbers[0], sane_limits().max_options)  # the first says how many follow
    return tuple(told.constraint.numbers[place] / scale for place in range(1, count + 1))


def _words(told: _Descriptor) -> tuple[str, ...]:
    if told.constraint_type != _WORDS or not told.constraint.words:
        return ()
    words: list[str] = []
    while (one := told.constraint.words[len(words)]) is not None and len(words) < sane_limits().max_options:
        words.append(_text(one))
    return tuple(words)


def _room(option: Option) -> int:
    return max(option.size, 4) + 1  # one zero more than a driver needs: a text always ends


def _value(option: Option, room: "c.Array[c.c_char]") -> Value:
    if option.kind is Kind.STRING:
        return _text(room.value)
    words = (c.c_int * option.count).from_buffer(room)
    if option.kind is Kind.BOOL:
        return bool(words[0])
    if option.kind is Kind.FIXED:
        broken = tuple(one / FIXED for one in words)
        return broken if option.count > 1 else broken[0]
    return tuple(words) if option.count > 1 else words[0]


def _raw(option: Option, value: Value) -> "c.Array[c.c_char]":
    if isinstance(value, str):
        text = _bytes(value)
        return c.create_string_buffer(text, max(_room(option), len(text) + 1))
    scale = FIXED if option.kind is Kind.FIXED else 1
    numbers = value if isinstance(value, tuple) else (value,)
    packed = bytes((c.c_int * len(numbers))(*(round(one * scale) for one in numbers)))
    return c.create_string_buffer(packed, max(_room(option), len(packed)))
