"""Is this the print of a stamp that the election package shows? Registration to each specimen tells.

Where the package holds a print of every official stamp, nothing else is one, however it looks: a stamp
lies on its specimen line for line, turned and moved; no handwriting does.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.eyes import Floats
from scanner.classify.ink import Ink
from scanner.config import calibration
from scanner.election import StampSpecimen
from scanner.pixels import INCH_MM

COARSE, FINE = 2.0, 4.0  # px per mm: where every turn is tried, where the best few are looked at
AROUND_MM = 3.0  # that a stamp may reach beyond the ink found, in each direction
STEP_DEG, NEAR_DEG = 6.0, 2.0  # turns apart, at first and near the best
KEPT = 4  # turns looked at more finely
FLAT = 0.05  # deviation of the darkness 0..1 below which nothing was printed there; stamps have 0.3


@dataclass(frozen=True, slots=True)
class SpecimenBounds:
    """Numbers of `calibration/stamp_specimens.toml`."""

    like: float  # correlation with a specimen, -1..1, from which a print is of that stamp


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """A specimen made ready: its darkness 0..1, cut to its ink, at the fine scale."""

    file: str
    dark: Floats

    def turned(self, degrees: float, scale: float) -> Floats:
        """The print turned anticlockwise, at `scale` px per mm, with room for its corners."""
        by = scale / FINE
        h, w = self.dark.shape
        side = int(np.ceil(np.hypot(h, w) * by))
        turn = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), degrees, by), np.float64)
        turn[:, 2] += side / 2 - np.array([w / 2, h / 2])
        soft = cv2.GaussianBlur(self.dark, (0, 0), 0.5 / by) if by < 1 else self.dark
        laid = np.asarray(cv2.warpAffine(soft, turn, (side, side)), np.float32)
        rows, columns = (np.flatnonzero(laid.max(axis=n) > 0.1) for n in (1, 0))
        return laid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def open_specimens(stamps: tuple[StampSpecimen, ...]) -> tuple[Specimen, ...]:
    """The package's specimens made ready; their files were checked when it was read."""
    return tuple(Specimen(one.file, _dark(one)) for one in stamps)


def specimen_bounds() -> SpecimenBounds:
    """The shipped number."""
    return calibration("stamp_specimens", SpecimenBounds)


def _dark(of: StampSpecimen) -> Floats:
    gray = np.asarray(cv2.imdecode(np.frombuffer(of.picture, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
    by = FINE * INCH_MM / of.dpi
    small = np.asarray(cv2.resize(gray, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.float32)
    paper, black = (float(np.percentile(small, one)) for one in (95, 1))
    dark = np.clip((paper - small) / max(paper - black, 1.0), 0, 1)
    x, y, w, h = cv2.boundingRect((dark > 0.3).astype(np.uint8))
    return np.asarray(dark[y : y + h, x : x + w], np.float32)


def likeness(ink: Ink, where: Rect, specimens: tuple[Specimen, ...]) -> float:
    """How well the ink in and about a rectangle (mm) lies on the specimen it fits best, -1..1."""
    near = _seen(ink, where.grown(AROUND_MM))
    return max((_best(near, one) for one in specimens), default=-1.0)


def _seen(ink: Ink, where: Rect) -> Floats:
    """The darkness of the ink 0..1 in a rectangle, at the fine scale, with a margin of empty paper."""
    top, left = max(0, round(where.y * PER_MM)), max(0, round(where.x * PER_MM))
    low, right = round((where.y + where.h) * PER_MM), round((where.x + where.w) * PER_MM)
    part = cv2.bitwise_and(ink.depth[top:low, left:right], ink.mask[top:low, left:right])
    by = FINE / PER_MM
    small = cv2.resize(part, None, fx=by, fy=by, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(np.clip(small / max(float(np.percentile(small, 99)), 1.0), 0, 1), np.float32)


def _best(near: Floats, specimen: Specimen) -> float:
    by = COARSE / FINE
    soft = cv2.GaussianBlur(near, (0, 0), 0.5 / by)
    small = np.asarray(cv2.resize(soft, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.float32)
    tried = np.arange(0.0, 360.0, STEP_DEG)
    first = np.array([_correlation(small, specimen.turned(one, COARSE)) for one in tried])
    best = tried[np.argsort(first)[-KEPT:]]
    finer = [one + off for one in best for off in (-NEAR_DEG, 0.0, NEAR_DEG)]
    return max(_correlation(near, specimen.turned(one, FINE)) for one in finer)


def _correlation(near: Floats, print_: Floats) -> float:
    """The best correlation of a print with its surroundings, wherever it lies in them."""
    h, w = (max(0, b - a) // 2 + 1 for a, b in zip(near.shape, print_.shape, strict=True))
    room = np.asarray(cv2.copyMakeBorder(near, h, h, w, w, cv2.BORDER_CONSTANT, value=0), np.float32)
    found = np.asarray(cv2.matchTemplate(room, print_, cv2.TM_CCOEFF_NORMED), np.float32)
    found[_spread(room, print_.shape) < FLAT] = -1  # even paper or an even blot is like nothing
    return float(found.max())


def _spread(room: Floats, shape: tuple[int, ...]) -> Floats:
    """The deviation of the darkness in each window of this shape."""
    sums, squares = cv2.integral2(room)
    (h, w), count = shape, float(np.prod(shape))
    mean, square = (
        (one[h:, w:] - one[:-h, w:] - one[h:, :-w] + one[:-h, :-w]) / count for one in (sums, squares)
    )
    return np.asarray(np.sqrt(np.maximum(square - mean**2, 0)), np.float32)
