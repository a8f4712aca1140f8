"""What one straight shadow takes from the paper's light is measured along it and subtracted.

A shadow is looked at in a strip laid along it, in pieces longer than any mark: their medians are its own,
for a mark or a name fills no piece. Ink is darker than a shadow and stays as what is left over.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import COARSE, Ink
from scanner.pixels import Gray

Floats = NDArray[np.float32]
STEP = 2  # px between samples along a shadow


@dataclass(frozen=True, slots=True)
class ShadowLimits:
    """Members and units as in calibration/shadows.toml."""

    block_mm: float
    least: float
    most: float
    beside_mm: float
    lean_deg: float
    visible: float
    share: float
    run_mm: float
    straight_run_mm: float
    hidden_run_mm: float
    exact: float
    askew: float
    bent: float
    bent_run: float
    most_run: float
    most_whole: float
    reach_mm: float
    swell: float
    wide_mm: float
    piece_mm: float
    thick_mm: float
    pieces: int
    lines: int
    askew_mm: float


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line near the rows of a page, in cells of COARSE px: `at` in its middle, `lean` a cell."""

    at: float
    lean: float
    first: float  # along the row, from ... to
    last: float
    run_mm: float = (
        0.0  # at least so long, but wherever it begins and ends, it lies along the feed; 0: a fold
    )
    down: bool = False  # near the columns: rows and columns are swapped
    exact: bool = (
        False  # ... and no ruler was laid there: the page lay askew, or it begins at the paper's edge
    )
    whole: bool = False  # a fold seen at both edges of the page
    shown: float = 0.0  # share of its visible pieces that must be dark, the first and the last among them


def subtract(ink: Ink, depth: Gray, line: Line, unit: float, limits: ShadowLimits) -> bool:
    """Take one shadow off `depth` (H, W) in place; False if looked at closely it is none.

    `unit` is template px per mm. What is measured is `ink`'s own depth, whatever was taken off before.
    """
    reach, long = round(limits.reach_mm * unit), round(limits.block_mm * unit / STEP)
    along = _samples(ink, line)
    rough = _levels(*_strip(ink, along, reach, down=line.down), long)
    straight = _straightened(along, rough, line, (ink.contrast, long, limits))
    if straight is None:
        return False
    strip, seen = _strip(ink, straight, reach, down=line.down)
    levels = _levels(strip, seen, long)
    took = _profile(levels, line, (ink.contrast, unit, limits))
    if took is None or _length(strip, took, reach) * STEP / unit < line.run_mm:
        return False
    if line.shown and not _shows(levels, reach, line.shown, limits.least * ink.contrast):
        return False
    _take(depth.T if line.down else depth, took, straight, (reach, long))
    return True


def _samples(ink: Ink, line: Line) -> tuple[Floats, Floats]:
    """Points x, y in px along a line; of one near the columns y, x."""
    cells = ink.labels.shape[::-1] if not line.down else ink.labels.shape
    xs = np.arange(line.first * COARSE, min(line.last, cells[0]) * COARSE, STEP, dtype=np.float32)
    ys = (line.at + line.lean * (xs / COARSE - (cells[0] - 1) / 2)) * COARSE + (COARSE - 1) / 2
    return xs, ys.astype(np.float32)


def _straightened(
    along: tuple[Floats, Floats], levels: Floats, line: Line, how: tuple[float, int, ShadowLimits]
) -> tuple[Floats, Floats] | None:
    """The line through the darkest of each piece; None if they do not lie on one."""
    contrast, long, limits = how
    xs, ys = along
    having = np.flatnonzero(np.nanmax(np.nan_to_num(levels), axis=1) >= 1.5 * limits.least * contrast)
    if having.size < 3:
        return None
    darkest = np.nan_to_num(levels[having]).argmax(axis=1) - levels.shape[1] // 2
    slope, at = _through(having.astype(float), darkest.astype(float))
    off = np.abs(darkest - (at + slope * having))
    if np.percentile(off, 80) > (limits.bent_run if line.run_mm else limits.bent) or (
        line.run_mm and abs(slope / (long * STEP)) > limits.askew + 1 / (STEP * len(xs))
    ):
        return None
    piece = (np.arange(len(xs)) / long - 0.5).astype(np.float32)
    return xs, (ys + at + slope * piece).astype(np.float32)


