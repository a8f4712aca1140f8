"""Which box a sheet belongs to: label sheets open and close boxes, and anything odd stops the stack.

Pure: what was seen on a sheet goes in, what to do with the sheet comes out. A sheet is a ballot of
the open box, or the label that opens or closes one, or a reason to stop; never two, never none.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from scanner.box_label import BoxLabel, LabelKind, label_of
from scanner.capture.labels import NoLabel, Seen, Sighting, Unsure
from scanner.election import Election


class LabelTrouble(StrEnum):
    """Why the stack stopped at a label, or for want of one. Closed set; each has an instruction."""

    LABEL_UNSURE = "label_unsure"
    OTHER_ELECTION = "other_election"
    NO_START_LABEL = "no_start_label"
    NO_END_LABEL = "no_end_label"
    WRONG_END_LABEL = "wrong_end_label"
    WRONG_BOX = "wrong_box"
    LABEL_IN_MIDDLE = "label_in_middle"
    BOX_TWICE = "box_twice"

    @property
    def instruction(self) -> str:
        """What the operator should do, in one sentence."""
        return _INSTRUCTION[self]


_INSTRUCTION = {
    LabelTrouble.LABEL_UNSURE: "Look at that sheet: flatten or print the label again, take apart what stuck "
    "to it, and feed it again.",
    LabelTrouble.OTHER_ELECTION: "Take that label out, and find out whose ballots these are before feeding.",
    LabelTrouble.NO_START_LABEL: "Find the box these sheets belong to, lay its start label on top and feed "
    "again from that sheet.",
    LabelTrouble.NO_END_LABEL: "Find the rest of the box and its end label and feed them first; if the label "
    "is lost, say so with valgskanner boxes explain.",
    LabelTrouble.WRONG_END_LABEL: "Find out which box these sheets belong to: take them out, with the sheets "
    "since the last start label, and ask the person in charge.",
    LabelTrouble.WRONG_BOX: "Put that box aside and feed the box that was asked for.",
    LabelTrouble.LABEL_IN_MIDDLE: "Take that label out of the stack, make sure that all sheets belong to one "
    "box, and feed on from the sheet after it.",
    LabelTrouble.BOX_TWICE: "Put that box aside: it is counted already, unless two boxes bear one label.",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheet is a start label: its box is open."""

    label: BoxLabel
    digits: str
    again: bool = False  # the box was begun before, and the operator asked to go on with it


@dataclass(frozen=True, slots=True)
class Ballot:
    """The sheet belongs to the open box."""

    label: BoxLabel  # the start label of its box


@dataclass(frozen=True, slots=True)
class Closed:
    """The sheet is the end label of the open box."""

    label: BoxLabel
    digits: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The sheet is not taken: it goes back on the hopper once a person has looked."""

    trouble: LabelTrouble
    text: str  # one sentence: what was seen

    @property
    def instruction(self) -> str:
        """What was seen and what to do."""
        return f"{self.text} {self.trouble.instruction}"


Step = Opened | Ballot | Closed | Stop


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a stack stands between two sheets.

    `begun` are boxes that have a start label on record, `done` those that are closed or explained;
    `asked` is the only box that may come, None for any.
    """

    election: Election
    fingerprint: str
    open: BoxLabel | None = None  # the start label of the open box
    begun: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    asked: str | None = None

    def take(self, seen: Sighting) -> tuple["Desk", Step]:
        """What the next sheet is, and where the stack stands after it; after a stop, where it stood."""
        match seen:
            case NoLabel():
                return self, self._ballot()
            case Unsure(text):
                return self, Stop(LabelTrouble.LABEL_UNSURE, text)
            case Seen():
                return self._label(seen)
            case _:
                assert_never(seen)

    def finish(self) -> Stop | None:
        """What is wrong when the paper is finished: a box that was not closed."""
        if self.open is None:
            return None
        return Stop(
            LabelTrouble.NO_END_LABEL,
            f"The paper is finished, but the end label of box {self.open.box.id} did not come.",
        )

    def _ballot(self) -> Step:
        if self.open is None:
            return Stop(LabelTrouble.NO_START_LABEL, "A sheet came before any start label.")
        return Ballot(self.open)

    def _label(self, seen: Seen) -> tuple["Desk", Step]:
        label = label_of(seen.says, self.election, self.fingerprint)
        if label is None:
            text = "This label was printed for another election, or for another version of its package."
            return self, Stop(LabelTrouble.OTHER_ELECTION, text)
        if label.kind is LabelKind.START:
            return self._start(label, seen.digits)
        return self._end(label, seen.digits)

    def _start(self, label: BoxLabel, digits: str) -> tuple["Desk", Step]:
        box = label.box.id
        stop = self._refused(label)
        if stop is not None:
            return self, stop
        after = replace(self, open=label, begun=self.begun | {box})
        return after, Opened(label, digits, again=box in self.begun)

    def _refused(self, label: BoxLabel) -> Stop | None:
        """Why a start label cannot open its box now; None if it can."""
        box = label.box.id
        if self.open is not None and self.open.box.id == box:
            return Stop(LabelTrouble.LABEL_IN_MIDDLE, f"Box {box} is open, and its start label came again.")
        if self.open is not None:
            text = f"The start label of box {box} came before the end label of box {self.open.box.id}."
            return Stop(LabelTrouble.NO_END_LABEL, text)
        if self.asked not in {None, box}:
            return Stop(LabelTrouble.WRONG_BOX, f"Box {self.asked} was asked for, and box {box} came.")
        if box in self.done:
            return Stop(LabelTrouble.BOX_TWICE, f"Box {box} is scanned already.")
        if box in self.begun and self.asked is None:
            text = (
                f"Box {box} was begun before and not closed; feed its rest without labels, with --box {box}."
            )
            return Stop(LabelTrouble.BOX_TWICE, text)
        return None

    def _end(self, label: BoxLabel, digits: str) -> tuple["Desk", Step]:
        box = label.box.id
        if self.open is None:
            text = f"The end label of box {box} came, but no box is open."
            return self, Stop(LabelTrouble.NO_START_LABEL, text)
        if (self.open.box.id, self.open.of) != (box, label.of):
            text = f"The end label of box {_named(label)} came in box {_named(self.open)}."
            return self, Stop(LabelTrouble.WRONG_END_LABEL, text)
        return replace(self, open=None, done=self.done | {box}), Closed(label, digits)


def _named(label: BoxLabel) -> str:
    return f"{label.box.id} ({label.number} of {label.of})"
