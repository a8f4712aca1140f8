"""Long straight lines no voter draws: dirt on the scanner's glass, drawn along the page, and folds across it.

They would tie the marks of many fields into one stroke; parted from the ink they only make those
fields doubtful that they really cross.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanner.classify.ink import COARSE, Ink, InkLimits, label_strokes
from scanner.classify.raster import as_gray, darkest, grown_to, halved, inside, lightest
from scanner.pixels import Gray


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


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """When ink is dirt along the feed; members and units as in calibration/feed_streaks.toml."""

    band_mm: float
    apart_mm: float
    share: float
    least_mm: float
    end_mm: float
    end_share: float


def feed_streaks(ink: Ink, tilt: float, unit: float, limits: FeedLimits) -> Gray:
    """255 where dirt on the glass drew along the scanner's rows or columns (H//4, W//4).

    `tilt` (radians, -pi/4..pi/4) is how the page lay in the scanner. Dirt draws from edge to edge and
    exactly along the feed; print hides part of it, so only what can be seen is asked: a band belongs
    to a streak if most of its visible cells hold thin ink, and some of the first and last of them. A
    line that begins or ends on the paper was drawn by somebody, however straight and however long.
    """
    cells, hidden = inside(halved(ink.mask, 2), 1, 255), ink.bridge[: ink.labels.shape[0]]
    cell = COARSE / unit  # mm
    if cv2.countNonZero(cells) * cell < limits.least_mm:
        return np.zeros_like(cells)
    turned, blind = _turned(cells, tilt), _turned(hidden, tilt, beyond=255)
    rows = _bands(turned, blind, cell, limits)
    columns = _bands(np.ascontiguousarray(turned.T), np.ascontiguousarray(blind.T), cell, limits).T
    return as_gray(cv2.bitwise_and(_turned(as_gray(rows | columns), -tilt), cells))


def _turned(cells: Gray, tilt: float, beyond: int = 0) -> Gray:
    """The page turned about its middle by `tilt`; what comes in from beside it is `beyond`."""
    height, width = cells.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -float(np.degrees(tilt)), 1.0)
    return as_gray(
        cv2.warpAffine(cells, matrix, (width, height), flags=cv2.INTER_NEAREST, borderValue=[beyond])
    )


def _bands(cells: Gray, blind: Gray, cell: float, limits: FeedLimits) -> Gray:
    """255 in the rows in which thin ink runs along most of what can be seen."""
    apart, band = max(1, round(limits.apart_mm / cell)), 2 * round(limits.band_mm / cell / 2) + 1
    above = np.zeros_like(cells)
    above[apart:] = cells[:-apart]
    below = np.zeros_like(cells)
    below[:-apart] = cells[apart:]
    thin = cv2.bitwise_and(cells, cv2.bitwise_not(cv2.bitwise_or(above, below)))
    tall = np.ones((band, 1), np.uint8)
    inked, visible = cv2.dilate(thin, tall) > 0, cv2.erode(blind, tall) == 0
    along = inked.sum(axis=1)
    streaked = (along >= limits.share * visible.sum(axis=1)) & (along * cell >= limits.least_mm)
    out, end = np.zeros_like(cells), max(1, round(limits.end_mm / cell))
    for row in np.flatnonzero(streaked):
        seen = inked[row][visible[row]]
        if seen.size and min(seen[:end].mean(), seen[-end:].mean()) >= limits.end_share:
            out[row] = 255
    return as_gray(cv2.dilate(out, tall))


def part_streaks(ink: Ink, streaks: Gray, unit: float, limits: InkLimits) -> Ink:
    """The same ink without the streaks; the ink itself when there are none."""
    if not streaks.any():
        return ink
    size = (streaks.shape[1] * COARSE, streaks.shape[0] * COARSE)
    mask, depth, dirty = ink.mask.copy(), ink.depth.copy(), grown_to(streaks, size) > 0
    mask[: size[1], : size[0]][dirty] = 0
    depth[: size[1], : size[0]][dirty] = 0
    labels, strokes = label_strokes(mask, depth, ink.contrast, unit, limits, bridge=ink.bridge)
    return replace(ink, mask=mask, depth=depth, labels=labels, strokes=strokes)


def _lines(cells: Gray, length: int, thick: int, gap: int) -> Gray:
    """Vertical lines of `length` cells or more, `thick` wide at most, with gaps up to `gap`."""
    wide = lightest(cells, np.ones((gap, 3), np.uint8))  # print parts a streak: it hides ink
    long = _opened(wide, length, 1)
    blocks = _opened(long, length, thick + 3)
    return as_gray(cv2.bitwise_and(long, cv2.bitwise_not(blocks)))


def _opened(cells: Gray, height: int, width: int) -> Gray:
    """What a kernel of this size fits into; cv2's own opening moves it by a cell where a side is even."""
    kernel = np.ones((height, width), np.uint8)
    mirrored = (width - 1) // 2, (height - 1) // 2
    return as_gray(cv2.dilate(darkest(cells, kernel), kernel, anchor=mirrored))