def _through(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and height of the straight line that most points lie on (medians of all pairs)."""
    first, second = np.triu_indices(len(x), 1)
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first])))
    return slope, float(np.median(y - slope * x))


def _take(depth: Gray, took: Floats, along: tuple[Floats, Floats], how: tuple[int, int]) -> None:
    """Subtract, in place, what a shadow takes in each place."""
    (xs, ys), (reach, long) = along, how
    rows, columns = _band(depth.shape, xs, ys, reach)
    slope = (ys[-1] - ys[0]) / (xs[-1] - xs[0])
    across = reach + 1 + rows.start - ys[0] - slope * (columns.start - xs[0])
    to_took = np.array(
        [[-slope, 1, across], [1 / (STEP * long), 0, (columns.start - xs[0]) / STEP / long - 0.5]]
    )
    part = depth[rows, columns]
    loses = cv2.warpAffine(
        np.pad(took, ((0, 0), (1, 1))),  # nothing is taken farther off
        to_took,
        part.shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    part[...] = np.maximum(part - loses, 0)


def _strip(
    ink: Ink, along: tuple[Floats, Floats], reach: int, *, down: bool
) -> tuple[Gray, NDArray[np.bool_]]:
    """The depth along a line, (samples, 2 reach + 1), and where it can be seen."""
    xs, ys = along
    columns = np.repeat(xs[:, None], 2 * reach + 1, axis=1)
    rows = ys[:, None] + np.arange(-reach, reach + 1, dtype=np.float32)[None]
    if down:
        columns, rows = rows, columns
    strip = cv2.remap(ink.depth, columns, rows, cv2.INTER_LINEAR)
    small = (columns - (COARSE - 1) / 2) / COARSE, (rows - (COARSE - 1) / 2) / COARSE
    hidden = cv2.remap(ink.bridge, *small, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(strip, np.uint8), hidden == 0


def _levels(strip: Gray, seen: NDArray[np.bool_], long: int) -> Floats:
    """Median depth of each piece of a strip, (pieces, across), NaN where too little can be seen."""
    cuts = np.linspace(0, len(strip), max(1, round(len(strip) / long)) + 1).astype(int)
    return np.stack([_middle(strip[a:b], seen[a:b]) for a, b in pairwise(cuts)])


def _profile(levels: Floats, line: Line, how: tuple[float, float, ShadowLimits]) -> Floats | None:
    """Levels that it takes, (pieces, across); None where it takes too little, too much or is too wide."""
    contrast, unit, limits = how
    usual = np.array([np.median(one[~np.isnan(one)]) if (~np.isnan(one)).any() else 0 for one in levels.T])
    most = limits.most_run if line.run_mm and line.exact else limits.most_whole if line.whole else limits.most
    if not limits.least * contrast <= usual.max() <= most * contrast:
        return None
    if (usual > usual.max() / 2).sum() > limits.wide_mm * unit:
        return None
    allowed = limits.swell * cv2.dilate(usual.astype(np.float32)[:, None], np.ones((5, 1), np.uint8))[:, 0]
    took = np.where(np.isnan(levels), usual, np.minimum(levels, allowed)).astype(np.float32)
    return np.asarray(cv2.dilate(took, np.ones((3, 3), np.uint8)), np.float32)  # it may begin within a piece


def _shows(levels: Floats, reach: int, share: float, level: float) -> bool:
    """True for a line dark in this share of what is seen of it, and at both its ends."""
    middle = levels[:, reach - 2 : reach + 3]
    peaks = np.nanmax(np.where(np.isnan(middle), -1, middle), axis=1)
    dark = peaks[peaks >= 0] >= level
    return bool(len(dark) >= 3 and dark[0] and dark[-1] and dark.mean() >= share)


def _length(strip: Gray, took: Floats, reach: int) -> int:
    """Samples from the first to the last that is as dark as the shadow: it may begin within a piece."""
    level = np.asarray(
        strip[:, reach - 1 : reach + 2].max(axis=1) >= 0.5 * np.median(took.max(axis=1)), np.float32
    )
    dark = np.flatnonzero(np.convolve(level, np.ones(9) / 9, "same") > 0.6)
    return int(dark[-1] - dark[0]) if dark.size else 0


def _middle(strip: Gray, seen: NDArray[np.bool_]) -> Floats:
    """Median along a piece of a strip of what can be seen; NaN where that is too little."""
    count = seen.sum(axis=0)
    levels = np.sort(np.where(seen, strip.astype(np.float32), np.float32(np.inf)), axis=0)
    middle = np.take_along_axis(levels, np.minimum(count // 2, len(strip) - 1)[None], axis=0)[0]
    return np.where(count >= len(strip) / 5, middle, np.nan).astype(np.float32)


def _band(shape: tuple[int, ...], xs: Floats, ys: Floats, reach: int) -> tuple[slice, slice]:
    """Rows and columns that hold the line with `reach` px on each side."""
    top, low = int(min(ys[0], ys[-1])) - reach, int(max(ys[0], ys[-1])) + reach + 2
    return slice(max(top, 0), min(max(low, 0), shape[0])), slice(
        int(xs[0]), min(int(xs[-1]) + STEP, shape[1])
    )
