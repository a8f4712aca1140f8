"""One stack of paper into one box: ask for a sheet, have it stored, ask for the next.

A sheet is durable before the next is asked for: power may fail at any
instant and no sheet is lost or counted twice. A half-fed sheet was never handed over.
"""

from collections.abc import Callable, Iterable, Set
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import assert_never

from scanner.ballot import Sheet
from scanner.capture.events import End, Ended, Event, Faulted, Fed, Feed, Noted, ScanSettings, Source
from scanner.capture.limits import limits

Keep = Callable[[Sheet], object]
OnFault = Callable[[Faulted], bool]
OnNote = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Known:
    """A sheet that the box holds already: fed by this device, under this name, with these very images.

    All three, or a ballot is lost: another stick may have the same folder and the same names.
    """

    device: str
    name: str
    sha256: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The three as one short word: what a worker compares, without the images."""
        return sha256(repr((self.device, self.name, self.sha256)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How the stack went."""

    box: str
    device: str
    settings: ScanSettings  # what the device agreed to
    first: int  # number of the first sheet
    sheets: int  # kept by this batch: numbers first .. first + sheets - 1
    passed_over: int  # already in the box, not kept again
    faults: tuple[Faulted, ...]
    ended: Ended | None  # None: given up at the last fault

    @property
    def complete(self) -> bool:
        """True if the source said that the stack is finished."""
        return self.ended is not None


def stop_at_fault(_: Faulted) -> bool:
    """Give up at the first fault: what a command without an operator does."""
    return False


def say_nothing(_: str) -> None:
    """Drop notes."""


def closing_words(reason: End, passed_over: int, box: str) -> tuple[str, ...]:
    """What a person should know when a stack is at its end, a line each."""
    early = ("The scanner ended its job although paper is left in the hopper.",)
    again = (f"{passed_over} sheets were in box {box} already and were not fed again.",)
    return (early if reason is End.JOB_COMPLETED else ()) + (again if passed_over else ())


def feed(
    source: Source,
    box: str,
    settings: ScanSettings,
    keep: Keep,
    on_fault: OnFault = stop_at_fault,
    *,
    first: int = 1,
    already: Iterable[Known] = (),
    on_note: OnNote = say_nothing,
) -> BatchReport:
    """Feed a whole stack into `box`, numbering from `first` without gaps.

    `keep` must not return before the sheet is durable; what it raises ends the batch and is passed
    on. `on_fault` returns True once the operator has cleared the fault and laid sheet
    `Faulted.expected` on top of the hopper, False to give up. `already`: the sheets that the box
    holds; a replayable source does not feed the same again, so that an interrupted folder can be
    started anew. `on_note` is called with each line a person should see.

    CaptureError if the source cannot start, InputError for a folder that cannot be used.
    """
    about = source.describe()
    known = frozenset(already) if about.replayable else frozenset()
    with closing(source.start(settings, first)) as paper:
        run = _Run(box, about.device, first, known, keep, on_note)
        ended = _until_the_end(paper, run, on_fault)
        return BatchReport(
            box, about.device, paper.settings, first, run.kept, run.passed_over, tuple(run.faults), ended
        )


@dataclass(slots=True)
class _Run:
    """What has happened so far."""

    box: str
    device: str
    first: int
    known: Set[Known]
    keep: Keep
    on_note: OnNote
    kept: int = 0
    passed_over: int = 0
    in_vain: int = 0  # faults since the last sheet
    faults: list[Faulted] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Number of the sheet that comes next."""
        return self.first + self.kept

    def fed(self, sheet: Fed) -> None:
        """Store one sheet, unless the box has it."""
        self.in_vain = 0
        if self.known and self._of(sheet) in self.known:
            self.passed_over += 1
            return
        for note in sheet.notes:
            self.on_note(note)
        self.keep(Sheet(self.box, self.number, sheet.images, self.device, name=sheet.name))
        self.kept += 1

    def _of(self, sheet: Fed) -> Known:
        return Known(self.device, sheet.name, tuple(one.sha256 for one in sheet.images))

    def noted(self, text: str) -> None:
        """Pass a line on."""
        self.on_note(text)

    def ended(self, reason: End) -> None:
        """Say what a person should know at the end."""
        for line in closing_words(reason, self.passed_over, self.box):
            self.noted(line)

    def faulted(self, fault: Faulted) -> bool:
        """Remember a fault; True if asking the operator once more can help."""
        self.faults.append(fault)
        self.in_vain += 1
        return fault.resumable and self.in_vain <= limits().faults_without_a_sheet


def _until_the_end(paper: Feed, run: _Run, on_fault: OnFault) -> Ended | None:
    while True:
        event: Event = paper.next_sheet(limits().sheet_s)
        match event:
            case Fed():
                run.fed(event)
            case Noted(text):
                run.noted(text)
            case Faulted():
                if not run.faulted(event) or not on_fault(event):
                    return None
                paper.resume(run.number)
            case Ended(reason):
                run.ended(reason)
                return event
            case _:
                assert_never(event)
