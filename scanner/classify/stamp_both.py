"""Both readers on the stamp: only what both take for a good one is one; else a person looks.

§ 10-3 (1) a. Reader A sees ink enough, of a stamp's size and darkness; a scribble and small writing
are that too. Reader B looks at the bare picture and must agree. Where the election package holds prints
of the official stamps, the ink must lie on one of them instead: that tells more than looks.
"""

from dataclasses import dataclass

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import Ink
from scanner.classify.registered import Registered
from scanner.classify.stamp import StampBounds, read_stamp
from scanner.classify.stamp_eyes import StampEyeBounds, StampEyes, bounds
from scanner.classify.stamp_frames import FrameBounds, exact_frames
from scanner.classify.stamp_specimens import (
    Specimen,
    SpecimenBounds,
    likeness,
    open_specimens,
    specimen_bounds,
)
from scanner.config import calibration
from scanner.election import StampSpecimen
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class StampReaders:
    """What the two readers need, and the election's own stamps where they are known."""

    bounds: StampBounds
    eyes: StampEyes
    eye_bounds: StampEyeBounds
    specimens: tuple[Specimen, ...]
    specimen_bounds: SpecimenBounds
    frames: FrameBounds

    @classmethod
    def shipped(cls, stamps: tuple[StampSpecimen, ...] = ()) -> "StampReaders":
        """The shipped model and numbers, and the package's specimens. Raises ModelError if damaged."""
        return cls(
            calibration("stamp", StampBounds),
            StampEyes(),
            bounds(),
            open_specimens(stamps),
            specimen_bounds(),
            calibration("stamp_frames", FrameBounds),
        )


def find_stamp(page: Registered, ink: Ink, field: Rect, by: StampReaders) -> tuple[Stamp, Rect | None]:
    """The stamp of an outside laid on its picture, and where it lies (mm).

    `ink` is what reader A sees, `field` in mm. Reader B is asked only where A says "present".
    """
    stamp, where = read_stamp(ink, field, by.bounds)
    if stamp.state is not StampState.PRESENT or where is None or _good(page, ink, field, where, by):
        return stamp, where
    return Stamp(StampState.WEAK, 0.5), where


def _good(page: Registered, ink: Ink, field: Rect, where: Rect, by: StampReaders) -> bool:
    """True if this is one of the known stamps; where none is known, if it looks like one to reader B.

    Reader B doubts small letters in frames: it is not heard against frames that only a machine cuts, and
    where there are none it is heard sooner.
    """
    if by.specimens:
        return likeness(ink, where, by.specimens) >= by.specimen_bounds.like
    seen, weak = by.eyes.look(page.half, field.centre), by.eye_bounds.weak
    if seen.agrees(StampEyeBounds(min(by.eye_bounds.no_stamp, by.frames.bare), weak)):
        return True
    framed = StampEyeBounds(by.frames.no_stamp, weak)
    return seen.agrees(framed) and exact_frames(_inked(ink, where), by.frames)


def _inked(ink: Ink, where: Rect) -> Gray:
    """The ink in a rectangle (mm), 255."""
    x, y, w, h = (round(one * PER_MM) for one in (where.x, where.y, where.w, where.h))
    return ink.mask[max(y, 0) : y + h, max(x, 0) : x + w]
