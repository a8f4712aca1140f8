"""Whether part of a second ballot shows beside the one that was found: two sheets went in together.

One of two overlapping sheets is whole on each side and reads perfectly well, so the other would be
lost without a word. It is told by the registration marks on the part that sticks out, and, where
the paper stands out from the backing, by paper longer or wider than a ballot. Two sheets that lie
on each other to within the bounds look like one; only the scanner's own sensor sees those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.upright import Frame, Upright
from scanner.pixels import INCH_MM, Gray

_DPI = 50.0  # of the pictures of the marks that are looked for
_PER_MM = _DPI / INCH_MM
_PEAKS = 2  # places kept of each mark in each strip: a row of marks has no more alike


@dataclass(frozen=True, slots=True)
class SecondSheetBounds:
    """Numbers of `calibration/second_sheet.toml`."""

    grown_mm: float  # the found page is taken to reach so far beyond its edges
    contrast: float  # grey levels; a strip that is more even holds no print
    min_score: float  # normalised correlation of each of two marks that lie as on a ballot
    sure_score: float  # of a single mark
    agree_mm: float  # how well the distance of two marks must be that of a ballot's
    larger_mm: float  # paper this much longer or wider than the ballot is more than one sheet


@dataclass(frozen=True, slots=True)
class _Seen:
    """A place that looks like one mark of one frame, px at 50 dpi."""

    frame: int
    turned: bool
    mark: int
    at: complex
    score: float


def second_sheet(image: Gray, found: Upright, frames: tuple[Frame, ...], bounds: SecondSheetBounds) -> bool:
    """True if marks of another ballot stand in `image` (h, w) beside the page found in it.

    Nothing is looked for where the picture ends with the page, or only bare backing lies beside it.
    """
    scale = _PER_MM / per_mm(found)
    corners = _corners(found, bounds.grown_mm) * scale
    size = image.shape[0] * scale, image.shape[1] * scale
    least = min(min(one.shape) for frame in frames for one in frame.coarse)
    seen: list[_Seen] = []
    for strip in _strips(corners, size, least):
        part, taken = _cut(image, corners, strip, scale)
        seen += _marks(part, taken, complex(strip[0], strip[1]), frames, bounds)
    return any(one.score >= bounds.sure_score for one in seen) or _two_of_a_ballot(seen, frames, bounds)


def too_large(paper_mm: tuple[float, float], found: Upright, bounds: SecondSheetBounds) -> bool:
    """True if the paper, as `(long, short)` side in mm, is larger than the ballot that lies on it."""
    page = max(found.frame.page_mm), min(found.frame.page_mm)
    return any(is_ - should > bounds.larger_mm for is_, should in zip(paper_mm, page, strict=True))


def per_mm(found: Upright) -> float:
    """Pixels of the image a mm of the page takes, as it was found."""
    return float(np.sqrt(abs(np.linalg.det(found.to_image[:, :2]))))


def _corners(found: Upright, grown_mm: float) -> NDArray[np.float64]:
    """The page's corners (4, 2) in px of the image, each moved outwards."""
    (w, h), g = found.frame.page_mm, grown_mm
    page = np.array([(-g, -g, 1), (w + g, -g, 1), (w + g, h + g, 1), (-g, h + g, 1)])
    return np.asarray(page @ found.to_image.T)


Strip = tuple[float, float, float, float]  # left, top, right, bottom


def _strips(corners: NDArray[np.float64], size: tuple[float, float], least: float) -> Iterator[Strip]:
    """What of a picture (h, w) lies above, below, left and right of the page, where a mark could show."""
    (high, wide), (x, y) = size, np.sort(corners, axis=0).T  # a page askew leaves more at one end
    if y[1] >= least:
        yield 0, 0, wide, min(high, float(y[1]))
    if high - y[2] >= least:
        yield 0, max(0.0, float(y[2])), wide, high
    if x[1] >= least:
        yield 0, 0, min(wide, float(x[1])), high
    if wide - x[2] >= least:
        yield max(0.0, float(x[2])), 0, wide, high


def _cut(image: Gray, corners: NDArray[np.float64], strip: Strip, scale: float) -> tuple[Gray, Gray]:
    """A strip at 50 dpi, and where the page lies in it (255)."""
    left, top, right, bottom = (round(one / scale) for one in strip)
    part = cv2.resize(
        image[top:bottom, left:right], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
    ).astype(np.uint8, copy=False)
    page = np.round(corners - strip[:2]).astype(np.int32)
    taken = cv2.fillConvexPoly(np.zeros(part.shape, np.uint8), page, [255])
    return part, np.asarray(taken, np.uint8)


def _marks(
    part: Gray, taken: Gray, corner: complex, frames: tuple[Frame, ...], bounds: SecondSheetBounds
) -> Iterator[_Seen]:
    """Places in a strip, clear of the page, that look like a mark."""
    free = part[taken == 0]
    if not free.size or int(free.max()) - int(free.min()) < bounds.contrast:
        return
    for index, frame in enumerate(frames):
        for turned, pictures in ((False, frame.coarse), (True, frame.turned[0])):
            for mark, picture in enumerate(pictures):
                for at, score in _peaks(part, taken, picture, bounds.min_score):
                    yield _Seen(index, turned, mark, corner + at, score)


def _peaks(part: Gray, taken: Gray, picture: Gray, least: float) -> Iterator[tuple[complex, float]]:
    """The best places of a picture, as centres, where no pixel of it lies on the page."""
    height, width = picture.shape
    if part.shape[0] < height or part.shape[1] < width:
        return
    match = cv2.matchTemplate(part, picture, cv2.TM_CCOEFF_NORMED)
    clash = cv2.dilate(taken, np.ones((height, width), np.uint8), anchor=(0, 0))
    match[clash[: match.shape[0], : match.shape[1]] > 0] = -1
    for _ in range(_PEAKS):
        _, score, _, (x, y) = cv2.minMaxLoc(match)
        if not score >= least:
            return
        yield complex(x, y) + complex(width - 1, height - 1) / 2, float(score)
        match[max(0, y - height) : y + height, max(0, x - width) : x + width] = -1


def _two_of_a_ballot(seen: list[_Seen], frames: tuple[Frame, ...], bounds: SecondSheetBounds) -> bool:
    """Two different marks of one frame, as far apart as they are printed."""
    for a, b in combinations(seen, 2):
        if (a.frame, a.turned) == (b.frame, b.turned) and a.mark != b.mark:
            marks = frames[a.frame].marks_mm
            apart = abs(complex(*marks[a.mark]) - complex(*marks[b.mark]))
            if abs(abs(a.at - b.at) / _PER_MM - apart) <= bounds.agree_mm:
                return True
    return False
