"""One job on an eSCL scanner: opened, asked for one image after the other, and ended only when it is over.

What a device answers is never taken at its word alone: a 404 is the end of the paper only if the
status says so too, and a 503 is asked again as the device wishes, until the time is up.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from scanner.capture import escl_words
from scanner.capture.address import Address
from scanner.capture.escl_abilities import Able, able
from scanner.capture.escl_words import Status
from scanner.capture.events import End, Fault, FeedError, ScanSettings
from scanner.capture.limits import limits
from scanner.capture.wire import Answer, Wire

_OVER = {"Completed"}
_BROKEN = {"Aborted", "Canceled"}
_SETTLING = 4  # tries granted to a device that says 404 before its status has caught up
_LATER = {404, 409, 410, 503}  # answers to a request for an image that are only told apart by the status


class Device:
    """An eSCL scanner on the line."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._wire = Wire(address)

    def able(self) -> Able:
        """What it can do; FeedError(OFFLINE) if there is no eSCL scanner at the address."""
        answer = self.ask("GET", f"{self.address.root}/ScannerCapabilities", _soon(limits().answer_s))
        if answer.code != 200:
            raise FeedError(
                Fault.OFFLINE, f"There is no eSCL scanner at {self.address.origin} (answer {answer.code})."
            )
        return able(answer.body)

    def status(self, until: float, job: str = "") -> Status:
        """How the feeder and our job stand. A status is waited for past `until`, but not for long."""
        until = min(_soon(limits().answer_s), max(until, _soon(limits().connect_s)))
        answer = self.ask("GET", f"{self.address.root}/ScannerStatus", until)
        if answer.code != 200:
            raise FeedError(
                Fault.INTERNAL, f"The scanner does not tell its status (answer {answer.code}).", answer.word
            )
        return escl_words.status(answer.body, job)

    def ask(self, method: str, path: str, until: float, content: bytes | None = None) -> Answer:
        """A request whose answer is words."""
        return self._wire.ask(method, path, limit=limits().max_xml_bytes, until=until, content=content)

    def image(self, path: str, until: float) -> Answer:
        """A request whose answer is an image."""
        return self._wire.ask("GET", path, limit=limits().max_image_bytes, until=until)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


