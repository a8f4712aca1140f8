"""How a source gets a word in: on Linux it calls us, on Windows its messages come through a window.

A Windows source only lives while its program fetches window messages and offers each to it
(DAT_EVENT / PROCESSEVENT); where the manager is of version 2 it may call us as well.

The Windows half is written after Microsoft's and TWAIN's documents and is UNTESTED: no machine
that builds this project runs Windows.
"""

import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Protocol

from scanner.capture.twain_words import Msg

Said = SimpleQueue[int]
Offer = Callable[[int], int]  # address of a window message -> what the source says by it; Msg.NULL: nothing


class Pump(Protocol):
    """Waits for the source to speak."""

    @property
    def window(self) -> int | None:
        """The window that sources may call their parent; None where they need none."""
        ...

    def wait(self, said: Said, offer: Offer, seconds: float) -> int | None:
        """What the source says next; None if nothing came within `seconds`."""
        ...

    def close(self) -> None:
        """Let go of the window. May be called twice."""
        ...


class CallbackPump:
    """A source that calls us: nothing to pump."""

    window = None

    def wait(self, said: Said, offer: Offer, seconds: float) -> int | None:  # noqa: ARG002 - no windows here
        """What the source says next; None if nothing came within `seconds`."""
        try:
            return said.get(timeout=max(seconds, 0.0))
        except Empty:
            return None

    def close(self) -> None:
        """Nothing to let go of."""


if sys.platform == "win32":
    import ctypes as c
    import time
    from ctypes import wintypes

    from scanner.capture.twain_limits import twain_limits

    _REMOVE = 1  # PM_REMOVE
    _MESSAGE_ONLY = -3  # HWND_MESSAGE: a window that is never seen

    class WindowsPump:
        """A window that is never seen, and the loop that fetches its messages. UNTESTED."""

        def __init__(self) -> None:
            self._user = c.WinDLL("user32")
            self._user.CreateWindowExW.restype = wintypes.HWND
            self._user.CreateWindowExW.argtypes = [
                wintypes.DWORD,
                wintypes.LPCWSTR,
                wintypes.LPCWSTR,
                wintypes.DWORD,
                *[c.c_int] * 4,
                wintypes.HWND,
                wintypes.HMENU,
                wintypes.HINSTANCE,
                c.c_void_p,
            ]
            self._user.DestroyWindow.argtypes = [wintypes.HWND]
            parent = wintypes.HWND(_MESSAGE_ONLY)
            self._window: int | None = self._user.CreateWindowExW(
                0, "STATIC", "valgskanner", 0, 0, 0, 0, 0, parent, None, None, None
            )

        @property
        def window(self) -> int | None:
            """The window that sources may call their parent."""
            return self._window

        def wait(self, said: Said, offer: Offer, seconds: float) -> int | None:
            """What the source says next, by message or by call; None if nothing came within `seconds`."""
            until = time.monotonic() + seconds
            while True:
                word = self._pumped(offer)
                if word is None and not said.empty():
                    word = said.get()
                if word is not None or time.monotonic() >= until:
                    return word
                self._user.MsgWaitForMultipleObjects(
                    0, None, c.c_int(0), round(twain_limits().wait_s * 1000), 0x04FF
                )

        def close(self) -> None:
            """Let go of the window."""
            if self._window:
                self._user.DestroyWindow(self._window)
            self._window = None

        def _pumped(self, offer: Offer) -> int | None:
            """All messages that wait: those the source takes for its own tell what it says."""
            message = wintypes.MSG()
            while self._user.PeekMessageW(c.byref(message), None, 0, 0, _REMOVE):
                word = offer(c.addressof(message))
                if word > Msg.NULL:
                    return word
                if word < Msg.NULL:
                    self._user.TranslateMessage(c.byref(message))
                    self._user.DispatchMessageW(c.byref(message))
            return None

    def pump() -> Pump:
        """The way sources speak on this system."""
        return WindowsPump()

else:

    def pump() -> Pump:
        """The way sources speak on this system."""
        return CallbackPump()
