"""The door to the machine's scanner drivers: libsane, called directly.

Why not python-sane or `scanimage` (measured 2026-11-22, python-sane 2.9.2): status codes are lost,
out of paper in mid page ends the stack without an error, a cancelled page comes short as if whole,
and one bit is blown up to eight. Here each status is kept and pages are read in place.

All calls of one device belong to one thread. A read can block for ever: only killing the process
ends it, which is why a worker process owns the device.
"""

import ctypes as c
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scanner.capture.sane_limits import sane_limits
from scanner.capture.sane_memory import (
    Descriptor,
    DeviceRecord,
    Parameters,
    encoded,
    found,
    option_of,
    packed_as,
    room_for,
    value_in,
)
from scanner.capture.sane_words import Found, Frame, Kind, Option, Options, Status, Value, plain
from scanner.errors import CaptureError

_GET, _SET, _AUTO = 0, 1, 2
_RELOAD_OPTIONS = 2
_CONFIG = "SANE_CONFIG_DIR"
_NAME = "libsane.so.1"


class SaneError(CaptureError):
    """The scanner's driver refused a call."""

    def __init__(self, status: int, doing: str) -> None:
        self.status = status
        self.native = Status(status).name if status in set(Status) else f"status {status}"
        super().__init__(f"The scanner's driver answers {self.native} to {doing}.")


_HANDLE = c.c_void_p
_CALLS: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "sane_init": (c.c_int, (c.POINTER(c.c_int), c.c_void_p)),
    "sane_get_devices": (c.c_int, (c.POINTER(c.POINTER(c.POINTER(DeviceRecord))), c.c_int)),
    "sane_open": (c.c_int, (c.c_char_p, c.POINTER(_HANDLE))),
    "sane_close": (None, (_HANDLE,)),
    "sane_get_option_descriptor": (c.POINTER(Descriptor), (_HANDLE, c.c_int)),
    "sane_control_option": (c.c_int, (_HANDLE, c.c_int, c.c_int, c.c_void_p, c.POINTER(c.c_int))),
    "sane_get_parameters": (c.c_int, (_HANDLE, c.POINTER(Parameters))),
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
            call.restype, call.argtypes, call.errcheck = result, arguments, _mended
        self.version = self._begin(backend)

    def devices(self, *, local: bool) -> tuple[Found, ...]:
        """The devices that the drivers find; with the stock settings of all drivers this takes seconds."""
        listed = c.POINTER(c.POINTER(DeviceRecord))()
        check(self.calls.sane_get_devices(c.byref(listed), int(local)), "look for devices")
        return tuple(found(one) for one in _until_null(listed))

    def open(self, name: str) -> "Device":
        """The device of that name; SaneError if it is not there, is busy or is not ours to use."""
        handle = _HANDLE()
        check(self.calls.sane_open(encoded(name), c.byref(handle)), f"open {plain(name)}")
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
        room = c.create_string_buffer(room_for(option))
        self._control(option, _GET, room)
        return value_in(option, room)

    def set(self, option: Option, value: Value) -> Value:
        """Set it and say what the device made of it: it may round. It may also change `options`."""
        if option.kind is Kind.BUTTON:
            self._control(option, _SET, None)
            return True
        self._control(option, _SET, packed_as(option, value))
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
        told = Parameters()
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
        options = (option_of(index, one.contents) for index, one in enumerate(told, 1) if one)
        return Options(tuple(one for one in options if one is not None))


def installed() -> bool:
    """True if the library is on this machine; no driver is loaded to find out."""
    try:
        c.CDLL(_NAME)
    except OSError:
        return False
    return True


def _mended(result: object, _call: object, _arguments: object) -> object:
    """A broken pipe stays an error instead of an end without a word.

    libsane 1.2.1 sets SIGPIPE to its default whenever a reader thread of a driver is waited for, even
    if it was ignored before: the next write to a program that is gone then killed us (seen 2026-11-22).
    """
    _set_signal(signal.SIGPIPE, signal.SIG_IGN)
    return result


_set_signal = c.CDLL(None).signal
_set_signal.argtypes, _set_signal.restype = (c.c_int, c.c_void_p), c.c_void_p

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


def _until_null(pointers: "c._Pointer[c._Pointer[DeviceRecord]]") -> Iterator[DeviceRecord]:
    for index in range(sane_limits().max_options):
        if not pointers or not pointers[index]:
            return
        yield pointers[index].contents
