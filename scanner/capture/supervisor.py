"""Feeds one stack of paper into one box, whatever the scanner does.

A worker process owns the device; this side watches it, brings sheets from the spool to the count
as they become durable, and tells the operator one thing to do when the paper stops. What the
spool holds from a scan that was cut off is brought over first, then feeding goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from scanner.capture.batch import BatchReport, Known, closing_words
from scanner.capture.batch_state import (
    Act,
    Agreed,
    Begin,
    Found,
    GiveUp,
    GoOn,
    Halt,
    Halted,
    Happening,
    Kept,
    Over,
    Phase,
    State,
    instruction,
    step,
)
from scanner.capture.child import Child, Gone, Hand, Silent
from scanner.capture.events import End, Ended, Fault, Faulted, ScanSettings
from scanner.capture.held import held
from scanner.capture.intake import Intake, Keep, Note
from scanner.capture.journal import Closed, Entry, Paused, Stopped, Stored
from scanner.capture.limits import limits
from scanner.capture.patience import Patience, patience
from scanner.capture.spool import Spooled, batches, lock_of, next_batch
from scanner.capture.standing import standing_of
from scanner.capture.talk import Failed, Finished, Go, Order, Pause, Ready, Remark
from scanner.durable import new_folder
from scanner.errors import (
    AuditError,
    CaptureError,
    ExitCode,
    InputError,
    ModelError,
    StoreError,
    UsageError,
    ValgskannerError,
)

_ERRORS: dict[ExitCode, type[ValgskannerError]] = {
    one.exit_code: one for one in (UsageError, InputError, CaptureError, ModelError, AuditError, StoreError)
}


class Answer(StrEnum):
    """What an operator may say when the paper stands still. Closed set."""

    GO_ON = "go_on"  # done as told, feed
    LEAVE = "leave"  # stop here; the same scan later goes on
    CLOSE = "close"  # no more of this stack will come


@dataclass(frozen=True, slots=True)
class Job:
    """A stack to feed."""

    spool: Path  # root of the spool, where the batch gets its folder
    box: str
    spec: str  # of the source
    settings: ScanSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes the sheets, and who stands at the scanner.

    `keep` must not return before the sheets are durable in the count, and takes one it has
    already; it may say False to stop the feeder there. What it raises ends the scan and is passed on.
    """

    keep: Keep
    ask: Callable[[Halt, str], Answer]  # what was seen, and what to do
    note: Note


def supervise(
    job: Job,
    counted: Iterable[tuple[int, Known]],
    desk: Desk,
    bounds: Patience | None = None,
    start: Callable[[Order], Hand] = Child,
) -> BatchReport:
    """Feed the stack; `counted`: number and name of each sheet of this box that the count has.

    `start` sets somebody to work on an order: a process of its own, unless a test knows better.

    CaptureError if the source cannot start or another process feeds the box, InputError and
    UsageError as the source raises them, AuditError if the spool's journal was changed,
    StoreError if an image in the spool was.
    """
    bounds = bounds or patience()
    new_folder(job.spool)
    with held(lock_of(job.spool, job.box), bounds.parting_s, f"Box {job.box}"):
        intake = Intake(job.box, dict(counted), desk.keep, desk.note, bounds.parting_s)
        return _Supervisor(job, intake, desk, bounds, start).run()


