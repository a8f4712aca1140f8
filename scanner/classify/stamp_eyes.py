"""Reader B of the stamp: a small network looks at the bare picture of the field and says what is stamped.

It shares nothing with reader A: it sees neither the blank form nor the residual, only the raw gray
around the stamp field at 50 dpi. It may only object: see `stamp_both`.
"""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np

from scanner.classify.eyes import Floats, Model, shipped_model
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

DPI = 50  # of the window; a capital of 2.5 mm is 5 px, a ring 1 px
WIDE, HIGH = 200, 160  # px: 101.6 × 81.3 mm, the stamp field and 21 mm around it
CELL = 8  # px: 4.06 mm; the network learns cell by cell too, what stands where
ACROSS, DOWN = WIDE // CELL, HIGH // CELL
_FINER = 2  # the page's half picture is at 100 dpi, half of `atlas.DPI`


class Sight(IntEnum):
    """What the network tells apart; the order of its outputs. A cell is never OUTSIDE."""

    NOTHING = 0  # no ink: paper, print, dirt, folds, what shines through
    STAMP = 1
    WEAK = 2  # a stamp too pale, dry or cut off to be sure of
    OUTSIDE = 3  # a good stamp of which a part that matters lies outside the field
    OTHER = 4  # ink that is no stamp: writing, scribbles, a coffee ring, a stamp's mirror image


@dataclass(frozen=True, slots=True)
class StampEyeBounds:
    """Numbers of `calibration/stamp_eyes.toml`: chances 0..1 from which reader B objects."""

    no_stamp: float  # chance that there is no stamp; a good one is objected to more seldom than the risk
    weak: float  # chance that it is a weak one; the same


@dataclass(frozen=True, slots=True, eq=False)
class StampSight:
    """What reader B saw in one window."""

    chances: Floats  # (5,), one a Sight, calibrated

    @property
    def none(self) -> float:
        """The chance that nothing here is a stamp, be there other ink or not."""
        return float(self.chances[Sight.NOTHING] + self.chances[Sight.OTHER])

    def objects(self, within: StampEyeBounds) -> bool:
        """True if this is surely no good stamp."""
        return self.none > within.no_stamp or float(self.chances[Sight.WEAK]) > within.weak


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
    few = np.sort(windows[:, 2::5, 2::5].reshape(len(windows), -1), axis=1)
    paper = np.maximum(few[:, int(few.shape[1] * 0.93)], 64).astype(np.float32)
    return np.minimum(windows / paper[:, None, None], np.float32(1.25))[:, None].astype(np.float32)


def reduced(picture: Gray) -> Gray:
    """A picture at 100 dpi (HIGH * 2, WIDE * 2) as one window."""
    return np.asarray(cv2.resize(picture, (WIDE, HIGH), interpolation=cv2.INTER_AREA), np.uint8)


def bounds() -> StampEyeBounds:
    """The shipped bounds, from `calibration/stamp_eyes.toml`."""
    return calibration("stamp_eyes", StampEyeBounds)


def _corner(middle: tuple[float, float]) -> tuple[int, int]:
    """Left and top of a window, px at DPI."""
    return round(middle[0] * DPI / INCH_MM) - WIDE // 2, round(middle[1] * DPI / INCH_MM) - HIGH // 2


def _window(half: Gray, left: int, top: int) -> Gray:
    """One window of a page; what lies off the page repeats its edge."""
    rows = np.arange(_FINER * top, _FINER * (top + HIGH)).clip(0, half.shape[0] - 1)
    columns = np.arange(_FINER * left, _FINER * (left + WIDE)).clip(0, half.shape[1] - 1)
    return reduced(half[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns])
