"""What a scanner does to paper, measured on target sheets: scale, skew, stretch, tone, noise."""

from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from scanner.layout.targets import DISC, KEY, Target
from scanner.pixels import INCH_MM, Gray

Points = npt.NDArray[np.float64]
_TURNS = tuple(
    np.array(one, float)
    for one in ([[1, 0], [0, 1]], [[0, 1], [-1, 0]], [[-1, 0], [0, -1]], [[0, -1], [1, 0]])
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One side of one target sheet. Shares are of true lengths: 1.01 means that pictures are 1 % too long."""

    scale_across: float
    scale_along: float  # along the feed: from top to bottom of the picture
    skew_deg: float  # clockwise
    stretch: float  # steepest slope of the feed's speed from one row of discs to the next, a share
    residual_mm: float  # what is left when all that is taken out, root mean square
    tone: tuple[float, ...]  # grey level of each patch, darkest first
    noise: float  # deviation within a patch, grey levels


def measure(gray: Gray, dpi: float, known: Target) -> Measured | None:
    """The target sheet on a side (h, w) scanned at `dpi`; None if the side does not show it."""
    k = dpi / INCH_MM
    discs, keys = _discs(gray, k)
    if len(keys) != 1 or len(discs) < len(known.discs) // 2:
        return None
    turns = [_laid((discs, keys[0]), known, k, turn) for turn in _TURNS]
    fits = [one for one in turns if one is not None]
    if not fits:
        return None
    best = min(fits, key=lambda one: float(np.abs(_off(one)).mean()))
    return _figures(best, k, *_patches(gray, best[0], known, k))


def _discs(gray: Gray, k: float) -> tuple[Points, Points]:
    """Middles in px of all small discs, and of the large one, by area and roundness."""
    level = float(np.percentile(gray[::8, ::8], 90)) * 0.55
    dark = np.asarray(cv2.compare(gray, np.array([level]), cv2.CMP_LT), np.uint8)
    _, _, boxes, middles = cv2.connectedComponentsWithStats(dark)
    found = []
    for radius in (DISC, KEY):
        area, wide = np.pi * (radius * k) ** 2, 2 * radius * k
        fits = np.abs(boxes[:, 4] / area - 1) < 0.35
        fits &= (np.abs(boxes[:, 2] / wide - 1) < 0.2) & (np.abs(boxes[:, 3] / wide - 1) < 0.2)
        found.append(np.asarray(middles[fits], np.float64))
    return found[0], found[1]


Fit = tuple[Points, Points, Points]


def _off(one: Fit) -> Points:
    """What the affine fit leaves, px."""
    fit, wanted, seen = one
    return np.asarray(np.column_stack([wanted, np.ones(len(wanted))]) @ fit - seen)


def _laid(found: tuple[Points, Points], known: Target, k: float, turn: Points) -> Fit | None:
    """An affine map (3, 2) from mm to px for a sheet that went in so turned, with the discs it rests on."""
    discs, key = found
    true = np.array(known.discs)
    fit = np.vstack([k * turn, key - k * np.array(known.key) @ turn])
    for reach in (known.columns[1] - known.columns[0]) / 3 * k, 3.0 * k, 2.0 * k:
        at = np.column_stack([true, np.ones(len(true))]) @ fit
        gaps = np.hypot(*(at[:, None] - discs[None]).transpose(2, 0, 1))
        near = gaps.argmin(axis=1)
        good = gaps.min(axis=1) < reach
        if good.sum() < len(true) // 2:
            return None
        wanted, seen = true[good], discs[near[good]]
        fit = np.linalg.lstsq(np.column_stack([wanted, np.ones(len(wanted))]), seen, rcond=None)[0]
    return fit, wanted, seen


def _figures(one: Fit, k: float, tone: tuple[float, ...], noise: float) -> Measured:
    fit, wanted, _ = one
    way, off = fit[:2] / k, _off(one)[:, 1] / k
    feed = int(np.abs(way[:, 1]).argmax())  # which side of the sheet lies along the feed
    lines = np.array(sorted({float(at) for at in wanted[:, feed]}))
    means = np.array([off[wanted[:, feed] == at].mean() for at in lines])
    slopes = np.abs(np.diff(means) / np.diff(lines))
    left = off - np.interp(wanted[:, feed], lines, means)
    turned = float(np.degrees(np.arctan2(way[0, 1], way[0, 0])))
    return Measured(
        scale_across=float(np.hypot(*way[:, 0])),
        scale_along=float(np.hypot(*way[:, 1])),
        skew_deg=(turned + 45) % 90 - 45,
        stretch=float(slopes.max()) if len(slopes) else 0.0,
        residual_mm=float(np.sqrt((left**2).mean())),
        tone=tone,
        noise=noise,
    )


def _patches(gray: Gray, fit: Points, known: Target, k: float) -> tuple[tuple[float, ...], float]:
    """Median level of each patch, and the median deviation within the lighter ones."""
    levels, noises = [], []
    for rect, _ in known.patches:
        x, y = np.array([*rect.centre, 1.0]) @ fit
        reach = max(1, int(rect.w * k / 4))
        part = gray[max(0, int(y) - reach) : int(y) + reach, max(0, int(x) - reach) : int(x) + reach]
        if not part.size:
            return (), 0.0
        levels.append(float(np.median(part)))
        noises.append(float(part.std()))
    return tuple(levels), median(noises)
