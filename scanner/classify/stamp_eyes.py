"""Reader B of the stamp: a small network looks at the bare picture of the field and says what is stamped.

It shares nothing with reader A: it sees neither the blank form nor the residual, only the raw gray
around the stamp field at 100 dpi. Where it does not agree a person looks: see `stamp_both`.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from scanner.classify.eyes import Floats, Model, shipped_model
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

DPI = 100  # of the window, as of the page's half picture; a capital of 2.5 mm is 10 px, a ring 2 px
WIDE, HIGH = 320, 256  # px: 81.3 × 65 mm, the stamp field and 11 mm around it
CELL = 16  # px: 4.06 mm; the network learns cell by cell too, what stands where
ACROSS, DOWN = WIDE // CELL, HIGH // CELL


class Sight(IntEnum):
    """What the network tells apart; the order of its outputs. A cell is never OUTSIDE."""

    NOTHING = 0  # no ink: paper, print, dirt, folds, what shines through
    STAMP = 1
    WEAK = 2  # a stamp too pale, dry or cut off to be sure of
    OUTSIDE = 3  # a good stamp of which a part that matters lies outside the field
    OTHER = 4  # ink that is no stamp: writing, scribbles, a coffee ring, a stamp's mirror image


@dataclass(frozen=True, slots=True)
class StampEyeBounds:
    """Numbers of `calibration/stamp_eyes.toml`: chances 0..1 up to which reader B agrees.

    A good stamp is above either more seldom than the risk.
    """

    no_stamp: float  # chance that there is no stamp
    weak: float  # chance that it is a weak one


@dataclass(frozen=True, slots=True, eq=False)
class StampSight:
    """What reader B saw in one window."""

    chances: Floats  # (5,), one a Sight, calibrated

    @property
    def none(self) -> float:
        """The chance that nothing here is a stamp, be there other ink or not."""
        return float(self.chances[Sight.NOTHING] + self.chances[Sight.OTHER])

    def agrees(self, within: StampEyeBounds) -> bool:
        """True if this looks like a good stamp, as good ones do."""
        return self.none <= within.no_stamp and float(self.chances[Sight.WEAK]) <= within.weak


class StampEyes:
    """Reader B of the stamp, opened once."""

    def __init__(self, model: Model | None = None) -> None:
        """Open the shipped model, or look through `model`. Raises ModelError if it is damaged."""
        self._model = model or shipped_model("stamp")

    def look(self, half: Gray, middle: tuple[float, float]) -> StampSight:
        """What stands around a place (mm) of a face; `half` (H, W) is the page at 100 dpi."""
        seen = self._model(levelled(_window(half, *_corner(middle))[None]))
        return StampSight(seen[0, :, 0])


def levelled(windows: Gray) -> Floats:
    """Windows uint8 (n, HIGH, WIDE) as the network takes them: (n, 1, HIGH, WIDE), paper about 1.

    The paper level is the thirtieth lightest hundredth of a sparse sample; print and pattern are darker.
    """
    few = np.sort(windows[:, 4::10, 4::10].reshape(len(windows), -1), axis=1)
    paper = np.maximum(few[:, int(few.shape[1] * 0.93)], 64).astype(np.float32)
    return np.minimum(windows / paper[:, None, None], np.float32(1.25))[:, None].astype(np.float32)


def bounds() -> StampEyeBounds:
    """The shipped bounds, from `calibration/stamp_eyes.toml`."""
    return calibration("stamp_eyes", StampEyeBounds)


def _corner(middle: tuple[float, float]) -> tuple[int, int]:
    """Left and top of a window, px at DPI."""
    return round(middle[0] * DPI / INCH_MM) - WIDE // 2, round(middle[1] * DPI / INCH_MM) - HIGH // 2


def _window(half: Gray, left: int, top: int) -> Gray:
    """One window of a page; what lies off the page repeats its edge."""
    rows = np.arange(top, top + HIGH).clip(0, half.shape[0] - 1)
    columns = np.arange(left, left + WIDE).clip(0, half.shape[1] - 1)
    return np.asarray(half[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns], np.uint8)
