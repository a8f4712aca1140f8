"""The door to TWAIN drivers: the manager library of this computer, and the memory it lends.

On Linux `libtwaindsm.so`, on Windows `twaindsm.dll`; VALGSKANNER_TWAIN_DSM names another. A manager
of version 2 lends memory by its own functions; before that it came from the system.
"""

import ctypes as c
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scanner import __version__
from scanner.capture.events import Fault
from scanner.capture.twain_faults import TwainError, refused
from scanner.capture.twain_types import EntryPoint, Identity, Packed, Status, Version
from scanner.capture.twain_words import DF_APP2, DF_DSM2, DG_CONTROL, DG_IMAGE, Dat, Msg, Rc

PLACE = "VALGSKANNER_TWAIN_DSM"

_LANGUAGE, _COUNTRY = 13, 1  # TWLG_ENGLISH_USA, TWCY_USA: faults are told by code, never by text
_PROTOCOL = (2, 5)
_GOOD = (Rc.SUCCESS,)

Body = Packed | c.Array[c.c_char] | c.c_void_p | None


@dataclass(frozen=True, slots=True)
class Lender:
    """Where memory that travels between driver and us comes from; a handle is not yet an address."""

    alloc: Callable[[int], int | None]
    free: Callable[[int], None]
    lock: Callable[[int], int | None]
    unlock: Callable[[int], None]

    def lend(self, content: bytes) -> int:
        """A handle to memory with this content, to be freed by us; TwainError if there is none."""
        handle = self.alloc(max(len(content), 1))
        if not handle:
            raise TwainError(Fault.INTERNAL, "There is no memory left to speak with the scanner.")
        with self.locked(handle) as address:
            c.memmove(address, content, len(content))
        return handle

    @contextmanager
    def locked(self, handle: int) -> Iterator[int]:
        """The address behind a handle, for as long as it is needed; TwainError if it has none."""
        address = self.lock(handle)
        if not address:
            raise TwainError(Fault.INTERNAL, "The scanner's driver gave memory that is none.")
        try:
            yield address
        finally:
            self.unlock(handle)


class Dsm:
    """The manager, loaded (state 2). Every call to a driver goes through `call`."""

    def __init__(self) -> None:
        self._library = _library()  # kept: the functions below live in it
        self._entry = self._library.DSM_Entry
        self._entry.restype = c.c_uint16
        self._entry.argtypes = [c.c_void_p, c.c_void_p, c.c_uint32, c.c_uint16, c.c_uint16, c.c_void_p]
        self.application = Identity(
            0,
            Version(1, 0, _LANGUAGE, _COUNTRY, __version__.encode()[:32]),
            *_PROTOCOL,
            DG_CONTROL | DG_IMAGE | DF_APP2,
            b"valgskanner",
            b"valgskanner",
            b"valgskanner",
        )
        self._entry_point: EntryPoint | None = None
        self._lender = _system_lender()

    @property
    def second(self) -> bool:
        """True if it is a manager of version 2; known once it is open."""
        return bool(self.application.groups & DF_DSM2)

    @property
    def lender(self) -> Lender:
        """Whose memory is used."""
        return self._lender

    def fetch_memory(self) -> None:
        """Use the manager's memory, if it is of version 2; TwainError if it has none."""
        if not self.second:
            return
        entry = EntryPoint(c.sizeof(EntryPoint))
        self.call("the manager's memory", Dat.ENTRYPOINT, Msg.GET, entry)
        self._entry_point = entry  # kept: the functions point into it
        self._lender = Lender(entry.alloc, entry.free, entry.lock, entry.unlock)

    def call(
        self,
        what: str,
        about: Dat,
        message: Msg,
        body: Body,
        *,
        to: Identity | None = None,
        good: tuple[Rc, ...] = _GOOD,
    ) -> Rc:
        """One call; its return code if that is among `good`, else TwainError with the driver's own reason.

        `what` names it for people. `to`: the source that is open, None for the manager itself.
        """
        code = self.ask(about, message, body, to=to)
        if code in good:
            return Rc(code)
        raise refused(what, code, self._why(to) if code == Rc.FAILURE else 0)

    def ask(self, about: Dat, message: Msg, body: Body, *, to: Identity | None = None) -> int:
        """One call and its bare return code."""
        group = DG_IMAGE if Dat.IMAGEINFO <= about <= Dat.EXTIMAGEINFO else DG_CONTROL
        told = c.byref(to) if to is not None else None
        held = c.byref(body) if body is not None else None
        return int(self._entry(c.byref(self.application), told, group, about, message, held))

    def _why(self, to: Identity | None) -> int:
        status = Status()
        if self.ask(Dat.STATUS, Msg.GET, status, to=to) != Rc.SUCCESS:
            return 0
        return status.code


def _library() -> c.CDLL:
    """The first manager there is; TwainError(OFFLINE) if there is none."""
    named = os.environ.get(PLACE)
    for name in [named] if named else _usual():
        try:
            return _load(name)
        except OSError:
            continue
    tried = named or ", ".join(_usual())
    text = f"There is no TWAIN manager on this computer ({tried}): install the scanner's driver."
    raise TwainError(Fault.OFFLINE, text)


if sys.platform == "win32":  # untested: no machine here runs Windows

    def _usual() -> tuple[str, ...]:
        old = ("twain_32.dll",) if c.sizeof(c.c_void_p) == 4 else ()
        return ("twaindsm.dll", *old)

    def _load(name: str) -> c.CDLL:
        return c.WinDLL(name)

    def _system_lender() -> Lender:
        kernel = c.WinDLL("kernel32")
        for one in (kernel.GlobalAlloc, kernel.GlobalLock):
            one.restype = c.c_void_p
        kernel.GlobalAlloc.argtypes = [c.c_uint, c.c_size_t]
        for one in (kernel.GlobalFree, kernel.GlobalLock, kernel.GlobalUnlock):
            one.argtypes = [c.c_void_p]
        moveable_zeroed = 0x42
        return Lender(
            lambda size: kernel.GlobalAlloc(moveable_zeroed, size),
            kernel.GlobalFree,
            kernel.GlobalLock,
            kernel.GlobalUnlock,
        )

else:

    def _usual() -> tuple[str, ...]:
        return ("libtwaindsm.so", "libtwaindsm.so.2", "/usr/local/lib/libtwaindsm.so")

    def _load(name: str) -> c.CDLL:
        return c.CDLL(name)

    def _system_lender() -> Lender:
        own = c.CDLL(None)
        own.calloc.restype, own.calloc.argtypes = c.c_void_p, [c.c_size_t, c.c_size_t]
        own.free.restype, own.free.argtypes = None, [c.c_void_p]
        return Lender(lambda size: own.calloc(1, size), own.free, lambda handle: handle, lambda _: None)
