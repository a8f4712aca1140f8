"""The ways in which the ink of a number may be parted into one digit or two.

Between strokes that do not touch, and through joined ink where it is thinnest along an upright or leaning
line. Which way is right is for the readers of digits to say.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.classify.eyes import Floats

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PartLimits:
    """Members and units as in calibration/number_parts.toml."""

    dot_mm: float
    dot_share: float
    cut_share: float
    cut_cost: float
    cuts: int
    narrow: float
    lean: tuple[float, ...]
    margin: float
    apart: float
    ink: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way of parting: the numbers of its parts from left to right, and how likely it is beforehand.

    `joined`: through ink that hangs together.
    """

    parts: tuple[int, ...]
    weight: float
    joined: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Darkness (h, w) of every part in question and the ways to put them together; the first is all ink.

    `clean` is False where much ink had to be left out as dots.
    """

    glyphs: tuple[Floats, ...]
    ways: tuple[Way, ...]
    clean: bool
    at: tuple[int, int] = (0, 0)  # row and column of their top left in the ink given


def parts(dark: Floats, limits: PartLimits, unit: float) -> Parts:
    """All ways to part the ink `dark` (h, w) 0..1 at `unit` px/mm into one digit or two."""
    ink, strokes, clean, at = _strokes(dark, limits, unit)
    if not strokes:
        return Parts((), (), clean=False)
    glyphs, ways = [ink], [Way((0,), 1.0)]
    seen: set[bytes] = set()
    for left, weight in _partings(ink, strokes, limits):
        key = left.tobytes()
        if key not in seen:
            seen.add(key)
            ways.append(Way((len(glyphs), len(glyphs) + 1), weight, joined=weight < 1))
            glyphs += [np.where(left, ink, 0), np.where(left, 0, ink)]
    return Parts(tuple(glyphs), tuple(ways), clean, at)


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """Ink that hangs together."""

    mask: Mask
    x: float  # its middle, px
    ink: float


def _strokes(
    dark: Floats, limits: PartLimits, unit: float
) -> tuple[Floats, list[_Stroke], bool, tuple[int, int]]:
    """The ink without dots, cut to what is left, and its strokes from left to right."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (dark > limits.ink).astype(np.uint8), connectivity=8
    )
    if count == 1:
        return dark, [], False, (0, 0)  # no ink at all
    large = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    main = stats[1:][large >= min(limits.dot_mm * unit, large.max())]
    high = int(
        (main[:, cv2.CC_STAT_TOP] + main[:, cv2.CC_STAT_HEIGHT]).max() - main[:, cv2.CC_STAT_TOP].min()
    )
    dot = (large < limits.dot_mm * unit) & (large < limits.dot_share * high)
    kept = np.concatenate([[False], ~dot])
    if not kept.any():
        return dark, [], False, (0, 0)
    ink = np.where(kept[labels], dark, 0).astype(np.float32)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    ink, labels, left_out = ink[window], labels[window], float(dark.sum() - ink.sum())
    found = [_stroke(labels == one, ink) for one in np.flatnonzero(kept)]
    clean = left_out <= limits.cut_share * float(ink.sum())
    return ink, sorted(found, key=lambda one: one.x), clean, (int(rows[0]), int(columns[0]))


def _stroke(mask: Mask, ink: Floats) -> _Stroke:
    columns = np.where(mask, ink, 0).sum(0)
    total = float(columns.sum())
    return _Stroke(mask, float(columns @ np.arange(len(columns))) / max(total, 1e-6), total)


def _partings(ink: Floats, strokes: list[_Stroke], limits: PartLimits) -> list[tuple[Mask, float]]:
    """The left part of every way to part the ink in two, with its weight."""
    high, wide = ink.shape
    if wide < limits.narrow * high:
        return []
    least = limits.cut_share * float(ink.sum())
    found = []
    for one in range(1, len(strokes)):
        left = np.logical_or.reduce([stroke.mask for stroke in strokes[:one]])
        found.append((left, 1.0))
    for side in _cuts(ink, limits):
        found += _along(side, ink, strokes, least, limits.cut_cost)
    return [(left, weight) for left, weight in found if least <= float(ink[left].sum()) <= ink.sum() - least]


def _along(
    side: Mask, ink: Floats, strokes: list[_Stroke], least: float, cost: float
) -> list[tuple[Mask, float]]:
    """The strokes parted along a line, `side` being left of it: each whole, or cut if both have much."""
    whole, cut, through = np.zeros_like(side), np.zeros_like(side), False
    for one in strokes:
        left = float(ink[one.mask & side].sum())
        whole |= one.mask & (left > one.ink / 2)
        if min(left, one.ink - left) >= least:
            cut |= one.mask & side
            through = True
        else:
            cut |= one.mask & (left > one.ink / 2)
    return [(whole, 1.0), (cut, cost)] if through else [(whole, 1.0)]


def _cuts(ink: Floats, limits: PartLimits) -> list[Mask]:
    """What is left of each of the thinnest lines from top to foot, no two of them near each other."""
    high, wide = ink.shape
    rows = np.arange(high)[:, None]
    tried: list[tuple[float, float, float]] = []
    for lean in limits.lean:
        place = np.rint(np.arange(wide)[None] + lean * (rows - high / 2)).astype(np.intp)
        low = int(place.min())
        profile = np.bincount((place - low).ravel(), ink.ravel())
        first = -low + int(limits.margin * wide)
        last = -low + int((1 - limits.margin) * wide) + 1
        middle = profile[first:last]
        inner = np.convolve(np.pad(middle, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
        lowest = np.flatnonzero(
            (inner <= np.pad(inner, 1, mode="edge")[:-2]) & (inner <= np.pad(inner, 1, mode="edge")[2:])
        )
        tried += [(float(inner[one]), float(first + one + low), lean) for one in lowest]
    chosen: list[tuple[float, float]] = []
    for _, x, lean in sorted(tried):
        if len(chosen) < limits.cuts and all(abs(x - other) >= limits.apart * wide for other, _ in chosen):
            chosen.append((x, lean))
    return [(np.arange(wide)[None] + lean * (rows - high / 2)) < x for x, lean in chosen]
