"""What a voter means to do and with what: the plan of one ballot, before ink touches paper."""

from dataclasses import dataclass
from enum import StrEnum

from scanner.ballot import Face, Field, Rect, StampState
from scanner.simulate.marks import Hand, MarkShape, StrikeShape
from scanner.simulate.pens import Pen
from scanner.simulate.stamps import Impression


class ActKind(StrEnum):
    """Everything a simulated voter can do with a pen."""

    MARK = "mark"  # in a box
    CORRECTION = "correction"  # a mark in a box, scribbled over
    NUMBER = "number"  # a new rank in the box beside a name
    LINE = "line"  # through a candidate's name
    WRITE_IN = "write_in"  # a name, and its party, on a line of the table
    BESIDE = "beside"  # a mark beside the name, outside its box
    UNDERLINE = "underline"
    RING = "ring"
    BRACE = "brace"
    COMMENT = "comment"
    DRAWING = "drawing"
    SLIP = "slip"
    TAIL = "tail"  # of a letter, reaching into the line below
    PARTY_STRUCK = "party_struck"  # the heading struck out
    PARTY_NAMED = "party_named"  # a party's name written by hand


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done with the pen, at `aim` (mm) on a face.

    `field` is the printed place it is meant for, if any; `rank` of a NUMBER; `text` of whatever is
    written; `person` ("LIST/NR") and `party` of a WRITE_IN, person None if no list has that name;
    `disputed` where careful people would differ on whether this is a mark at all.
    """

    kind: ActKind
    face: Face
    aim: Rect
    field: Field | None = None
    rank: int | None = None
    text: str = ""
    person: str | None = None
    party: str = ""
    disputed: bool = False


class Strength(StrEnum):
    """How strongly a voter marks, as test decks tell it: from hardly to heavily."""

    MINIMAL = "minimal"  # lightly and small
    LIGHT = "light"
    NORMAL = "normal"
    BOLD = "bold"


_SMALL = 0.75  # of the usual size of a hand


@dataclass(frozen=True, slots=True)
class Voter:
    """One voter: one pen, one hand, one way of marking (styles of voters: Xiu et al. 2009)."""

    pen: Pen
    hand: Hand
    shape: MarkShape
    strike: StrikeShape
    letter_mm: float = 4.0
    habit: int = 0  # which of the ways to write each letter
    combs: bool = False  # one letter to a comb

    @property
    def strength(self) -> Strength:
        """How strongly this pen in this hand marks."""
        if self.pen.touch == "light":
            return Strength.MINIMAL if self.hand.size < _SMALL else Strength.LIGHT
        return Strength.BOLD if self.pen.touch == "heavy" else Strength.NORMAL


@dataclass(frozen=True, slots=True)
class Intention:
    """One ballot as its voter and its polling station meant it."""

    style: str  # Style.id
    voter: Voter
    acts: tuple[Act, ...] = ()
    stamp: Impression | None = None
    stamp_state: StampState = StampState.ABSENT
