"""A network scanner, driven directly over eSCL: one image is asked for at a time.

Why not through SANE (measured 2026-11-22 with sane-airscan 0.99.27): it pulls the whole hopper
ahead of the host, reports a double feed as "busy", and hands over a truncated JPEG as a good page.
Here the host holds the reins: no image is asked for before the one before it is whole and safe.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from scanner.ballot import PageImage
from scanner.capture.address import candidates
from scanner.capture.escl_abilities import Able, negotiate
from scanner.capture.escl_image import check, sides
from scanner.capture.escl_job import Device, Job
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


class EsclSource:
    """A scanner that speaks eSCL (AirScan, Mopria): most network scanners since 2015."""

    def __init__(self, place: str) -> None:
        """`place` as an operator types it (see `scanner.capture.address`); UsageError if it is none."""
        self._places = candidates(place)
        self._typed = place

    def describe(self) -> Capabilities:
        """What the device says it is; CaptureError if it cannot be reached or has no feeder."""
        device, able = self._found()
        device.close()
        return able.about

    def start(self, settings: ScanSettings, first: int = 1) -> "EsclFeed":
        """Agree on settings and begin. Nothing is fed before the first `next_sheet`."""
        device, able = self._found()
        try:
            agreed = negotiate(settings, able)
        except FeedError:
            device.close()
            raise
        return EsclFeed(device, able, agreed, first)

    def _found(self) -> tuple[Device, Able]:
        """The first of the places where a scanner answers; it is remembered."""
        seen: list[FeedError] = []
        for place in self._places:
            device = Device(place)
            try:
                able = device.able()
            except FeedError as error:
                device.close()
                seen.append(error)
                if len(self._places) > 1 and error.fault is Fault.CONFIG:
                    break
            else:
                self._places = (place,)
                return device, able
        raise self._refusal(seen)

    def _refusal(self, seen: list[FeedError]) -> FeedError:
        """Why none of the places would do: what a scanner said itself counts most."""
        if len(self._places) > 1 and all(one.fault is Fault.OFFLINE for one in seen):
            tried = ", ".join(one.origin for one in self._places)
            return FeedError(Fault.OFFLINE, f"No eSCL scanner answers at {self._typed} (tried {tried}).")
        return next((one for one in seen if one.fault is Fault.CONFIG), seen[0])


class EsclFeed:
    """One stack of paper through an eSCL scanner.

    A pause ends the scanner's job: what it had drawn in beyond the last sheet given lies unscanned
    in its tray and belongs on top of the hopper again.
    """

    def __init__(self, device: Device, able: Able, settings: ScanSettings, first: int) -> None:
        self._device, self._able, self._settings = device, able, settings
        self._number = first  # of the sheet to be fed next
        self._fed = 0
        self._whole_story = True  # one job, no fault: only then do the device's count and ours compare
        self._job = Job(device, settings, able)
        self._over: Faulted | Ended | None = None
        self._checker = ThreadPoolExecutor(2, "escl-check")  # a side each

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to."""
        return self._settings

    def next_sheet(self, timeout: float) -> Event:
        """Feed one sheet. A sheet is given only when all its sides arrived whole; a half one is dropped."""
        if self._over is not None:
            return self._over
        try:
            fed = self._sheet(time.monotonic() + timeout)
        except FeedError as stop:
            self._over = Faulted(stop.fault, stop.text, True, self._number, stop.native)  # noqa: FBT003
            self._stop()
            return self._over
        if fed is None:
            self._over = Ended(self._job.end or End.CLOSED, self._fed, self._counted())
            self._stop()
            return self._over
        self._number += 1
        self._fed += 1
        return fed

    def pause(self) -> None:
        """Ask for no more images: the feeder stops after the sheet under way."""
        if self._over is None:
            self._stop()
            self._over = Ended(End.PAUSED, self._fed)

    def resume(self, expected_sheet: int) -> None:
        """Open a new job; the first sheet in the hopper is number `expected_sheet`."""
        self._stop()
        self._number, self._over = expected_sheet, None

    def close(self) -> None:
        """Stop the feeder and hang up."""
        self._job.drop()
        self._over = self._over or Ended(End.CLOSED, self._fed)
        self._checker.shutdown()
        self._device.close()

    def _stop(self) -> None:
        self._job.drop()
        self._whole_story = self._whole_story and not self._job.images
        self._job = Job(self._device, self._settings, self._able)

    def _sheet(self, until: float) -> Fed | None:
        """The next sheet; None when the stack is finished. The front is checked while the back comes."""
        name, missing = f"{self._number:04d}", "FB" if self._settings.duplex else "F"
        widest = (self._able.about.max_mm or (0.0, 0.0))[0]
        images: list[PageImage] = []
        checks = []
        while missing:
            data = self._job.next_image(self._number, until)
            if data is None:
                self._check_end(half=bool(images))
                return None
            come = sides(name, missing, data, self._settings.dpi)
            missing = missing[len(come) :]
            images += come
            checks += [self._checker.submit(check, one, self._settings, widest) for one in come]
        notes = tuple(note for one in checks for note in one.result())
        return Fed(tuple(images), name, notes)

    def _check_end(self, *, half: bool) -> None:
        """No more images: a fault in mid sheet or with no sheet at all, else the end."""
        if half:
            raise FeedError(Fault.SHORT_IMAGE, f"Only one side of sheet {self._number} came.")
        if not self._job.images:
            raise FeedError(Fault.HOPPER_EMPTY, "The scanner found no paper.")

    def _counted(self) -> int | None:
        """Sheets by the device's own count, where it can be compared with ours."""
        images = self._job.counted
        if images is None or not self._whole_story or images < self._job.images:
            return None
        return images // 2 if self._settings.duplex else images
