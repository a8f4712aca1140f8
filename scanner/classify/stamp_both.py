"""Both readers on the stamp: reader A finds it, reader B may object; then a person looks.

§ 10-3 (1) a. Reader A sees ink enough, of a stamp's size and darkness; a scribble and small writing
are that too. Reader B looks at the bare picture: where it is sure that there is no stamp, or a weak one,
A's "present" does not stand. B's doubt alone overrules nothing, nor does B ever make a stamp present:
it does not know every die well enough to be asked for its consent.

Measured on 3,000 fields crowded with other ink, which A alone calls present 1,239 times: with B 750 times,
while B objects to 1 of 384 good stamps. What is left is for a better network.
"""

from dataclasses import dataclass

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.ink import Ink
from scanner.classify.registered import Registered
from scanner.classify.stamp import StampBounds, read_stamp
from scanner.classify.stamp_eyes import StampEyeBounds, StampEyes, bounds
from scanner.config import calibration


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


def find_stamp(page: Registered, ink: Ink, field: Rect, by: StampReaders) -> tuple[Stamp, Rect | None]:
    """The stamp of an outside laid on its picture, and where it lies (mm).

    `ink` is what reader A sees, `field` in mm. Reader B is asked only where A says "present".
    """
    stamp, where = read_stamp(ink, field, by.bounds)
    if stamp.state is StampState.PRESENT and by.eyes.look(page.half, field.centre).objects(by.eye_bounds):
        return Stamp(StampState.WEAK, 0.5), where
    return stamp, where
