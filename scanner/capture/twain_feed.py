"""A scanner driven through TWAIN, the interface in which makers give all their scanners can do.

The end of a sheet's last image is told to the source only when the next sheet is asked for: a
source feeds by itself after that word, and no sheet is fed before the one before it is stored.
Calls into a driver cannot be broken off; a driver that does not return is killed with its process.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from scanner.ballot import PageImage
from scanner.capture.events import Capabilities, End, Ended, Event, Fault, Faulted, Fed, ScanSettings
from scanner.capture.twain_agreement import Agreement, agree, number_sheets
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_pictures import check, ending
from scanner.capture.twain_session import Session, State
from scanner.capture.twain_sources import capabilities, opened
from scanner.capture.twain_told import Page, page
from scanner.capture.twain_trail import Trail, letters
from scanner.capture.twain_transfer import fetch
from scanner.capture.twain_values import now, vendor_profile
from scanner.capture.twain_words import Cap

_UNCOUNTED = ("TWEI_PAPERCOUNT", "0")  # an option, for devices that count otherwise than sheet by sheet


class TwainSource:
    """A TWAIN source of this computer by its name; "" is the one the manager takes by itself."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def describe(self) -> Capabilities:
        """What the device says it is and can do; CaptureError if it cannot be reached."""
        session = opened(self._name)
        try:
            return capabilities(session)
        finally:
            session.unwind(State.UNLOADED)

    def vendor_profile(self) -> bytes:
        """All settings of the vendor's driver as one lump, to be named later as CAP_CUSTOMDSDATA."""
        session = opened(self._name)
        try:
            return vendor_profile(session)
        finally:
            session.unwind(State.UNLOADED)

    def start(self, settings: ScanSettings, first: int = 1) -> "TwainFeed":
        """Agree on settings and begin. Nothing is fed before the first `next_sheet`."""
        return TwainFeed(self._name, settings, first)


