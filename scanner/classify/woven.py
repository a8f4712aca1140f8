"""Faint ink on the woven pattern of the outside: too pale for a single thread, clear in the mean of several.

The pattern hides ink that is no darker than its threads, so a name written lightly on it was seen by
nobody. Over a few threads the pattern is an even grey wherever it lies, and ink makes that grey
darker. Folds and streaks do so too, but in narrow long strips.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Rect
from scanner.classify.ink import PALE, Printed
from scanner.classify.raster import as_gray, darkest, halved, inside, square
from scanner.classify.registered import Registered, Template

Reals = NDArray[np.float32]

CELL = 8  # px side of the cells in which the grey is compared: 1 mm at 200 dpi
_THREADS = 4  # px of the quarter-size page over which threads are averaged: 2 mm
_NEAR = 21  # cells: what is uneven over a wider way is light, not ink
_RIM = 7  # cells along the edge, where the print's own shift on its paper lets the backing in
_LEAST_CELLS = 400  # of pattern; on less its grey is not known
_INK = 0.03  # darker by this share of the contrast than the lamp's slope says: no part of it
_LEAST_PIECE = 150  # cells of pattern that hang together; in the dark head of the strip a few pass by chance


@dataclass(frozen=True, slots=True)
class WovenBounds:
    """Numbers of `calibration/woven.toml`."""

    weak: float  # share of the paper-to-print contrast by which the mean is darker where there is ink
    area_mm2: float  # least such area
    wide_mm: float  # and its least width: folds and streaks are narrower
    line_mm: float  # what is longer is a line of writing, or a fold or a streak
    line_wide_mm: float  # and writing is at least so high
    fold_mm: float  # half width of the zone beside a printed fold that is left out


@dataclass(frozen=True, slots=True, eq=False)
class Woven:
    """The pattern of one printed face: made once per form."""

    level: Reals  # (h, w) cells: mean grey of the threads
    where: NDArray[np.bool_]  # (h, w) True where there is nothing but pattern
    weight: Reals  # (h, w) share of pattern in wide surroundings


def woven(template: Template, print_: Printed) -> Woven | None:
    """The pattern of a face, None if it has next to none."""
    pale = darkest(inside(halved(inside(print_.darkest, PALE, PALE), 2), 250, 255), square(_THREADS + 1))
    where = np.asarray(pale[::2, ::2] > 0, np.bool_)
    where[:_RIM] = where[-_RIM:] = where[:, :_RIM] = where[:, -_RIM:] = False
    where = _large(where)
    if where.sum() < _LEAST_CELLS:
        return None
    return Woven(_means(template.half), where, _wide(where.astype(np.float32)))


def _large(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Only the pieces that are no specks."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8), connectivity=8)
    return np.asarray(where & (stats[:, cv2.CC_STAT_AREA] >= _LEAST_PIECE)[labels], np.bool_)


def faint_ink(
    page: Registered, pattern: Woven, folds_mm: tuple[float, ...], bounds: WovenBounds
) -> tuple[Rect, ...]:
    """Where (mm on the face) something darkens the pattern that is no fold, streak or uneven light."""
    unit = page.template.unit / CELL  # cells to the mm
    dark = _darker(page, pattern) > bounds.weak
    for fold in folds_mm:
        dark[:, max(0, round((fold - bounds.fold_mm) * unit)) : round((fold + bounds.fold_mm) * unit) + 1] = (
            False
        )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    large = [n for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] >= bounds.area_mm2 * unit**2]
    return tuple(
        Rect(*(float(one) / unit for one in stats[n, :4]))
        for n in large
        if not _narrow(as_gray(np.where(labels == n, 255, 0)), unit, bounds)
    )


def _darker(page: Registered, pattern: Woven) -> Reals:
    """By how much each cell of pattern is darker than its surroundings should be, in shares of contrast."""
    contrast = max(page.paper - page.black, 1.0)
    seen = _means(page.half)
    rest = (pattern.level * _slope(pattern, seen, contrast / 255) - seen) / np.float32(contrast)
    rest = rest - _light(rest, pattern.where)
    rest[~pattern.where] = 0
    light = _wide(np.clip(rest, -0.06, 0.03)) / np.maximum(pattern.weight, np.float32(0.05))
    return np.asarray(np.where(pattern.where, rest - light, 0), np.float32)


def _light(rest: Reals, where: NDArray[np.bool_]) -> Reals:
    """The even slope of a lamp over the page: the plane through what is darker, ink left out."""
    rows, columns = (np.arange(size, dtype=np.float32) for size in rest.shape)
    places = np.flatnonzero(where)[::7]
    y, x = places // where.shape[1], places % where.shape[1]
    dark = rest[where][::7]
    terms = np.stack([np.ones(len(y)), y, x], axis=1).astype(np.float32)
    plane = np.array([np.median(dark), 0, 0], np.float32)
    for _ in range(3):
        kept = np.abs(dark - terms @ plane) <= _INK + np.abs(dark - terms @ plane).mean()
        plane = np.linalg.lstsq(terms[kept], dark[kept])[0].astype(np.float32)
    return np.asarray(plane[0] + plane[1] * rows[:, None] + plane[2] * columns, np.float32)


def _slope(pattern: Woven, seen: Reals, usual: float) -> np.float32:
    """How steeply this scan shows the greys of the pattern, by least squares over its bands."""
    ours, theirs = pattern.level[pattern.where][::7], seen[pattern.where][::7]
    spread = float(ours.var())
    if spread < 1:
        return np.float32(usual)
    return np.float32(((ours - ours.mean()) * (theirs - theirs.mean())).mean() / spread)


def _means(half: NDArray[np.uint8]) -> Reals:
    """Mean grey over a few threads, a value per cell."""
    return np.asarray(cv2.blur(halved(half), (_THREADS, _THREADS))[::2, ::2], np.float32)


def _wide(cells: Reals) -> Reals:
    return np.asarray(cv2.blur(cells, (_NEAR, _NEAR)), np.float32)


def _narrow(spot: NDArray[np.uint8], unit: float, bounds: WovenBounds) -> bool:
    """True for a spot that only a fold or a streak leaves; its sides are those of its narrowest rectangle."""
    (_, sides, _) = cv2.minAreaRect(np.asarray(cv2.findNonZero(spot)))
    narrow, long = ((one + 1) / unit for one in sorted(sides))
    return narrow < (bounds.line_wide_mm if long >= bounds.line_mm else bounds.wide_mm)
