"""What state a stack of paper is in, and what is to be done next: pure, no device, no clock, no file.

    IDLE -> OPENING -> FEEDING <-> PAUSED -> ENDED | ABORTED

Whatever goes wrong ends in PAUSED, with one instruction; going on means a new worker process.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from scanner.capture.events import End, Fault


class Phase(StrEnum):
    """Closed set."""

    IDLE = "idle"
    OPENING = "opening"
    FEEDING = "feeding"
    PAUSED = "paused"  # the paper stands still; some of it may lie in the scanner
    ENDED = "ended"  # the last sheet is stored
    ABORTED = "aborted"  # closed by the operator before the last sheet


class Act(StrEnum):
    """What the supervisor does next. Closed set."""

    START = "start"  # a worker process, at sheet `State.next`
    PART = "part"  # end the worker, then read in the journal how far the batch came
    ASK = "ask"  # tell the operator what to do, and wait
    CLOSE = "close"  # write in the journal that no more will come


@dataclass(frozen=True, slots=True)
class Halt:
    """Why the paper stands still. `fault` is None when the operator asked for it."""

    fault: Fault | None
    text: str  # one sentence: what was seen
    native: str = ""
    resumable: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """Where a stack stands."""

    phase: Phase = Phase.IDLE
    first: int = 1  # number of the first sheet of this stack
    next: int = 1  # number of the sheet that is stored next
    halt: Halt | None = None  # set in PAUSED and ABORTED
    paper: bool = True  # False: files, which nobody needs to lay back
    imprint: str | None = None  # on the last stored sheet
    in_vain: int = 0  # stops since the last sheet


@dataclass(frozen=True, slots=True)
class Begin:
    """Feed; `next` is the number of the first sheet, `first` that of the first of the stack."""

    first: int
    next: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """The device is open. `paper`: it feeds paper, not files."""

    paper: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet is durable."""

    number: int
    imprint: str | None = None


@dataclass(frozen=True, slots=True)
class Halted:
    """The paper stopped, the device fell silent, or its process died."""

    halt: Halt


@dataclass(frozen=True, slots=True)
class Over:
    """The source says that the stack is at its end."""

    reason: End


@dataclass(frozen=True, slots=True)
class Found:
    """The worker is gone; this is what the journal holds, and the journal is right."""

    next: int
    imprint: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class GoOn:
    """The operator has done what was asked."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The operator wants no more of this stack."""


Happening = Begin | Agreed | Kept | Halted | Over | Found | GoOn | GiveUp
Step = tuple[State, Act | None]

_AT_WORK = (Phase.OPENING, Phase.FEEDING)
_OPEN = (*_AT_WORK, Phase.PAUSED)  # a word may come late, after the worker was ended


def step(state: State, happening: Happening, most_in_vain: int = 10) -> Step:
    """The next state, and what is to be done. What cannot happen in a state changes nothing.

    After more than `most_in_vain` stops without a sheet between them nobody is asked any more.
    """
    match happening:
        case Begin(first, number) if state.phase is Phase.IDLE:
            return replace(state, phase=Phase.OPENING, first=first, next=number), Act.START
        case Found():
            return _found(state, happening, most_in_vain)
        case Agreed() | Kept() | Halted() | Over():
            return _told(state, happening)
        case GoOn() | GiveUp() if state.phase is Phase.PAUSED:
            return _decided(state, happening)
        case Begin() | GoOn() | GiveUp():
            return state, None
        case _:
            assert_never(happening)


def _told(state: State, word: Agreed | Kept | Halted | Over) -> Step:
    """What a worker says. Words that come late, after it was ended, change nothing but the count."""
    match word:
        case Agreed(paper) if state.phase is Phase.OPENING:
            return replace(state, phase=Phase.FEEDING, paper=paper), None
        case Kept(number, imprint) if number == state.next and state.phase in _OPEN:
            return replace(state, next=number + 1, imprint=imprint, in_vain=0), None
        case Halted(halt) if state.phase in _AT_WORK:
            return _halted(state, halt), Act.PART
        case Over(reason) if state.phase in _AT_WORK:
            return _over(state, reason), Act.PART
        case _:
            return state, None


def _decided(state: State, answer: GoOn | GiveUp) -> Step:
    if isinstance(answer, GoOn):
        return replace(state, phase=Phase.OPENING, halt=None), Act.START
    if state.halt is not None and state.halt.fault is Fault.HOPPER_EMPTY:  # no paper is left: that is the end
        return replace(state, phase=Phase.ENDED, halt=None), Act.CLOSE
    return replace(state, phase=Phase.ABORTED), Act.CLOSE


def _halted(state: State, halt: Halt) -> State:
    return replace(state, phase=Phase.PAUSED, halt=halt, in_vain=state.in_vain + 1)


def _over(state: State, reason: End) -> State:
    if reason in {End.HOPPER_EMPTY, End.JOB_COMPLETED}:
        return replace(state, phase=Phase.ENDED, halt=None)
    return replace(state, phase=Phase.PAUSED, halt=Halt(None, "The feeder was stopped."))


def _found(state: State, found: Found, most_in_vain: int) -> Step:
    """The journal may hold a sheet, or the end, that the worker died before telling."""
    more = found.next > state.next
    state = replace(
        state,
        next=max(found.next, state.next),
        imprint=found.imprint if more else state.imprint,
        in_vain=min(state.in_vain, 1) if more else state.in_vain,
    )
    if state.phase is not Phase.PAUSED:
        return state, None
    if found.closed:
        return replace(state, phase=Phase.ENDED, halt=None), None
    return state, Act.ASK if state.in_vain <= most_in_vain else None


def instruction(state: State) -> str:
    """What the operator does now, in plain words; "" unless the paper stands still."""
    if state.phase is not Phase.PAUSED or state.halt is None:
        return ""
    cause = f"{state.halt.fault.instruction} " if state.halt.fault else ""
    if state.halt.fault is Fault.HOPPER_EMPTY and state.next > state.first:
        cause = "Put paper in the hopper, or close this stack if none is left. "
    if not state.paper:
        return f"{cause}It goes on with sheet {state.next}."
    return f"{cause}{_lay_back(state)} Sheet {state.next} must then lie first in the hopper."


def _lay_back(state: State) -> str:
    """Which sheets are safe, and so which are not: those fed after them."""
    stored = state.next - state.first
    if not stored:
        return "No sheet of this stack is stored: lay all that went in back in order."
    last = f"sheet {state.next - 1}" + (f", printed {state.imprint}" if state.imprint else "")
    count = "1 sheet of this stack is" if stored == 1 else f"{stored} sheets of this stack are"
    return f"{count} stored, up to {last}: lay all that went in after it back in order."
