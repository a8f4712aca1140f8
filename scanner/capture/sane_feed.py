"""A scanner through the machine's own driver: `sane:DEVICE`.

The host pulls: a side is asked for when the sheet before it is safely stored. A sheet is its front
and its back; what is left of a half-fed one is thrown away, and after a fault the device is opened
anew, since drivers hand out pages of the stack before (seen with sane-airscan 0.99.27).
"""

import time
from contextlib import suppress

from scanner.ballot import PageImage
from scanner.capture import sane_agreed
from scanner.capture.events import (
    Capabilities,
    End,
    Ended,
    Event,
    Fault,
    Faulted,
    Fed,
    FeedError,
    ScanSettings,
)
from scanner.capture.sane_faults import Sensor, fault_of, is_vague, native, paper_left, sensors
from scanner.capture.sane_library import Device, SaneError, library
from scanner.capture.sane_options import imprinted
from scanner.capture.sane_profiles import Profile, profile_for, profile_named
from scanner.capture.sane_settle import Settled, settle
from scanner.capture.sane_side import SideReader
from scanner.capture.sane_words import Status
from scanner.errors import CaptureError

_FACES = {"F": "front", "B": "back"}


class SaneSource:
    """A scanner that libsane has a driver for. `name` is what `valgskanner devices` prints.

    The environment's `SANE_CONFIG_DIR` is respected; without it only the driver that the name
    begins with is loaded.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: str | None = None  # maker and model, once asked for

    def describe(self) -> Capabilities:
        """What the device says it is; CaptureError if it is not there or libsane is not installed."""
        model = self._model()
        device = opened(self._name)
        try:
            profile = profile_for(self._name, model)
            return sane_agreed.able(f"sane:{self._name}"[:120], model, device.options, profile)
        finally:
            device.close()

    def start(self, settings: ScanSettings, first: int = 1) -> "SaneFeed":
        """Open the device and agree on settings. Nothing is fed before the first `next_sheet`."""
        if settings.profile is not None:
            profile = profile_named(settings.profile)
        else:
            profile = profile_for(self._name, self._model())
        feed = SaneFeed(self._name, settings, profile, first)
        try:
            feed.open()
        except FeedError:
            feed.close()
            raise
        return feed

    def _model(self) -> str:
        """Maker and model as the driver lists them; "" for devices of another machine or not listed."""
        if self._known is None:
            self._known = "" if self._name.startswith("net:") else _listed_model(self._name)
        return self._known


class SaneFeed:
    """One stack of paper through a device. All calls but `pause` belong to one thread."""

    def __init__(self, name: str, asked: ScanSettings, profile: Profile, first: int) -> None:
        self._name, self._asked, self._profile = name, asked, profile
        self._number = first  # of the sheet to be fed next
        self._fed = 0
        self._fed_since_open = 0
        self._device: Device | None = None
        self._settled: Settled | None = None
        self._reader = SideReader()
        self._over: Faulted | Ended | None = None
        self._pausing = False
        self._notes: tuple[str, ...] = ()  # to be told with the next sheet

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to, by its own answers."""
        return self._settled.settings if self._settled else self._asked

    def next_sheet(self, timeout: float) -> Event:
        """Feed one sheet. `timeout` (s) holds between reads only.

        A driver's read blocks as long as its device pleases and cannot be interrupted in this
        process: a frozen device is ended by killing the process that owns this feed. A fault is
        told before the driver is stopped, which `resume` or `close` does: stopping may block, too
        (libsane 1.2.1 ends its reader thread wherever it is, even while it holds the heap).
        """
        if self._over is None and self._pausing:
            self._over = Ended(End.PAUSED, self._fed)
        if self._over is None:
            try:
                return self._sheet(time.monotonic() + timeout)
            except FeedError as stop:
                self._over = Faulted(
                    stop.fault, stop.text, resumable=True, expected=self._number, native=stop.native
                )
        return self._over

    def pause(self) -> None:
        """Begin no further sheet. The device stays as it is: a sheet it has picked already stays picked.

        May be called from any thread: it calls no driver.
        """
        self._pausing = True

    def resume(self, expected_sheet: int) -> None:
        """Go on, after a pause as if nothing had been; after all else the device is opened anew."""
        paused = self._over is None or (isinstance(self._over, Ended) and self._over.reason is End.PAUSED)
        if not paused or expected_sheet != self._number:
            self._drop()  # the imprinter's counter, too, is set only while it is set up
        self._number, self._over, self._pausing = expected_sheet, None, False

    def close(self) -> None:
        """End the stack and let go of the device."""
        self._drop()
        self._over = self._over or Ended(End.CLOSED, self._fed)

    def open(self) -> tuple[Device, Settled]:
        """The device, opened and set up if it is not; FeedError if that fails."""
        if self._device is not None and self._settled is not None:
            return self._device, self._settled
        self._device, self._fed_since_open = opened(self._name), 0
        try:
            settled = settle(self._device, self._asked, self._profile, self._number)
        except SaneError as error:
            raise self._stopped(error, "while it was set up") from error
        self._notes = settled.notes if self._settled is None else ()
        self._settled = settled
        return self._device, settled

    def _sheet(self, until: float) -> Event:
        device, settled = self.open()
        if settled.single and self._fed_since_open:
            return self._end()
        images: list[PageImage] = []
        for face in "FB"[: settled.sides]:
            data = self._side(device, until, f"{_FACES[face]} of sheet {self._number}", first=not images)
            if data is None:
                return self._end()
            images.append(PageImage(f"{self._number:04d}{face}.pnm", data, dpi=float(settled.settings.dpi)))
        return self._accepted(tuple(images))

    def _side(self, device: Device, until: float, where: str, *, first: bool) -> bytes | None:
        """One side; None if there is no paper and no side of the sheet came before."""
        try:
            if device.start():
                return self._reader.side(device, until, f"The {where}")
        except SaneError as error:
            raise self._stopped(error, f"at the {where}") from error
        if first:
            return None
        raise FeedError(Fault.SHORT_IMAGE, f"The {where} did not come: no paper.", "NO_DOCS")

    def _accepted(self, images: tuple[PageImage, ...]) -> Fed:
        prefix = self._asked.imprint
        printed = imprinted(prefix, self._number) if prefix is not None else None
        fed = Fed(images, f"{self._number:04d}", self._notes, printed)
        self._number += 1
        self._fed += 1
        self._fed_since_open += 1
        self._notes = ()
        return fed

    def _end(self) -> Ended:
        """The hopper is empty: an end if sheets came out of it, else a fault.

        A device that says "no paper" while its hopper's sensor sees some has failed to pick it up.
        """
        device, _ = self.open()
        if paper_left(device.options, device.get):
            raise FeedError(Fault.MISPICK, "The scanner picked up no paper though there is some.", "NO_DOCS")
        if not self._fed_since_open:
            raise FeedError(Fault.HOPPER_EMPTY, "The scanner found no paper.", "NO_DOCS")
        self._over = Ended(End.HOPPER_EMPTY, self._fed)
        return self._over

    def _stopped(self, error: SaneError, when: str) -> FeedError:
        """The driver's answer as a fault, after a look at the sensors where it is vague."""
        told = self._sensed() if is_vague(error.status) else ()
        fault = Fault.SHORT_IMAGE if error.status == Status.NO_DOCS else fault_of(error.status, told)
        seen = native(error.native, told)
        return FeedError(fault, f"The scanner reports {seen} {when}.", seen)

    def _sensed(self) -> tuple[Sensor, ...]:
        """The sensors at once, or, where all seem at rest, once more with the feeder stopped."""
        if self._device is None:
            return ()
        told = sensors(self._device.options, self._device.get)
        if not told or any(one.value for one in told):
            return told
        self._device.cancel()
        return sensors(self._device.options, self._device.get)

    def _drop(self) -> None:
        """Stop the feeder and let go of the device."""
        device, self._device = self._device, None
        if device is not None:
            device.cancel()
            device.close()


def opened(name: str) -> Device:
    """The device of that name; FeedError with what to do if it cannot be opened."""
    try:
        return library(name.partition(":")[0]).open(name)
    except SaneError as error:
        fault = Fault.OFFLINE if error.status == Status.INVAL else fault_of(error.status)
        text = f"The scanner {name} cannot be opened ({error.native}): {_advice(error.status)}."
        raise FeedError(fault, text, error.native) from error


def _advice(status: int) -> str:
    if status == Status.DEVICE_BUSY:
        return "another program uses it"
    if status == Status.ACCESS_DENIED:
        return "this user may not use it; on Debian, add the user to the group scanner"
    return "check that it is on, and its name with valgskanner devices"


def _listed_model(name: str) -> str:
    with suppress(CaptureError):
        for one in library(name.partition(":")[0]).devices(local=True):
            if one.name == name:
                return f"{one.vendor} {one.model}".strip()
    return ""
