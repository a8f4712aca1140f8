"""Frames that only a machine cuts: two or more rims round a stamp, parallel to a hair all the way round.

Hands draw rings and boxes, but never a second line at the same distance from the first everywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.atlas import PER_MM
from scanner.pixels import Gray

Floats = NDArray[np.float64]
_PLACES = 120  # round the rim: a millimetre apart on a stamp of 38 mm


@dataclass(frozen=True, slots=True)
class FrameBounds:
    """Members and units as in calibration/stamp_frames.toml."""

    reach_mm: float
    rim_mm: float
    seen: float
    share: float
    even_mm: float
    no_stamp: float
    bare: float


def exact_frames(inked: Gray, bounds: FrameBounds) -> bool:
    """True if the ink (h, w, 255) of a stamp is framed by two lines with the same gap all round."""
    gaps = _gaps(inked, bounds)
    if len(gaps) < bounds.seen * _PLACES:
        return False
    off = np.abs(gaps - np.median(gaps))
    return float(np.quantile(off, bounds.share)) <= bounds.even_mm


def _gaps(inked: Gray, bounds: FrameBounds) -> Floats:
    """Mm from the outer edge of the rim to that of the next line inwards, where both are seen."""
    if not inked.any():
        return np.zeros(0)
    hull = np.asarray(cv2.convexHull(np.asarray(cv2.findNonZero(inked)))[:, 0], np.float64)
    places, inward = _round(hull)
    steps = np.arange(round(bounds.reach_mm * PER_MM))
    at = np.rint(places[:, None] + inward[:, None] * steps[None, :, None]).astype(np.intp)
    columns, rows = (at[..., n].clip(0, size - 1) for n, size in enumerate(inked.shape[::-1]))
    ink = inked[rows, columns] > 0
    begins = (np.flatnonzero(one & ~np.roll(one, 1) | (steps == 0) & one) for one in ink)
    rim = bounds.rim_mm * PER_MM
    return np.array([(one[1] - one[0]) / PER_MM for one in begins if len(one) > 1 and one[0] < rim])


def _round(hull: Floats) -> tuple[Floats, Floats]:
    """Places evenly round a hull (n, 2), and the way inwards there, (n, 2) of length 1."""
    sides = np.roll(hull, -1, axis=0) - hull
    long = np.hypot(sides[:, 0], sides[:, 1])
    along = np.concatenate([[0.0], np.cumsum(long)])
    where = np.linspace(0, along[-1], _PLACES + 1)[:-1]
    side = np.clip(np.searchsorted(along, where, side="right") - 1, 0, len(sides) - 1)
    ways = sides[side] / np.maximum(long[side], 1e-6)[:, None]
    places = hull[side] + ways * (where - along[side])[:, None]
    inward = np.stack([-ways[:, 1], ways[:, 0]], axis=1)
    turned = np.sign(((hull.mean(axis=0) - places) * inward).sum(axis=1))
    return places, inward * turned[:, None]
