"""Small pieces of print that are looked for again on the scan, each telling how far the paper moved.

All positions and shifts are in full-size template px, (x, y); a shift is where the piece was found
minus where it should be.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.raster import as_gray
from scanner.pixels import Gray

Points = NDArray[np.float32]  # (n, 2) x, y
Flags = NDArray[np.bool_]  # (n,)
MARGIN = 24  # px around the page in which a patch at its edge may still be found


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """Pieces of print on a loose grid, cut from the template at 1/`scale` of its size."""

    scale: int
    size: int  # px at that scale
    corner: NDArray[np.int32]  # (n, 2) top left, px at that scale
    centre: Points  # (n, 2) full-size px
    pieces: tuple[Gray, ...]
    neighbours: NDArray[np.int32]  # (n, k) the nearest others

    def __len__(self) -> int:
        return len(self.pieces)


def lay_patches(
    small: Gray, grid: tuple[int, int, int], *, texture: float, reach: int, lookalike: float
) -> Patches:
    """Choose in each cell of a grid the piece of print that is best fixed in both directions.

    `small` is the template at 1/scale and `grid` (scale, pitch of the cells, side of a piece), the
    latter two in px of `small`. `texture` is the least eigenvalue of the structure tensor
    (cv2.cornerMinEigenVal of a 0..1 image) below which a cell stays empty: a bare rule slides.
    A piece that correlates by more than `lookalike` with another place within `reach` px (a woven
    pattern) is left out as well: on simulated outsides such pieces settled a thread beside their
    place and bent the stamp field.
    """
    scale, pitch, size = grid
    strength = cv2.cornerMinEigenVal(small.astype(np.float32) / 255, size)
    half = size // 2
    found: list[tuple[int, int]] = []
    for top in range(half, small.shape[0] - half, pitch):
        for left in range(half, small.shape[1] - half, pitch):
            block = strength[
                top : min(top + pitch, small.shape[0] - half), left : min(left + pitch, small.shape[1] - half)
            ]
            _, best, _, (x, y) = cv2.minMaxLoc(block)
            at = left + x - half, top + y - half
            if best >= texture and _unmistakable(small, at, size, reach, lookalike):
                found.append(at)
    corner = np.array(found, np.int32).reshape(-1, 2)
    centre = ((corner + (size - 1) / 2) * scale + (scale - 1) / 2).astype(np.float32)
    pieces = tuple(np.ascontiguousarray(small[y : y + size, x : x + size]) for x, y in found)
    return Patches(scale, size, corner, centre, pieces, _nearest(centre, 8))


def _unmistakable(small: Gray, at: tuple[int, int], size: int, reach: int, lookalike: float) -> bool:
    """True if no other place within `reach` px looks like the piece at (x, y)."""
    x, y = at
    left, top = max(x - reach, 0), max(y - reach, 0)
    window = small[top : y + size + reach, left : x + size + reach]
    match = cv2.matchTemplate(window, small[y : y + size, x : x + size], cv2.TM_CCOEFF_NORMED)
    near = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
    tops = (match >= cv2.dilate(match, near)) & (match > lookalike)
    tops[max(y - top - 2, 0) : y - top + 3, max(x - left - 2, 0) : x - left + 3] = False
    return not bool(tops.any())


def find_shifts(
    page: Gray, patches: Patches, guess: Points, reach: int
) -> tuple[Points, NDArray[np.float32]]:
    """Find each patch on `page` (template frame, 1/scale) within ±`reach` px of where `guess` puts it.

    Returns shifts (n, 2) in full-size px with sub-pixel peaks, and scores (n,) -1..1; a patch whose
    search window leaves the page scores -1.
    """
    shifts, scores = guess.copy(), np.full(len(patches), -1, np.float32)
    page = as_gray(cv2.copyMakeBorder(page, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE))
    height, width = page.shape
    side = patches.size + 2 * reach
    homes = patches.corner + MARGIN
    starts = homes + np.rint(guess / patches.scale).astype(np.int32) - reach
    for index, (left, top) in enumerate(starts.tolist()):
        if left < 0 or top < 0 or left + side > width or top + side > height:
            continue
        window = page[top : top + side, left : left + side]
        score = np.asarray(cv2.matchTemplate(window, patches.pieces[index], cv2.TM_CCOEFF_NORMED), np.float32)
        _, best, _, (x, y) = cv2.minMaxLoc(score)
        scores[index] = best
        home = homes[index]
        shifts[index] = (
            (left + x + peak(score[y], x) - home[0]) * patches.scale,
            (top + y + peak(score[:, x], y) - home[1]) * patches.scale,
        )
    return shifts, np.where(np.isfinite(scores), scores, np.float32(-1))


def trusted(
    patches: Patches, shifts: Points, scores: NDArray[np.float32], floor: float, tolerance: float
) -> Flags:
    """True for patches that score `floor` or more and move as their neighbours do, within `tolerance` px."""
    good = scores >= floor
    if not good.any():
        return good
    heard = good[patches.neighbours]
    around = np.sort(np.where(heard[..., None], shifts[patches.neighbours], np.inf), axis=1)
    half = np.maximum(heard.sum(axis=1) - 1, 0) // 2  # the lower median of those that were found
    middle = around[np.arange(len(around)), half]
    middle[~heard.any(axis=1)] = np.median(shifts[good], axis=0)
    near: Flags = np.hypot(*(shifts - middle).T) <= tolerance
    return good & near


def field_of_shifts(
    at: Points, shifts: Points, wanted: Points, widths: tuple[float, ...]
) -> tuple[Points, Points]:
    """Spread measured shifts at points `at` (n, 2) over `wanted` (m, 2): a plane, then ever finer waves.

    Each of `widths` (px, falling) smooths what the coarser ones left over, so a stretch that changes
    over a few widths is followed and a single wrong patch is not. Returns the field (m, 2) and what
    is left unexplained at the measured points (n, 2), both in px.
    """
    scale = float(np.abs(at).max()) + 1
    plane, *_ = np.linalg.lstsq(_affine(at / scale), shifts, rcond=None)
    left = shifts - _affine(at / scale) @ plane
    field = _affine(wanted / scale) @ plane
    for width in widths:
        field += _smooth(at, left, wanted, width)
        left = left - _smooth(at, left, at, width)
    return field.astype(np.float32), left.astype(np.float32)


def _smooth(at: Points, values: Points, wanted: Points, width: float) -> Points:
    ours, theirs = (points / np.float32(width * np.sqrt(2)) for points in (wanted, at))
    apart = (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None] - 2 * ours @ theirs.T
    weight = np.exp(np.clip(-apart, -30, 0), dtype=np.float32)
    blurred: Points = (weight @ values) / (weight.sum(axis=1, keepdims=True) + 0.05)
    return blurred


def _affine(points: Points) -> Points:
    return np.column_stack([np.ones(len(points), np.float32), points])


def peak(line: NDArray[np.float32], index: int) -> float:
    """Sub-pixel place of a maximum by a parabola through its neighbours, relative to `index`."""
    if not 0 < index < len(line) - 1:
        return 0.0
    before, here, after = (float(one) for one in line[index - 1 : index + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _nearest(centre: Points, count: int) -> NDArray[np.int32]:
    apart = np.hypot(centre[:, None, 0] - centre[None, :, 0], centre[:, None, 1] - centre[None, :, 1])
    return np.argsort(apart, axis=1, kind="stable")[:, 1 : count + 1].astype(np.int32)
