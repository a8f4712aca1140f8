"""Dirt on the scanner's glass: it draws a thin line along the feed, at one place, on sheet after sheet.

A line on one sheet may be the voter's, or a fold; on three of eight sheets, at one place, it is
dirt. Then the operator is told to clean the glass and where.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from scanner.capture.view import view
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class GlassLimits:
    """Numbers of `calibration/glass.toml`."""

    rows_mm: float
    beside_mm: float
    levels: float
    paper_level: float
    share: float
    bare_share: float
    end_mm: float
    edge_mm: float
    rim_mm: float
    fold_mm: float
    same_mm: float
    sheets: int
    least: int
    quiet_sheets: int
    speck_levels: float


@cache
def glass_limits() -> GlassLimits:
    """The shipped numbers; ModelError if the file is damaged."""
    return calibration("glass", GlassLimits)


def streaks(gray: Gray, dpi: float, folds_mm: tuple[float, ...] = ()) -> tuple[float, ...]:
    """Places of thin dark lines from edge to edge of the paper along the feed: mm from the picture's left.

    The feed runs from top to bottom. `folds_mm`: where ballots are folded, mm from either end of
    the paper; lines there are folds. A side takes about a millisecond.
    """
    limits, k = glass_limits(), dpi / INCH_MM
    seen = view(gray, dpi)
    by = k / seen.unit
    left, right, top, bottom = (int(one * by) for one in (seen.left, seen.right, seen.top, seen.bottom))
    rows = gray[top : bottom : max(1, round(limits.rows_mm * k))]
    part = np.ascontiguousarray(rows[:, left:right])
    if part.shape[0] < 20 or part.shape[1] < 4 * limits.edge_mm * k:
        return ()
    near = np.asarray(cv2.blur(part, (2 * round(limits.beside_mm * k / 2) + 1, 1)), np.uint8)
    bare = near > limits.paper_level * np.percentile(near[::3, ::8], 90)
    drawn = np.asarray(cv2.subtract(near, part) > limits.levels) & bare
    found = _from_end_to_end(drawn, bare, round(limits.end_mm / limits.rows_mm), limits)
    edge = limits.rim_mm if seen.size_mm is None else limits.edge_mm
    inside = left / k, right / k
    middles = [(one + left) / k for one in _middles(found)]
    return tuple(one for one in middles if _is_dirt(one, inside, edge, folds_mm))


def _from_end_to_end(
    drawn: Flags,
    bare: Flags,
    end: int,
    limits: GlassLimits,
) -> Flags:
    """True for columns drawn along most of their bare paper, and at both ends of it."""
    height = len(drawn)
    rows = bare.sum(axis=0)
    along = drawn.sum(axis=0) >= limits.share * np.maximum(rows, 1)
    enough = rows >= limits.bare_share * height
    ends = [drawn[part].any(axis=0) for part in (slice(0, end), slice(height - end, height))]
    return np.asarray(along & enough & ends[0] & ends[1])


def _middles(found: Flags) -> list[float]:
    """The middle of each run of columns, px."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], found, [False]]).astype(np.int8)))
    return [float(a + b) / 2 for a, b in zip(steps[::2], steps[1::2], strict=True)]


def _is_dirt(at: float, paper: tuple[float, float], edge: float, folds: tuple[float, ...]) -> bool:
    """False near the paper's edge and where a fold may lie, whichever way the sheet went in."""
    left, right = at - paper[0], paper[1] - at
    away = glass_limits().fold_mm
    folded = any(min(abs(left - one), abs(right - one)) <= away for one in folds)
    return min(left, right) > edge and not folded


@dataclass(slots=True)
class GlassWatch:
    """Looks at one side of the scanner, `side` in words ("front"), as sheet after sheet goes by."""

    side: str
    _recent: deque[tuple[float, ...]] = field(default_factory=lambda: deque(maxlen=glass_limits().sheets))
    _told: dict[float, int] = field(default_factory=dict)  # place told -> when
    _count: int = 0

    def see(self, places: tuple[float, ...]) -> tuple[str, ...]:
        """Add the streaks of the next sheet; a sentence for each that now looks like dirt."""
        self._recent.append(places)
        self._count += 1
        return tuple(self._tell(one) for one in places if self._again(one) and not self._known(one))

    def _again(self, place: float) -> bool:
        limits = glass_limits()
        with_it = [one for one in self._recent if any(abs(x - place) <= limits.same_mm for x in one)]
        return len(with_it) >= limits.least

    def _known(self, place: float) -> bool:
        limits = glass_limits()
        return any(
            abs(one - place) <= 2 * limits.same_mm and self._count - when < limits.quiet_sheets
            for one, when in self._told.items()
        )

    def _tell(self, place: float) -> str:
        self._told[place] = self._count
        return (
            f"There is dirt on the glass of the {self.side}, {place:.0f} mm from the left of the picture: "
            "clean it before the next stack."
        )
