"""What a scanner can say: here is a sheet, something is wrong, the paper is finished.

The seam of the room: a `Source` is a device or a folder, a `Feed` is one stack of paper going
through it. The host pulls: nothing is asked for before the sheet before it is safely stored.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scanner.ballot import PageImage
from scanner.errors import CaptureError


class Fault(StrEnum):
    """Why the paper stopped. Closed set; each has one sentence of instruction."""

    HOPPER_EMPTY = "hopper_empty"
    JAM = "jam"
    DOUBLE_FEED = "double_feed"
    COVER_OPEN = "cover_open"
    MISPICK = "mispick"
    STAPLE = "staple"
    INK = "ink"
    WARMING = "warming"
    DISK_FULL = "disk_full"
    OFFLINE = "offline"
    BUSY = "busy"
    TIMEOUT = "timeout"
    SHORT_IMAGE = "short_image"
    BAD_IMAGE = "bad_image"
    CONFIG = "config"
    INTERNAL = "internal"

    @property
    def instruction(self) -> str:
        """What the operator should do, in one sentence."""
        return _INSTRUCTION[self]


_INSTRUCTION = {
    Fault.HOPPER_EMPTY: "Put paper in the hopper.",
    Fault.JAM: "Open the scanner, take out the stuck paper and close it again.",
    Fault.DOUBLE_FEED: "Two sheets went in together: take both out and separate them.",
    Fault.COVER_OPEN: "Close the scanner's cover.",
    Fault.MISPICK: "The scanner could not pick up the paper: fan the stack, straighten it and put it back.",
    Fault.STAPLE: "Take the staple or clip out of the paper.",
    Fault.INK: "The imprinter has no ink: change its cartridge, or switch imprinting off.",
    Fault.WARMING: "The scanner is warming up: wait a moment.",
    Fault.DISK_FULL: "The disk is full: make room for images; nothing is fed before that.",
    Fault.OFFLINE: "The scanner does not answer: check that it is on and that its cable is in.",
    Fault.BUSY: "The scanner is busy with something else: wait, or end the other job on its panel.",
    Fault.TIMEOUT: "The scanner took too long: look for a message on its panel.",
    Fault.SHORT_IMAGE: "Part of a sheet was not scanned: feed that sheet again.",
    Fault.BAD_IMAGE: "The scanner sent a damaged picture: feed that sheet again.",
    Fault.CONFIG: "The scanner does not do what was asked of it: check resolution, duplex and feeder.",
    Fault.INTERNAL: "The scanner reports a fault it does not name: turn it off and on again.",
}


class FeedError(CaptureError):
    """The scanner stopped. `native` is the device's own code or word."""

    def __init__(self, fault: Fault, text: str, native: str = "") -> None:
        super().__init__(text)
        self.fault, self.text, self.native = fault, text, native


class End(StrEnum):
    """Why a stack ended without a fault."""

    HOPPER_EMPTY = "hopper_empty"  # the last sheet has been fed
    JOB_COMPLETED = "job_completed"  # the scanner calls its job complete though paper is left
    CLOSED = "closed"  # we closed the feed
    PAUSED = "paused"  # we asked the feeder to stop; paper is left


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What is asked of a scanner; what it agreed to has the same shape."""

    dpi: int = 200
    colour: bool = False
    duplex: bool = True
    page_mm: tuple[float, float] | None = None  # width, height of the scanned area; None: all it can do
    bilevel: bool = False  # one bit a pixel (G4 where the device can); colour must be False
    double_feed: bool = True  # stop when two sheets go in together, where the device can tell
    imprint: str | None = None  # what is printed before the sheet's number; None: nothing is printed
    profile: str | None = None  # name of a file in `calibration/devices/`; None: found by the model's name
    options: tuple[tuple[str, str], ...] = ()  # the device's own settings, by its own names


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a source says it is and can do."""

    device: str  # names the device in the record of each sheet
    replayable: bool  # True: the same sheets can be fed again without touching paper (a folder)
    dpis: tuple[int, ...] = ()  # empty: does not apply
    colour: bool = False
    gray: bool = False
    duplex: bool = False
    max_mm: tuple[float, float] | None = None  # widest and longest paper
    model: str = ""  # maker and model, as the device says
    serial: str = ""
    imprinter: bool = False
    double_feed: bool = False  # can tell that two sheets went in together


@dataclass(frozen=True, slots=True)
class Fed:
    """One piece of paper went through. Normally two images; a source never hides fewer or more."""

    images: tuple[PageImage, ...]
    name: str  # what the source calls the sheet, unique within the source
    notes: tuple[str, ...] = ()  # one sentence for each thing that is not as it should be
    imprint: str | None = None  # what the device says it printed on the paper
    told: tuple[tuple[str, str], ...] = ()  # what else the device said of the sheet, by its own names


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing was fed, but a person should see this line (a file left out)."""

    text: str


@dataclass(frozen=True, slots=True)
class Faulted:
    """The paper stopped. A half-fed sheet is thrown away; `expected` is fed next, under that number."""

    fault: Fault
    text: str  # one sentence: what was seen
    resumable: bool  # False: this feed is over, start another
    expected: int  # number in the box of the sheet that must lie first in the hopper
    native: str = ""  # the device's own code or word for it

    @property
    def instruction(self) -> str:
        """What to do, and which sheet goes first."""
        return f"{self.fault.instruction} Sheet {self.expected} must then lie first in the hopper."


@dataclass(frozen=True, slots=True)
class Ended:
    """The stack is finished."""

    reason: End
    sheets: int  # fed by this feed
    counter: int | None = None  # sheets that went through according to the device, if it counts


Event = Fed | Noted | Faulted | Ended


class Feed(Protocol):
    """One stack of paper on its way through."""

    @property
    def settings(self) -> ScanSettings:
        """What the device agreed to."""
        ...

    def next_sheet(self, timeout: float) -> Event:
        """Feed one sheet, waiting at most `timeout` s. After a fault it stays faulted until `resume`."""
        ...

    def pause(self) -> None:
        """Stop the feeder after the sheet under way: the next event is Ended(PAUSED) until `resume`.

        Sheets that are in the paper path by then are still given, one by one, before it.
        """
        ...

    def resume(self, expected_sheet: int) -> None:
        """Go on after a fault or a pause; sheet `expected_sheet` of the box lies first in the hopper."""
        ...

    def close(self) -> None:
        """Stop and let go of the device. May be called twice."""
        ...


class Source(Protocol):
    """A scanner, or something that can stand in for one."""

    def describe(self) -> Capabilities:
        """What it is and can do; CaptureError if it cannot be reached."""
        ...

    def start(self, settings: ScanSettings, first: int = 1) -> Feed:
        """Begin a stack whose first sheet is number `first` of the box.

        CaptureError if the device cannot be reached or cannot do what is asked, InputError for
        a folder that cannot be used.
        """
        ...
