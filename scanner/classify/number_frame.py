"""Whether a stroke of a number may lie hidden under the printed frame of its box.

Ink cannot be seen on black print. But a pen that runs along a printed line makes it look thicker: however
sharp the scan, the darkness summed across the line grows. So the line is measured all along, and where it
is thicker than usual beside the number's own ink, some of the number lies there: the bar of a seven without
which it is a one, the foot of a two without which it is a seven. Pure; lengths in template px (200 dpi).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.classify.atlas import PER_MM
from scanner.classify.eyes import Floats
from scanner.classify.field_ink import Box
from scanner.classify.raster import lightest, square
from scanner.pixels import Gray

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """Members and units as in calibration/number_frame.toml."""

    line_mm: float
    band_mm: float
    grow_mm: float
    stretch_mm: tuple[float, ...]
    free_share: float
    near_mm: float
    beside_mm: float
    thicker_mm: tuple[float, ...]
    corner_mm: float
    least_mm: float
    stem_mm: float
    dark: float


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side of the frame: how thick it looks at each px (n,), where own ink is seen on it, and beside."""

    thick: Floats
    inked: Mask
    beside: Mask


def hidden(image: Gray, box: Box, seen: Gray, limits: FrameLimits) -> bool:
    """True if the frame of `box` (x, y, w, h) is thicker beside the ink `seen` (255) of `image` (h, w).

    Also where so much of a frame is inked that nobody can say how thick it is.
    """
    if not seen.any():
        return False
    sides = _sides(image, box, seen, limits)
    return any(
        _thicker(one, _usual(one, other, limits), limits)
        for one, other in (
            (sides[0], sides[1]),
            (sides[1], sides[0]),
            (sides[2], sides[3]),
            (sides[3], sides[2]),
        )
    )


def _px(mm: float) -> int:
    return round(mm * PER_MM)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A box and its surroundings, turned so that one side of its frame lies on top."""

    image: Gray
    seen: Gray
    grown: Gray  # the ink seen, with its soft rim
    paper: float

    def over(self) -> "_View":
        """Upside down."""
        return _View(self.image[::-1], self.seen[::-1], self.grown[::-1], self.paper)

    def across(self) -> "_View":
        """Rows for columns."""
        return _View(self.image.T, self.seen.T, self.grown.T, self.paper)


def _sides(image: Gray, box: Box, seen: Gray, limits: FrameLimits) -> tuple[_Side, _Side, _Side, _Side]:
    """Above, below, left, right."""
    x, y, w, h = box
    rows, columns = image.shape
    view = _View(image, seen, lightest(seen, square(2 * _px(limits.grow_mm) + 1)), _paper(image, box))
    corner = _px(limits.corner_mm)
    flat, tall = slice(x + corner, x + w - corner), slice(y + corner, y + h - corner)
    return (
        _side(view, y, flat, limits),
        _side(view.over(), rows - y - h, flat, limits),
        _side(view.across(), x, tall, limits),
        _side(view.across().over(), columns - x - w, tall, limits),
    )


def _paper(image: Gray, box: Box) -> float:
    """The level of bare paper within a box: most of it is bare."""
    x, y, w, h = box
    inner = image[max(y, 0) + h // 8 : y + h - h // 8, max(x, 0) + w // 8 : x + w - w // 8]
    return float(np.median(inner[inner >= np.median(inner)])) if inner.size else 255.0


def _side(view: _View, edge: int, places: slice, limits: FrameLimits) -> _Side:
    """The side whose outer edge lies in row `edge`, at these places along it."""
    middle, deep = edge + _px(limits.line_mm / 2), _px(limits.band_mm)
    across = slice(max(middle - deep, 0), max(middle + deep + 1, 0))
    darkness = np.maximum(view.paper - view.image[across, places].astype(np.float32), 0)
    strong = max(float(np.percentile(darkness, 95)), limits.dark) if darkness.size else 1.0
    near = view.seen[max(edge, 0) : max(edge + _px(limits.near_mm), 0), places].any(0)
    reach = np.ones((1, 2 * _px(limits.beside_mm) + 1), np.uint8)
    beside = lightest(np.asarray(near, np.uint8)[None], reach)[0] > 0
    return _Side(
        np.asarray(darkness.sum(0) / strong, np.float32),
        np.asarray(view.grown[across, places].any(0), np.bool_),
        np.asarray(beside, np.bool_),
    )


def _usual(one: _Side, other: _Side, limits: FrameLimits) -> float | None:
    """How thick this side is where no ink is near; None: nobody knows.

    If it is much thicker than the opposite side, a stem covers most of it, and the opposite side tells.
    """
    bare = [side.thick[~side.inked] for side in (one, other)]
    known = [float(np.median(some)) if len(some) >= _px(limits.least_mm) else None for some in bare]
    mine, opposite = known
    if mine is None or (opposite is not None and mine - opposite > limits.stem_mm * PER_MM):
        return opposite
    return mine


def _thicker(side: _Side, usual: float | None, limits: FrameLimits) -> bool:
    """True if a stretch of this side beside the number's ink is thicker than usual."""
    if not side.beside.any():
        return False
    if usual is None:
        return True
    more = np.where(side.inked, 0, side.thick - usual)
    stretches = zip(limits.stretch_mm, limits.thicker_mm, strict=True)
    return any(_stretched(side, more, (_px(long), thick * PER_MM), limits) for long, thick in stretches)


def _stretched(side: _Side, more: Floats, stretch: tuple[int, float], limits: FrameLimits) -> bool:
    """True if a stretch of so many px beside the number's ink is thicker by more than so many px."""
    window = np.ones(stretch[0], np.float32)
    free = np.convolve(~side.inked, window, "same")
    known = side.beside & (free >= limits.free_share * stretch[0])
    return bool((np.convolve(more, window, "same")[known] > stretch[1] * free[known]).any())
