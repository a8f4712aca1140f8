"""A ballot somewhere in a picture that is larger than it: scanners that always send all they can see.

The search for the registration marks starts from the middle of the picture. Where the paper lies
elsewhere, its place is told by what differs from bare backing: the print, and its edges where they
show. That is only a place to look: what is there is found as ever.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.upright import Frame, Upright, UprightBounds, upright
from scanner.pixels import INCH_MM, Gray

_DPI = 50.0
_PER_MM = _DPI / INCH_MM
_LARGEST = 3  # pages: what no scanner of paper sees at once


@dataclass(frozen=True, slots=True)
class CanvasBounds:
    """Numbers of `calibration/on_canvas.toml`."""

    contrast: float  # grey levels between neighbours that print or an edge makes
    grain_mm: float  # what is smaller both ways is dirt
    beyond_mm: float  # how far what is seen may reach beyond a page
    within_mm: float  # and how far it may stay within: print keeps clear of the paper's edge
    margin_mm: float  # left around the page when it is cut out


def upright_on_canvas(
    image: Gray, dpi: float, frames: tuple[Frame, ...], upright_bounds: UprightBounds, bounds: CanvasBounds
) -> Upright | None:
    """The page as `upright` finds it, wherever it lies in `image` (h, w) of `dpi`; None if nowhere."""
    if not frames or not dpi > 0 or not _may_hold(image.shape, dpi, frames, bounds):
        return None
    seen = _seen(image, dpi, bounds)
    if seen is None:
        return None
    sides_mm = (seen[2] - seen[0]) * INCH_MM / dpi, (seen[3] - seen[1]) * INCH_MM / dpi
    for page in dict.fromkeys(one.page_mm for one in frames):
        for size in (page, page[::-1]):
            if all(
                -bounds.within_mm <= a - b <= bounds.beyond_mm for a, b in zip(sides_mm, size, strict=True)
            ):
                part, corner = _cut(image, seen, [one + 2 * bounds.margin_mm for one in size], dpi)
                found = upright(part, dpi, frames, upright_bounds)
                if found is not None:
                    moved = found.to_image.copy()
                    moved[:, 2] += corner
                    return replace(found, to_image=moved)
    return None


def _may_hold(shape: tuple[int, ...], dpi: float, frames: tuple[Frame, ...], bounds: CanvasBounds) -> bool:
    """Asked before anything is resampled: a wrong dpi or a hostile shape costs no memory."""
    sides = [one * INCH_MM / dpi for one in shape]
    least = min(min(one.page_mm) for one in frames) - bounds.within_mm
    return least <= min(sides) and max(sides) <= _LARGEST * max(max(one.page_mm) for one in frames)


Box = tuple[float, float, float, float]  # left, top, right, bottom, px


def _seen(image: Gray, dpi: float, bounds: CanvasBounds) -> Box | None:
    """What stands out from its surroundings, all together, but for dirt."""
    scale = _DPI / dpi
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    mask = np.asarray(cv2.compare(edges, np.array([bounds.contrast]), cv2.CMP_GT), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    least = bounds.grain_mm * _PER_MM
    kept = stats[1:][(stats[1:, 2] >= least) & (stats[1:, 3] >= least)]
    if not len(kept):
        return None
    left, top = kept[:, 0].min(), kept[:, 1].min()
    right, bottom = (kept[:, 0] + kept[:, 2]).max(), (kept[:, 1] + kept[:, 3]).max()
    return left / scale, top / scale, right / scale, bottom / scale


def _cut(image: Gray, seen: Box, size_mm: list[float], dpi: float) -> tuple[Gray, NDArray[np.float64]]:
    """A part of this size around the middle of what was seen, and where its corner lies in the image."""
    wide, high = (round(one * dpi / INCH_MM) for one in size_mm)
    x, y = round((seen[0] + seen[2] - wide) / 2), round((seen[1] + seen[3] - high) / 2)
    inside = image[max(0, y) : y + high, max(0, x) : x + wide]
    before = max(0, -y), max(0, -x)
    after = high - before[0] - inside.shape[0], wide - before[1] - inside.shape[1]
    part = cv2.copyMakeBorder(inside, before[0], after[0], before[1], after[1], cv2.BORDER_REPLICATE)
    return np.asarray(part, np.uint8), np.array([x, y], np.float64)
