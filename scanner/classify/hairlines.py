"""Hairlines along the feed: a grain of dust on the glass draws one pixel wide, wherever it came and went.

No pen is so thin and so straight at once: a streak is a pixel or two wide and keeps to the column of the
sensor within half a pixel. What lies on the same line farther off is the same streak, however short.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import COARSE, Ink, Stroke
from scanner.pixels import Gray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HairLimits:
    """Members and units as in calibration/hairlines.toml."""

    least_mm: float
    thin_mm: float
    wide_least_mm: float
    wide_mm: float
    off_mm: float
    slant_mm: float


def hairlines(ink: Ink, tilt: float, unit: float, limits: HairLimits, *, names: bool) -> Gray:
    """255 in the cells (H//4, W//4) of hairlines along the scanner's columns, and rows unless `names`.

    `tilt` (radians) is how the page lay in the scanner, `unit` template px per mm. On a face with `names` a
    fine line along their rows may strike one out.
    """
    out = np.zeros(ink.labels.shape, np.uint8)
    for down in (True,) if names else (True, False):
        slope = float(np.tan(tilt if down else -tilt))
        places = list(_found(ink, slope, unit, limits, down=down))
        for at in _distinct(places, COARSE):
            _mark(out if down else out.T, ink.labels if down else ink.labels.T, at, slope)
    return out


def _found(ink: Ink, slope: float, unit: float, limits: HairLimits, *, down: bool) -> Iterator[float]:
    """Where each hairline would meet the first row, px."""
    for number, stroke in enumerate(ink.strokes, 1):
        x, y, w, h = (
            (stroke.x, stroke.y, stroke.w, stroke.h) if down else (stroke.y, stroke.x, stroke.h, stroke.w)
        )
        if h < limits.least_mm * unit or w > limits.slant_mm * unit + abs(slope) * h:
            continue
        dark = _dark(ink, number, stroke)
        at = _line(dark if down else dark.T, slope, unit, limits)
        if at is not None:
            yield at + x - slope * y


def _dark(ink: Ink, number: int, of: Stroke) -> Floats:
    """Depth of one stroke alone, in its rectangle."""
    rows, columns = (slice(a // COARSE, (a + b) // COARSE) for a, b in ((of.y, of.h), (of.x, of.w)))
    mine = (ink.labels[rows, columns] == number).repeat(COARSE, 0).repeat(COARSE, 1)
    part = np.s_[of.y : of.y + mine.shape[0], of.x : of.x + mine.shape[1]]
    return np.asarray(np.where(mine & (ink.mask[part] > 0), ink.depth[part], 0), np.float64)


def _line(dark: Floats, slope: float, unit: float, limits: HairLimits) -> float | None:
    """Where a hairline meets the rectangle's first row, px; None if the ink is wider, shorter or crooked."""
    rows = np.flatnonzero(dark.any(axis=1))
    ink = dark[rows]
    wide = (ink >= 0.5 * ink.max(axis=1, keepdims=True)).sum(axis=1) / unit
    thin = np.median(wide) <= limits.thin_mm and np.percentile(wide, 80) <= limits.wide_mm
    least, span = (limits.least_mm if thin else limits.wide_least_mm), rows[-1] + 1 - rows[0]
    if span < least * unit or len(rows) < span / 2 or np.percentile(wide, 80) > limits.wide_mm:
        return None
    off = (ink * np.arange(ink.shape[1])).sum(axis=1) / ink.sum(axis=1) - slope * rows
    at = float(np.median(off))
    return at if np.percentile(np.abs(off - at), 80) <= limits.off_mm * unit else None


def _distinct(places: list[float], apart: float) -> list[float]:
    """The places, those nearer together than `apart` px once."""
    kept: list[float] = []
    for one in sorted(places):
        if not kept or one - kept[-1] > apart:
            kept.append(one)
    return kept


def _mark(out: Gray, labels: NDArray[np.int32], at: float, slope: float) -> None:
    """Mark the inked cells on a line down the page, and those it nearly touches, in place."""
    rows = np.arange(len(labels))
    middle = (at + slope * (rows * COARSE + COARSE / 2)) / COARSE
    for off in (-0.4, 0.0, 0.4):
        columns = np.floor(middle + off).astype(np.intp)
        on = (columns >= 0) & (columns < labels.shape[1])
        cells = rows[on], columns[on]
        out[cells] = np.where(labels[cells] > 0, 255, out[cells])
