"""Both readers on the stamp: only what both take for a good one is one; else a person looks.

§ 10-3 (1) a. Reader A sees ink enough, of a stamp's size and darkness; a scribble and small writing
are that too. Reader B looks at the bare picture and must agree. Where the election package holds prints
of the official stamps, the ink must lie on one of them instead: that tells more than looks.
"""

from dataclasses import dataclass

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.ink import Ink
from scanner.classify.registered import Registered
from scanner.classify.stamp import StampBounds, read_stamp
from scanner.classify.stamp_eyes import StampEyeBounds, StampEyes, bounds
from scanner.classify.stamp_specimens import (
    Specimen,
    SpecimenBounds,
    likeness,
    open_specimens,
    specimen_bounds,
)
from scanner.config import calibration
from scanner.election import StampSpecimen


@dataclass(frozen=True, slots=True)
class StampReaders:
    """What the two readers need, and the election's own stamps where they are known."""

    bounds: StampBounds
    eyes: StampEyes
    eye_bounds: StampEyeBounds
    specimens: tuple[Specimen, ...]
    specimen_bounds: SpecimenBounds

    @classmethod
    def shipped(cls, stamps: tuple[StampSpecimen, ...] = ()) -> "StampReaders":
        """The shipped model and numbers, and the package's specimens. Raises ModelError if damaged."""
        return cls(
            calibration("stamp", StampBounds),
            StampEyes(),
            bounds(),
            open_specimens(stamps),
            specimen_bounds(),
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
    """True if this is one of the known stamps; where none is known, if it looks like one to reader B."""
    if by.specimens:
        return likeness(ink, where, by.specimens) >= by.specimen_bounds.like
    return by.eyes.look(page.half, field.centre).agrees(by.eye_bounds)
