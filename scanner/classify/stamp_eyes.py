"""Reader B of the stamp: a small network looks at the bare picture of the outside and says what is stamped.

It shares nothing with reader A: it sees neither the blank form nor the residual, only the raw gray
around the stamp field at 50 dpi. It answers for the window as a whole and for each cell of 4 mm, so
that it can say where a stamp lies, and which ink beside it is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.classify.eyes import Floats, Model, shipped_model
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

DPI = 50  # of the window; a capital of 2.5 mm is 5 px, a ring 1 px
WIDE, HIGH = 200, 160  # px: 101.6 × 81.3 mm, the stamp field and 21 mm around it
CELL = 8  # px: 4.06 mm
ACROSS, DOWN = WIDE // CELL, HIGH // CELL
ELSEWHERE, BESIDE = 6, 3  # so many cells make a stamp elsewhere (100 mm²), or a comment beside one
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
    """Numbers of `calibration/stamp_eyes.toml`: chances 0..1 from which an answer is sure."""

    present_not_missing: float  # no stamp at all is called present more seldom than the stated risk
    present_not_weak: float  # ... a weak one
    present_not_outside: float  # ... one beside its field
    absent: float  # a good stamp is called absent more seldom
    elsewhere: float  # cells of a page without a stamp are called one more seldom
    beside: float  # cells beside a stamp that stands alone are called other ink more seldom

    @property
    def present(self) -> float:
        """The chance of STAMP above which it is surely a good one in its field."""
        return max(self.present_not_missing, self.present_not_weak, self.present_not_outside)


@dataclass(frozen=True, slots=True, eq=False)
class StampSight:
    """What reader B saw in one window."""

    chances: Floats  # (5,) of the window as a whole, calibrated
    cells: Floats  # (5, DOWN, ACROSS)
    left_mm: float  # of the window on the face
    top_mm: float

    @property
    def none(self) -> float:
        """The chance that nothing here is a stamp, be there other ink or not."""
        return float(self.chances[Sight.NOTHING] + self.chances[Sight.OTHER])

    def cell_mm(self, row: int, column: int) -> Rect:
        """One cell on the face."""
        side = CELL * INCH_MM / DPI
        return Rect(self.left_mm + column * side, self.top_mm + row * side, side, side)


class StampEyes:
    """Reader B of the stamp, opened once."""

    def __init__(self, model: Model | None = None) -> None:
        """Open the shipped model, or look through `model`. Raises ModelError if it is damaged."""
        self._model = model or shipped_model("stamp")

    def look(self, half: Gray, middles: Iterable[tuple[float, float]]) -> tuple[StampSight, ...]:
        """What stands around each of some places (mm) of a face; `half` (H, W) is the page at 100 dpi."""
        corners = [_corner(at) for at in middles]
        if not corners:
            return ()
        seen = self._model(levelled(np.stack([_window(half, *one) for one in corners])))
        scale = INCH_MM / DPI
        return tuple(
            StampSight(one[:, 0], one[:, 1:].reshape(len(Sight), DOWN, ACROSS), x * scale, y * scale)
            for one, (x, y) in zip(seen, corners, strict=True)
        )


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


def places(page_mm: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Middles (mm) of windows that together show a whole face."""
    xs, ys = (_spread(side, px * INCH_MM / DPI) for side, px in zip(page_mm, (WIDE, HIGH), strict=True))
    return tuple((x, y) for y in ys for x in xs)


def shown(sights: Iterable[StampSight], what: tuple[Sight, ...], bound: float) -> tuple[Rect, ...]:
    """The cells (mm) of windows whose chance of being one of `what` is above the bound."""
    return tuple(
        sight.cell_mm(int(row), int(column))
        for sight in sights
        for row, column in np.argwhere(sight.cells[list(what)].sum(axis=0) > bound)
    )


def bounds() -> StampEyeBounds:
    """The shipped bounds, from `calibration/stamp_eyes.toml`."""
    return calibration("stamp_eyes", StampEyeBounds)


def _spread(side: float, window: float) -> list[float]:
    count = max(1, int(np.ceil(side / window)))
    if count == 1:
        return [side / 2]
    return [float(one) for one in np.linspace(window / 2, side - window / 2, count)]


def _corner(middle: tuple[float, float]) -> tuple[int, int]:
    """Left and top of a window, px at DPI."""
    return round(middle[0] * DPI / INCH_MM) - WIDE // 2, round(middle[1] * DPI / INCH_MM) - HIGH // 2


def _window(half: Gray, left: int, top: int) -> Gray:
    """One window of a page; what lies off the page repeats its edge."""
    rows = np.arange(_FINER * top, _FINER * (top + HIGH)).clip(0, half.shape[0] - 1)
    columns = np.arange(_FINER * left, _FINER * (left + WIDE)).clip(0, half.shape[1] - 1)
    return reduced(half[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns])
