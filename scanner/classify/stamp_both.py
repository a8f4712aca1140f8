"""Both readers on the stamp: good only if both say so, missing only if both say so, else a person looks.

§ 10-3 (1) a. Reader A finds ink enough of a stamp's size and darkness; reader B, which never saw A's
residual, says whether it looks like a stamp. Writing in the field is ink enough, and no stamp.
"""

from dataclasses import dataclass

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import Ink
from scanner.classify.ink_places import around, ink_in, meet
from scanner.classify.registered import Registered
from scanner.classify.stamp import StampBounds, read_stamp
from scanner.classify.stamp_eyes import (
    BESIDE,
    ELSEWHERE,
    Sight,
    StampEyeBounds,
    StampEyes,
    StampSight,
    bounds,
    places,
    shown,
)
from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class StampFinding:
    """What both readers together say of the stamp."""

    stamp: Stamp
    where: Rect | None  # mm; None where reader A saw nothing
    beside: tuple[Rect, ...] = ()  # ink in its field, beside a good stamp, that is no stamp


@dataclass(frozen=True, slots=True)
class StampReaders:
    """What the two readers need."""

    bounds: StampBounds
    eyes: StampEyes
    eye_bounds: StampEyeBounds

    @classmethod
    def shipped(cls) -> "StampReaders":
        """The shipped model and numbers. Raises ModelError if they are damaged."""
        return cls(calibration("stamp", StampBounds), StampEyes(), bounds())


def find_stamp(page: Registered, ink: Ink, field: Rect, by: StampReaders) -> StampFinding:
    """The stamp of an outside laid on its picture, its `ink` as reader A sees it, `field` in mm.

    The rest of the page is looked at only where no good stamp stands in the field.
    """
    a, where = read_stamp(ink, field, by.bounds)
    (seen,) = by.eyes.look(page.half, [field.centre])
    good = float(seen.chances[Sight.STAMP])
    if a.state is StampState.PRESENT and good > by.eye_bounds.present:
        return StampFinding(Stamp(StampState.PRESENT, good), where, _beside(seen, ink, field, by.eye_bounds))
    state = together(a.state, alone(seen, by.eye_bounds, elsewhere=_elsewhere(page, field, by)))
    return StampFinding(Stamp(state, _chance(seen, state)), where)


def alone(seen: StampSight, within: StampEyeBounds, *, elsewhere: bool) -> StampState:
    """What reader B alone makes of the outside; `elsewhere`: it sees a stamp, but not in the field."""
    if seen.none > within.absent:
        return StampState.OUTSIDE if elsewhere else StampState.ABSENT
    if seen.chances[Sight.STAMP] > within.present:
        return StampState.PRESENT
    return StampState.OUTSIDE if seen.chances.argmax() == Sight.OUTSIDE else StampState.WEAK


def together(a: StampState, b: StampState) -> StampState:
    """One state from two: what both say, else the doubt that tells a person where to look."""
    if a is b:
        return a
    return StampState.OUTSIDE if StampState.OUTSIDE in {a, b} else StampState.WEAK


def _chance(seen: StampSight, state: StampState) -> float:
    """Reader B's chance of a state."""
    if state is StampState.ABSENT:
        return seen.none
    sight = {StampState.WEAK: Sight.WEAK, StampState.OUTSIDE: Sight.OUTSIDE}.get(state, Sight.STAMP)
    return float(seen.chances[sight])


def _elsewhere(page: Registered, field: Rect, by: StampReaders) -> bool:
    """True if reader B sees a stamp anywhere on the face but in the field."""
    height, width = page.image.shape
    sights = by.eyes.look(page.half, places((width / PER_MM, height / PER_MM)))
    cells = shown(sights, (Sight.STAMP, Sight.WEAK), by.eye_bounds.elsewhere)
    return sum(not meet(one, field) for one in cells) >= ELSEWHERE


def _beside(seen: StampSight, ink: Ink, field: Rect, within: StampEyeBounds) -> tuple[Rect, ...]:
    """Other ink in the field, in one rectangle; both readers must see it there."""
    every = tuple(range(1, len(ink.strokes) + 1))
    cells = [
        one
        for one in shown([seen], (Sight.OTHER,), within.beside)
        if meet(one, field) and ink_in(one, ink, every) > 0
    ]
    if len(cells) < BESIDE:
        return ()
    whole = cells[0]
    for one in cells[1:]:
        whole = around(whole, one)
    return (whole,)
