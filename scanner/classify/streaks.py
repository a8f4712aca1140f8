"""Long straight lines no voter draws: dirt on the scanner's glass, drawn along the page, and folds across it.

They would tie the marks of many fields into one stroke; parted from the ink they only make those
fields doubtful that they really cross.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanner.classify.ink import COARSE, Ink, InkLimits, label_strokes
from scanner.classify.raster import Gray, as_gray, grown_to, halved, inside


@dataclass(frozen=True, slots=True)
class StreakLimits:
    """Members and units as in calibration/streaks.toml."""

    down_mm: float
    across_mm: float
    thick_mm: float
    gap_mm: float


def find_streaks(ink: Ink, unit: float, limits: StreakLimits) -> Gray:
    """255 where a long straight line lies (H//4, W//4); `unit` is template px per mm."""
    cells = inside(halved(ink.mask, 2), 1, 255)
    cell = COARSE / unit  # mm
    thick, gap = round(limits.thick_mm / cell), round(limits.gap_mm / cell)
    down = _lines(cells, round(limits.down_mm / cell), thick, gap)
    across = _lines(np.ascontiguousarray(cells.T), round(limits.across_mm / cell), thick, gap)
    return np.ascontiguousarray(down | across.T)


def part_streaks(ink: Ink, streaks: Gray, unit: float, limits: InkLimits) -> Ink:
    """The same ink without the streaks; the ink itself when there are none."""
    if not streaks.any():
        return ink
    size = (streaks.shape[1] * COARSE, streaks.shape[0] * COARSE)
    mask = ink.mask.copy()
    mask[: size[1], : size[0]][grown_to(streaks, size) > 0] = 0
    labels, strokes = label_strokes(mask, ink.depth, ink.contrast, unit, limits, bridge=ink.bridge)
    return replace(ink, mask=mask, labels=labels, strokes=strokes)


def _lines(cells: Gray, length: int, thick: int, gap: int) -> Gray:
    """Vertical lines of `length` cells or more, `thick` wide at most, with gaps up to `gap`."""
    wide = cv2.dilate(cells, np.ones((gap, 3), np.uint8))  # print parts a streak: it hides ink
    long = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    blocks = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones((length, thick + 3), np.uint8))
    return as_gray(cv2.bitwise_and(long, cv2.bitwise_not(blocks)))
