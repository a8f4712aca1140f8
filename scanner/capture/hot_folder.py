"""A folder that a scanner or a copying program is still filling: `hot:PATH`.

It is looked at again and again; networks' file systems tell nobody of changes. A file counts when
it has come to rest and decodes to its last block, a side when its other side does so too. The
folder is finished when all that `manifest.csv` lists has come, or when a file called `END` or
`end.txt` lies there; without either it is waited on until somebody stops it. No file is ever moved
or removed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scanner.capture.arrivals import Arrivals
from scanner.capture.events import Capabilities, End, Ended, Event, Fed, Noted, ScanSettings
from scanner.capture.files import printable
from scanner.capture.limits import limits
from scanner.capture.watching import Watch
from scanner.errors import InputError


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently a folder is watched, all in seconds."""

    poll_s: float  # between two looks
    stable_s: float  # without a change before a file is tried
    overdue_s: float  # before a file that does not become whole is named to a person
    word_s: float  # before the next sheet is given up waiting for, and a line says so

    @classmethod
    def shipped(cls) -> "Pace":
        """From `calibration/capture.toml`."""
        bound = limits()
        return cls(bound.hot_poll_s, bound.hot_stable_s, bound.hot_overdue_s, bound.hot_word_s)


class HotFolderSource:
    """A folder that is still being filled."""

    def __init__(self, path: str, pace: Pace | None = None) -> None:
        self._path, self._pace = Path(path), pace or Pace.shipped()
        if not self._path.is_dir():
            raise InputError(f"The folder {printable(path)} is not there.")

    def describe(self) -> Capabilities:
        """Its name; what was fed before a stop is passed over when it is watched again."""
        return Capabilities(device=f"hot:{printable(str(self._path.absolute()))}", replayable=True)

    def start(self, settings: ScanSettings, first: int = 1) -> "HotFolderFeed":  # noqa: ARG002 - files have names
        """Begin to watch; an empty folder is waited on."""
        return HotFolderFeed(self._path, settings, self._pace)


class HotFolderFeed:
    """The sheets of a folder as they come."""

    def __init__(
        self,
        path: Path,
        settings: ScanSettings,
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path, self._settings, self._pace = path, settings, pace
        self._clock, self._sleep = clock, sleep
        self._arrivals = Arrivals(path, Watch(pace.stable_s, pace.overdue_s))
        self._fed = 0
        self._paused = self._closed = False

    @property
    def settings(self) -> ScanSettings:
        """As asked: what was scanned is already scanned."""
        return self._settings

    def next_sheet(self, timeout: float) -> Event:
        """The next whole sheet, or a line for a person; Ended when the folder is finished."""
        until = self._clock() + min(timeout, self._pace.word_s)
        while not self._paused and not self._closed:
            event = self._arrivals.next(self._clock())
            if event is not None:
                self._fed += isinstance(event, Fed)
                return event
            if self._arrivals.finished:
                return Ended(End.HOPPER_EMPTY, self._fed)
            if self._clock() + self._pace.poll_s > until:
                return Noted(f"Waiting for files in {printable(str(self._path))}.")
            self._sleep(self._pace.poll_s)
        return Ended(End.CLOSED if self._closed else End.PAUSED, self._fed)

    def pause(self) -> None:
        """Give no more until `resume`; files may go on coming."""
        self._paused = True

    def resume(self, expected_sheet: int) -> None:  # noqa: ARG002 - files have names
        """Go on where the pause began."""
        self._paused = False

    def close(self) -> None:
        """Watch no more."""
        self._closed = True
