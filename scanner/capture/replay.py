"""A stack that was scanned before, fed again from its spool: for audits, and for tests with real faults."""

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from scanner.ballot import PageImage
from scanner.capture.events import Capabilities, End, Ended, Event, Fault, Faulted, Fed, Noted, ScanSettings
from scanner.capture.files import printable
from scanner.capture.journal import Closed, Discarded, Entry, Opened, Paused, Resumed, Stopped, Stored
from scanner.capture.spool import Spooled
from scanner.capture.standing import JOURNAL, Step, walk
from scanner.errors import InputError, StoreError


class ReplaySource:
    """A recorded batch: its sheets byte for byte, in their order.

    `faults`: what stopped the paper then stops the feed again; without, each is a line for a person.
    """

    def __init__(self, folder: str, *, faults: bool = False) -> None:
        """InputError if there is no recorded batch, AuditError if its journal was changed."""
        self._folder, self._faults = Path(folder), faults
        if not (self._folder / JOURNAL).is_file():
            raise InputError(f"The folder {printable(folder)} holds no {JOURNAL}: it is no recorded batch.")
        opened = next((one.entry for one in walk(self._folder) if isinstance(one.entry, Opened)), None)
        if opened is None:
            raise InputError(f"The batch in {printable(folder)} was never begun.")
        self._opened = opened

    def describe(self) -> Capabilities:
        """The scanner of then, by its own name: a store that has its sheets does not count them again."""
        one = self._opened
        return Capabilities(one.device, replayable=True, model=one.model, serial=one.serial)

    def start(self, settings: ScanSettings, first: int = 1) -> "ReplayFeed":  # noqa: ARG002 - scanned already
        """From the first sheet; the settings are those of then."""
        return ReplayFeed(self._folder, self._opened.obtained, first, faults=self._faults)


class ReplayFeed:
    """What happened to one stack, again."""

    def __init__(self, folder: Path, settings: ScanSettings, first: int, *, faults: bool) -> None:
        self._settings, self._steps = settings, _steps(folder)
        self._first, self._faults = first, faults
        self._fed = 0
        self._over: Faulted | Ended | None = None

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to then."""
        return self._settings

    def next_sheet(self, timeout: float) -> Event:  # noqa: ARG002 - files do not keep one waiting
        """The next thing that happened; AuditError at the first line of the journal that was changed."""
        while self._over is None:
            event = self._event(next(self._steps, None))
            if isinstance(event, Faulted | Ended):
                self._over = event
            elif event is not None:
                self._fed += isinstance(event, Fed)
                return event
        return self._over

    def pause(self) -> None:
        """Give no more until `resume`."""
        self._over = self._over or Ended(End.PAUSED, self._fed)

    def resume(self, expected_sheet: int) -> None:  # noqa: ARG002 - each sheet has its number
        """Go on where it stopped."""
        if isinstance(self._over, Faulted) or (self._over and self._over.reason is End.PAUSED):
            self._over = None

    def close(self) -> None:
        """Feed no more."""
        self._over = Ended(End.CLOSED, self._fed)

    def _event(self, step: "tuple[Entry, Spooled | None] | None") -> Event | None:
        """What the line of a journal means for whoever is fed; None: nothing."""
        if step is None:
            return Ended(End.CLOSED, self._fed)  # it was never closed
        entry, spooled = step
        match entry:
            case Stored(name=name, notes=notes, imprint=imprint, told=told):
                images = _images(spooled) if spooled else ()
                problems = tuple(one.problem for one in images if one.problem and one.problem not in notes)
                return Fed(images, name, notes + problems, imprint, told)
            case Stopped(fault, text, native, _, resumable):
                return self._stopped(fault, text, native, resumable=resumable)
            case Closed(reason, _, counter):
                return Ended(reason, self._fed, counter)
            case Discarded(number=number):
                return Noted(f"What had come of sheet {number} was put aside then.")
            case Opened() | Resumed() | Paused():
                return None
            case _:
                assert_never(entry)

    def _stopped(self, fault: Fault, text: str, native: str, *, resumable: bool) -> Event:
        expected = self._first + self._fed
        if self._faults:
            return Faulted(fault, text, resumable, expected, native)
        return Noted(f"Before sheet {expected} the paper stopped then: {text}")


def _steps(folder: Path) -> Iterator[tuple[Entry, Spooled | None]]:
    for step in walk(folder):
        yield step.entry, _spooled(folder, step)


def _spooled(folder: Path, step: Step) -> Spooled | None:
    opened = step.standing.opened
    if isinstance(step.entry, Stored) and opened is not None:
        return Spooled(folder, opened.box, step.standing.device, step.entry)
    return None


def _images(spooled: Spooled) -> tuple[PageImage, ...]:
    """As received; an image that is gone or was changed since stays on record, and says so."""
    try:
        return spooled.sheet().images
    except StoreError as error:
        sides = spooled.entry.sides
        return tuple(PageImage(one.name, b"", one.dpi, one.page, str(error)) for one in sides)