class TwainFeed:
    """One stack of paper through a TWAIN source."""

    def __init__(self, name: str, asked: ScanSettings, first: int) -> None:
        self._name, self._asked = name, asked
        self._number = first  # of the sheet to be fed next
        self._fed = 0
        self._trail = Trail()
        self._draining = False  # paused, but sheets are still in the paper path
        self._over: Faulted | Ended | None = None
        self._session, self._agreement = _begun(name, asked)
        self._checker = ThreadPoolExecutor(2, "twain-check")  # the front is checked while the back comes

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to; `options` are all its values that were settled."""
        return self._agreement.settings

    def next_sheet(self, timeout: float) -> Event:
        """Feed one sheet. It is given only when all its sides arrived whole; a half one is dropped."""
        if self._over is None:
            try:
                fed = self._sheet(time.monotonic() + timeout)
            except TwainError as stop:
                self._stop(stop)
            else:
                if fed is not None:
                    return fed
        return self._over or Ended(End.CLOSED, self._fed)

    def pause(self) -> None:
        """Stop the feeder: a source that feeds ahead still gives what is in its paper path."""
        if self._over is None and not self._draining:
            try:
                self._halt()
            except TwainError as stop:
                self._stop(stop)

    def resume(self, expected_sheet: int) -> None:
        """Go on; sheet number `expected_sheet` lies first. After a fault all is opened and agreed anew."""
        self._session.unwind(State.SOURCE_OPEN)
        self._number = expected_sheet
        self._draining = False
        self._over = None

    def close(self) -> None:
        """Stop the feeder and let go of the source, state by state.

        The last image's end must be told first, and a source may feed one more sheet at that word: it
        then lies in the exit tray without having been counted.
        """
        self._session.unwind(State.UNLOADED)
        self._checker.shutdown()
        self._over = self._over or Ended(End.CLOSED, self._fed)

    def _sheet(self, until: float) -> Fed | None:
        """The next sheet, whole; None when the stack is finished or paused (then `_over` is set)."""
        if not self._ready(until):
            return None
        images: list[PageImage] = []
        pages: list[Page] = []
        checks: list[Future[None]] = []
        for face in self._faces():
            if images and not self._session.end_transfer():
                raise TwainError(Fault.SHORT_IMAGE, f"Only one side of sheet {self._number} came.")
            picture = fetch(self._session, self._agreement, until)
            pages.append(self._page())
            image = self._image(face, picture.data)
            images.append(image)
            checks.append(self._checker.submit(self._check, image, picture.size))
        for one in checks:
            one.result()
        return self._accepted(images, pages)

    def _page(self) -> Page:
        told = page(self._session)
        return replace(told, paper=None) if _UNCOUNTED in self._asked.options else told

    def _faces(self) -> str:
        return "FB" if self._asked.duplex else "F"

    def _image(self, face: str, data: bytes) -> PageImage:
        name = f"{self._number:04d}{face}.{ending(data)}"
        return PageImage(name, data, dpi=float(self._agreement.settings.dpi))

    def _check(self, image: PageImage, size: tuple[int, int]) -> None:
        check(image, size, self._agreement.settings.dpi, twain_limits().sides_unlike_px)

    def _accepted(self, images: Sequence[PageImage], pages: Sequence[Page]) -> Fed:
        self._trail.sheet(pages)
        faces = letters(pages)
        named = [
            replace(one, name=f"{self._number:04d}{face}.{ending(one.data)}")
            for face, one in zip(faces, images, strict=True)
        ]
        printed = next((one.printed for one in pages if one.printed), None)
        told = tuple(
            (f"{face}.{name}", value)
            for face, one in zip(faces, pages, strict=True)
            for name, value in one.told
        )
        fed = Fed(
            tuple(sorted(named, key=lambda one: one.name[-5] != "F")),
            f"{self._number:04d}",
            self._misprint(printed),
            printed,
            told,
        )
        self._number += 1
        self._fed += 1
        return fed

    def _misprint(self, printed: str | None) -> tuple[str, ...]:
        """What the imprinter says it printed, if that is not the number of the sheet."""
        asked = self._asked.imprint
        if asked is None or printed is None:
            return ()
        digits = printed.removeprefix(asked)
        if digits.isdecimal() and printed.startswith(asked) and int(digits) == self._number:
            return ()
        return (f"The imprinter says it printed {printed!r} on sheet {self._number}.",)

    def _ready(self, until: float) -> bool:
        """Have an image ready (state 6); False when the stack is finished or paused."""
        if self._session.state is State.TRANSFERRING and not self._session.end_transfer():
            return self._refilled(until)
        if self._session.state < State.SOURCE_OPEN:
            self._session, self._agreement = _begun(self._name, self._asked)
        if self._session.state is State.SOURCE_OPEN:
            self._trail.restart()
            self._start(until)
        return True

    def _start(self, until: float) -> None:
        """From state 4 to 6: the feeder starts, and an image is there."""
        if self._asked.imprint is not None:
            number_sheets(self._session, self._number)
        self._session.enable()
        self._session.await_image(until)

    def _refilled(self, until: float) -> bool:
        """The source has no more images. If its feeder still holds paper it is started again."""
        self._session.unwind(State.SOURCE_OPEN)
        if self._draining:
            self._over = Ended(End.PAUSED, self._fed)
            return False
        if not self._loaded():
            self._over = Ended(End.HOPPER_EMPTY, self._fed, self._trail.counted or None)
            return False
        try:
            self._trail.go_on()
            self._start(until)
        except TwainError as stop:
            if stop.fault is not Fault.HOPPER_EMPTY:
                raise
            self._session.unwind(State.SOURCE_OPEN)
            left = End.JOB_COMPLETED if self._loaded() else End.HOPPER_EMPTY
            self._over = Ended(left, self._fed, self._trail.counted or None)
            return False
        return True

    def _loaded(self) -> bool:
        """True if the feeder says that it holds paper; False also where it cannot say."""
        return now(self._session, Cap.CAP_FEEDERLOADED) == 1

    def _halt(self) -> None:
        session = self._session
        if session.state is State.TRANSFERRING:
            session.end_transfer()
        if session.state is State.READY and self._agreement.ahead and session.stop_feeder():
            self._draining = True
            return
        session.unwind(State.SOURCE_OPEN)
        self._over = Ended(End.PAUSED, self._fed)

    def _stop(self, stop: TwainError) -> None:
        try:  # what the device says by itself names a fault better than a driver that only failed
            self._session.hear_news()
        except TwainError as better:
            stop = better
        self._over = Faulted(stop.fault, stop.text, resumable=True, expected=self._number, native=stop.native)
        self._session.unwind(State.UNLOADED)


def _begun(name: str, asked: ScanSettings) -> tuple[Session, Agreement]:
    """A source that is open and has agreed (state 4); TwainError if it cannot, and nothing stays open."""
    session = opened(name)
    try:
        return session, agree(session, asked)
    except BaseException:
        session.unwind(State.UNLOADED)
        raise