class _Supervisor:
    """One scan: as many workers, one after the other, as the paper stops."""

    def __init__(
        self, job: Job, intake: Intake, desk: Desk, bounds: Patience, start: Callable[[Order], Hand]
    ) -> None:
        self._job, self._intake, self._desk, self._bounds = job, intake, desk, bounds
        self._begin = start
        self._child: Hand | None = None
        self._state = State()
        self._ready = Ready("", False, job.settings)  # noqa: FBT003 - nothing is open yet
        self._ended: Ended | None = None
        self._faults: list[Faulted] = []
        self._passed_over = 0
        self._folder = job.spool
        self._first = self._fresh = 1  # number of the first sheet of this scan, of this worker

    def run(self) -> BatchReport:
        """Until the stack is finished, left or closed."""
        self._catch_up()
        self._folder, began = self._batch()
        first = self._first = self._intake.next
        try:
            self._drive(Begin(began, first))
        finally:
            self._part()
        if self._ended is not None:
            self._intake.finish()
            for line in closing_words(self._ended.reason, self._passed_over, self._job.box):
                self._desk.note(line)
        about, kept = self._ready, self._intake.next - first
        faults = tuple(self._faults)
        return BatchReport(
            self._job.box, about.device, about.obtained, first, kept, self._passed_over, faults, self._ended
        )

    def _catch_up(self) -> None:
        """What an earlier scan left in the spool comes first."""
        before = self._intake.next
        for folder in batches(self._job.spool, self._job.box):
            self._intake.bring_over(folder, self._bounds.sheets_ahead)
        if count := self._intake.next - before:
            self._desk.note(
                f"{count} sheets that an interrupted scan had left in the spool are in the store now."
            )

    def _batch(self) -> tuple[Path, int]:
        """The batch that was cut off, if it can go on, else a new one; and its first number."""
        for folder in batches(self._job.spool, self._job.box)[-1:]:
            standing = standing_of(folder)
            if standing.opened is None:
                return folder, self._intake.next
            same = (standing.opened.spec, standing.opened.asked) == (self._job.spec, self._job.settings)
            if standing.closed is None and same and standing.next == self._intake.next:
                return folder, standing.opened.first
            if standing.closed is None:  # the box goes on from another scanner or with other settings
                self._intake.write(folder, Closed(End.CLOSED, standing.sheets, None))
        return next_batch(self._job.spool, self._job.box), self._intake.next

    def _drive(self, happening: Happening | None) -> None:
        """From state to state, doing what each step asks for, until nothing more can happen."""
        while happening is not None:
            self._state, act = step(self._state, happening, limits().faults_without_a_sheet)
            happening = self._done(act)

    def _done(self, act: Act | None) -> Happening | None:
        """Do what was asked for; what happens then, None if nothing more can."""
        match act:
            case Act.START:
                self._start()
                return self._hear()
            case Act.PART:
                self._part()
                return self._found()
            case Act.ASK:
                return self._ask()
            case Act.CLOSE:
                self._close()
                return None
            case None:
                return self._hear() if self._child else None
            case _:
                assert_never(act)

    def _close(self) -> None:
        """No more comes, says the operator. With an empty hopper that is the end of the stack."""
        over = self._state.phase is Phase.ENDED
        closed = Closed(End.HOPPER_EMPTY if over else End.CLOSED, self._state.next - self._state.first, None)
        self._intake.write(self._folder, closed)
        if over:
            self._ended = Ended(closed.reason, closed.sheets)

    def _start(self) -> None:
        """A new process for the device: whatever the last one left in a driver is gone with it."""
        job, bounds, number = self._job, self._bounds, self._intake.next
        self._fresh = number
        order = Order(
            spec=job.spec,
            box=job.box,
            folder=str(self._folder.absolute()),
            first=number,
            to=number + bounds.sheets_ahead - 1,
            settings=job.settings,
            sheet_s=limits().sheet_s,
            parting_s=bounds.parting_s,
            reserve_sheets=bounds.reserve_sheets,
            known=self._intake.marks(),
        )
        self._child = self._begin(order)

    def _part(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        for remark in child.part(self._bounds.parting_s) if child else ():
            self._desk.note(remark)

    def _found(self) -> Found:
        """How far the batch came, by its journal: it knows what the process died before telling."""
        standing = self._intake.bring_over(self._folder, self._bounds.sheets_ahead)
        halt = self._state.halt
        if standing.opened and not standing.closed and standing.stop is None and halt is not None:
            words: Entry = Paused(halt.text, standing.next)
            if halt.fault is not None:
                words = Stopped(halt.fault, halt.text, halt.native, standing.next, halt.resumable)
            self._intake.write(self._folder, words)
        if standing.closed is not None:
            self._ended = self._ended or Ended(
                standing.closed.reason, standing.sheets, standing.closed.counter
            )
        imprint = standing.last.imprint if standing.last else None
        return Found(self._intake.next, imprint, standing.closed is not None)

    def _ask(self) -> GoOn | GiveUp | None:
        """The operator's answer; None: leave it here, a later scan goes on."""
        halt = self._state.halt
        answer = self._desk.ask(halt, instruction(self._state)) if halt else Answer.LEAVE
        match answer:
            case Answer.GO_ON:
                return GoOn()
            case Answer.CLOSE:
                return GiveUp()
            case Answer.LEAVE:
                return None
            case _:
                assert_never(answer)

    def _hear(self) -> Happening:
        """The next thing that happens; remarks are passed on meanwhile."""
        opening = self._state.phase is Phase.OPENING
        wait_s = self._bounds.opening_s if opening else self._bounds.silence_s
        while self._child is not None:
            match self._child.hear(wait_s):
                case Remark(text):
                    self._desk.note(text)
                case Silent():
                    silence = f"The scanner has said nothing for {wait_s:g} s."
                    return self._halted(Halt(Fault.TIMEOUT, silence))
                case Gone(code):
                    how = f"signal {-code}" if code < 0 else f"exit code {code}"
                    death = f"The process that drives the scanner ended by itself ({how})."
                    return self._halted(Halt(Fault.INTERNAL, death))
                case word:
                    return self._told(word)
        raise CaptureError("The scanner stopped: no process drives it.")

    def _told(self, word: Ready | Stored | Stopped | Finished | Failed) -> Happening:
        match word:
            case Ready(replayable=replayable):
                self._ready = word
                return Agreed(paper=not replayable)
            case Stored(number=number, imprint=imprint):
                self._take(word)
                return Kept(number, imprint)
            case Stopped(fault, text, native, _, resumable):
                return self._halted(Halt(fault, text, native, resumable))
            case Finished(reason, sheets, counter, passed_over):
                self._passed_over = max(0, passed_over - (self._fresh - self._first))
                if reason in {End.HOPPER_EMPTY, End.JOB_COMPLETED}:
                    self._ended = Ended(reason, sheets, counter)
                if counter is not None and counter != sheets:
                    self._desk.note(f"The scanner counted {counter} sheets, {sheets} came: look in its path.")
                return Over(reason)
            case Failed(code, text, fault):
                if code is not ExitCode.CAPTURE or not self._ready.device:
                    raise _ERRORS.get(code, CaptureError)(text)
                return self._halted(Halt(fault or Fault.OFFLINE, text))
            case _:
                assert_never(word)

    def _take(self, stored: Stored) -> None:
        """Bring a sheet over, with all that are durable by now; then the worker may go on."""
        self._intake.add(Spooled(self._folder, self._job.box, self._ready.device, stored))
        ahead = self._bounds.sheets_ahead
        if self._child and (self._child.quiet or 2 * self._intake.waiting >= ahead):
            go_on = self._intake.keep()
            self._child.tell(Go(stored.number + ahead) if go_on else Pause())

    def _halted(self, halt: Halt) -> Halted:
        if halt.fault is not None:
            number = self._state.next
            self._faults.append(Faulted(halt.fault, halt.text, halt.resumable, number, halt.native))
        return Halted(halt)
