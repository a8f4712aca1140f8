"""A network scanner, driven directly over eSCL: one image is asked for at a time.

Why not through SANE (measured 2026-11-22 with sane-airscan 0.99.27): it pulls the whole hopper
ahead of the host, reports a double feed as "busy", and hands over a truncated JPEG as a good page.
Here the host holds the reins: no image is asked for before the one before it is whole and safe.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from scanner.ballot import PageImage
from scanner.capture import escl_words, jpeg
from scanner.capture.decode import decode
from scanner.capture.escl_words import Status
from scanner.capture.events import Capabilities, End, Ended, Event, Fault, Faulted, Fed, ScanSettings
from scanner.capture.limits import limits
from scanner.capture.wire import Address, Answer, FeedError, Wire
from scanner.errors import ImageError

_OVER = {"Completed"}
_BROKEN = {"Aborted", "Canceled"}
_SETTLING = 4  # tries granted to a device whose feeder is empty while its job still says Processing


class EsclSource:
    """A scanner that speaks eSCL (AirScan, Mopria): most network scanners since 2015."""

    def __init__(self, url: str) -> None:
        self._address = Address.parse(url)

    def describe(self) -> Capabilities:
        """What the device says it is; CaptureError if it cannot be reached or has no feeder."""
        wire = Wire(self._address)
        try:
            return _capabilities(wire, self._address)
        finally:
            wire.close()

    def start(self, settings: ScanSettings, first: int = 1) -> "EsclFeed":
        """Agree on settings and begin. Nothing is fed before the first `next_sheet`."""
        wire = Wire(self._address)
        try:
            agreed = escl_words.negotiate(settings, _capabilities(wire, self._address))
        except FeedError:
            wire.close()
            raise
        return EsclFeed(wire, self._address, agreed, first)


class EsclFeed:
    """One stack of paper through an eSCL scanner."""

    def __init__(self, wire: Wire, address: Address, settings: ScanSettings, first: int) -> None:
        self._wire, self._address, self._settings = wire, address, settings
        self._number = first  # of the sheet to be fed next
        self._fed = 0
        self._job: str | None = None
        self._job_images = 0
        self._over: Faulted | Ended | None = None

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to."""
        return self._settings

    def next_sheet(self, timeout: float) -> Event:
        """Feed one sheet. A sheet is given only when all its sides arrived whole; a half one is dropped."""
        if self._over is None:
            try:
                images = self._sheet(time.monotonic() + timeout)
            except FeedError as stop:
                self._over = Faulted(stop.fault, stop.text, resumable=True, expected=self._number)
                self._drop_job()
            else:
                if images is not None:
                    return self._accepted(images)
        return self._over or Ended(End.CLOSED, self._fed)

    def pause(self) -> None:
        """Ask for no more images: a device that feeds on demand stops after the sheet under way."""
        if self._over is None:
            self._drop_job()
            self._over = Ended(End.PAUSED, self._fed)

    def resume(self, expected_sheet: int) -> None:
        """Open a new job; the first sheet in the hopper is number `expected_sheet`."""
        self._drop_job()
        self._number = expected_sheet
        self._over = None

    def close(self) -> None:
        """Stop the feeder and hang up."""
        self._drop_job()
        self._over = self._over or Ended(End.CLOSED, self._fed)
        self._wire.close()

    def _accepted(self, images: tuple[PageImage, ...]) -> Fed:
        fed = Fed(images, f"{self._number:04d}")
        self._number += 1
        self._fed += 1
        return fed

    def _sheet(self, until: float) -> tuple[PageImage, ...] | None:
        """All sides of the next sheet; None when the stack is finished (then `_over` is set)."""
        if self._job is None:
            self._job, self._job_images = self._open(until), 0
        images: list[PageImage] = []
        for face in "FB" if self._settings.duplex else "F":
            data = self._next_document(until)
            if data is None:
                self._end(half=bool(images))
                return None
            images.append(self._whole(f"{self._number:04d}{face}.jpg", data))
        return tuple(images)

    def _end(self, *, half: bool) -> None:
        """The device has no more images: a fault in mid sheet or with no sheet at all, else the end."""
        if half:
            raise FeedError(Fault.SHORT_IMAGE, f"Only one side of sheet {self._number} came.")
        if not self._job_images:
            raise FeedError(Fault.HOPPER_EMPTY, "The scanner found no paper.")

    def _open(self, until: float) -> str:
        """Open a job and give its path."""
        path, code = f"{self._address.root}/ScanJobs", 0
        for _ in _tries(until):
            answer = self._ask("POST", path, until, escl_words.job(self._settings))
            code = answer.code
            if code in {200, 201} and (place := urlsplit(answer.location).path.rstrip("/")):
                return place  # the path only: a device behind a router may not know its own address
            status = self._status()
            self._check(status)
            if status.empty:
                raise FeedError(Fault.HOPPER_EMPTY, "The scanner says that its hopper is empty.")
            if code != 503:
                raise FeedError(Fault.CONFIG, f"The scanner refused the job (answer {code}).")
        raise FeedError(Fault.BUSY, f"The scanner did not take the job (answer {code}).")

    def _next_document(self, until: float) -> bytes | None:
        """The next image; None at the end of the stack, which the device must confirm in its status."""
        for tried, _ in enumerate(_tries(until)):
            answer = self._wire.ask(
                "GET", f"{self._job}/NextDocument", limit=limits().max_image_bytes, until=until
            )
            if answer.code == 200:
                self._job_images += 1
                return answer.body
            status = self._status()
            self._check(status)
            if answer.code == 404 and self._finished(status, tried):
                return None
            if answer.code not in {404, 503}:
                raise FeedError(Fault.INTERNAL, f"The scanner answered {answer.code} instead of an image.")
        raise FeedError(
            Fault.BUSY, f"Sheet {self._number} did not come; the scanner keeps saying that it is busy."
        )

    def _finished(self, status: Status, tried: int) -> bool:
        """Is a 404 the end? Only if the feeder is empty or the job completed: some say 404 too early."""
        if status.job in _BROKEN:
            raise FeedError(Fault.INTERNAL, "The scanner broke off the job without naming a fault.")
        if status.job in _OVER and not status.empty:
            self._over = Ended(End.JOB_COMPLETED, self._fed)
        elif status.empty and (status.job != "Processing" or tried >= _SETTLING):
            self._over = Ended(End.HOPPER_EMPTY, self._fed)
        return self._over is not None

    def _whole(self, name: str, data: bytes) -> PageImage:
        """The image, if it is whole and at the resolution agreed on: decoded strictly, to the last block."""
        image = PageImage(name, data, dpi=float(self._settings.dpi))
        try:
            decode(image)
        except ImageError as error:
            raise FeedError(Fault.BAD_IMAGE, str(error)) from error
        claim = jpeg.claimed_dpi(data)
        if claim and max(claim) > limits().min_dpi and abs(claim[0] - self._settings.dpi) > 1:
            raise FeedError(Fault.CONFIG, f"{name} has {claim[0]:g} dpi, agreed were {self._settings.dpi}.")
        return image

    def _status(self) -> Status:
        until = time.monotonic() + limits().answer_s
        answer = self._ask("GET", f"{self._address.root}/ScannerStatus", until)
        if answer.code != 200:
            raise FeedError(Fault.INTERNAL, f"The scanner does not tell its status (answer {answer.code}).")
        return escl_words.status(answer.body, self._job or "")

    def _check(self, status: Status) -> None:
        if status.fault is not None:
            raise FeedError(status.fault, f"The scanner reports {status.adf} at sheet {self._number}.")

    def _ask(self, method: str, path: str, until: float, content: bytes | None = None) -> Answer:
        return self._wire.ask(method, path, limit=limits().max_xml_bytes, until=until, content=content)

    def _drop_job(self) -> None:
        """Tell the device to stop feeding; it may not hear it."""
        if self._job is not None:
            with suppress(FeedError):
                self._ask("DELETE", self._job, time.monotonic() + limits().connect_s)
        self._job = None


def _capabilities(wire: Wire, address: Address) -> Capabilities:
    until = time.monotonic() + limits().answer_s
    answer = wire.ask("GET", f"{address.root}/ScannerCapabilities", limit=limits().max_xml_bytes, until=until)
    if answer.code != 200:
        raise FeedError(
            Fault.OFFLINE, f"There is no eSCL scanner at {address.origin} (answer {answer.code})."
        )
    return escl_words.capabilities(answer.body)


def _tries(until: float) -> Iterator[float]:
    """Once at once, then again with growing waits, `retries` times at most and not past `until`."""
    wait = limits().retry_s / 16
    yield 0.0
    for _ in range(limits().retries):
        if time.monotonic() + wait > until:
            return
        time.sleep(wait)
        yield wait
        wait = min(2 * wait, limits().retry_s)