class Job:
    """A stack on its way through; not open before the first image is asked for."""

    def __init__(self, device: Device, settings: ScanSettings, able: Able) -> None:
        self._device, self._settings = device, settings
        self._kind, self._extended = able.kind(settings), able.extended
        self._path: str | None = None
        self.images = 0
        self.counted: int | None = None  # images by the device's own count, once it is over
        self.end: End | None = None

    def next_image(self, sheet: int, until: float) -> bytes | None:
        """The next image, of sheet number `sheet`; None at the end, which the status must confirm.

        FeedError when the paper stopped.
        """
        path = self._path = self._path or self._opened(until)
        warming = False
        for tried, answer in enumerate(self._answers(path, until)):
            if answer.code == 200:
                self.images += 1
                return answer.body
            status = self._checked(until, sheet)
            if answer.code in {404, 410} and self._finished(status, tried):
                return None
            self._check_answer(answer, status, tried)
            warming = status.warming
        if warming:
            raise FeedError(Fault.WARMING, f"Sheet {sheet} did not come; the scanner is still warming up.")
        raise FeedError(Fault.BUSY, f"Sheet {sheet} did not come; the scanner keeps saying that it is busy.")

    def drop(self) -> None:
        """Tell the device to stop feeding; it may not hear it."""
        if self._path is not None and self.end is not End.HOPPER_EMPTY:
            with suppress(FeedError):
                self._device.ask("DELETE", self._path, _soon(limits().connect_s))
        self._path = None

    def _answers(self, path: str, until: float) -> Iterator[Answer]:
        for tried, wait in enumerate(_tries(until)):
            try:
                answer = self._device.image(f"{path}/NextDocument", until)
            except FeedError as error:
                if error.fault is Fault.TIMEOUT and tried:
                    return  # it did answer, only to say "later": no silence
                raise
            wait.longer(answer.retry_s)
            yield answer

    def _opened(self, until: float) -> str:
        """Open the job and give its path."""
        path, code, warming = f"{self._device.address.root}/ScanJobs", 0, False
        body = escl_words.job(self._settings, self._kind, extended=self._extended)
        for wait in _tries(until):
            answer = self._device.ask("POST", path, until, body)
            code = answer.code
            if code in {200, 201} and answer.location:
                return _here(path, answer.location)
            status = self._checked(until, 0)
            warming = status.warming
            if status.empty:
                raise FeedError(Fault.HOPPER_EMPTY, "The scanner says that its hopper is empty.", status.adf)
            if code != 503:
                raise FeedError(Fault.CONFIG, f"The scanner refused the job (answer {code}).", answer.word)
            wait.longer(answer.retry_s)
        if warming:
            raise FeedError(Fault.WARMING, "The scanner is still warming up.")
        raise FeedError(Fault.BUSY, f"The scanner did not take the job (answer {code}).")

    def _checked(self, until: float, sheet: int) -> Status:
        """The status, if it names no fault."""
        status = self._device.status(until, self._path or "")
        if status.fault is not None:
            where = f" at sheet {sheet}" if sheet else ""
            raise FeedError(status.fault, f"The scanner reports {status.word}{where}.", status.word)
        return status

    def _check_answer(self, answer: Answer, status: Status, tried: int) -> None:
        """Neither an image nor the end: FeedError if asking again is of no use."""
        if answer.code not in _LATER:
            text = f"The scanner answered {answer.code} instead of an image."
            raise FeedError(Fault.INTERNAL, text, answer.word)
        if answer.code != 503 and status.job in _BROKEN:
            told = ", ".join(status.reasons) or "no reason given"
            raise FeedError(Fault.INTERNAL, f"The scanner broke off the job ({told}).", status.job)
        if answer.code == 410 and tried >= _SETTLING:
            raise FeedError(Fault.INTERNAL, "The scanner has forgotten the job.", answer.word)

    def _finished(self, status: Status, tried: int) -> bool:
        """True if a 404 is the end: the feeder is empty or the job completed. Some say 404 too early."""
        settled = tried >= _SETTLING
        if status.job in _BROKEN:
            return False
        if status.empty and (status.job != "Processing" or settled):
            self.end = End.HOPPER_EMPTY
        elif status.job in _OVER and (status.loaded or settled):
            self.end = End.JOB_COMPLETED if status.adf else End.HOPPER_EMPTY
        elif not status.adf and not status.job and status.state == "Idle" and settled:
            self.end = End.HOPPER_EMPTY  # a device that tells neither its feeder nor its jobs
        self.counted = status.images
        return self.end is not None


class _Wait:
    """How long to leave the device alone before the next try."""

    def __init__(self) -> None:
        self.seconds = limits().retry_s / 16
        self._asked = 0.0

    def longer(self, asked: float) -> None:
        """The device asks to be left alone for so many seconds."""
        self._asked = asked

    def past(self, until: float) -> bool:
        """Sleep; True if the time is up instead."""
        wait = max(self.seconds, self._asked)
        if time.monotonic() + wait > until:
            return True
        time.sleep(wait)
        self.seconds = min(2 * self.seconds, limits().retry_s)
        return False


def _tries(until: float) -> Iterator[_Wait]:
    """Once at once, then again with growing waits, not past `until`."""
    wait = _Wait()
    yield wait
    while not wait.past(until):
        yield wait


def _here(asked: str, location: str) -> str:
    """The job's path on this device: one behind a router may not know its own address."""
    place = urlsplit(urljoin(asked, location))
    return place.path.rstrip("/") + (f"?{place.query}" if place.query else "")


def _soon(seconds: float) -> float:
    return time.monotonic() + seconds
