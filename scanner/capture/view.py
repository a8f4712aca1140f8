"""A side at a glance: small, and with the paper told from the scanner's backing where that can be seen."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

GLANCE_DPI = 50.0  # 2 px a mm: coarse enough for a glance to cost a millisecond
_GRAIN = 5  # px: dirt on the backing up to 2 mm wide is no paper


@dataclass(frozen=True, slots=True)
class Backing:
    """Numbers of `calibration/backing.toml`."""

    near: float
    share: float
    dark: float
    apart: float


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A glance of a side, `unit` px a mm, and where the paper lies in it.

    `top`, `bottom`, `left`, `right`: first row and column of the paper, and one past the last. `corners`
    (4, 2) of the turned paper in px and `size_mm` (long, short side) are there only where the paper's
    edges are seen all around; `backing` (h, w) is then True beside the paper.
    """

    gray: Gray
    unit: float
    top: int
    bottom: int
    left: int
    right: int
    corners: npt.NDArray[np.float32] | None = None
    size_mm: tuple[float, float] | None = None
    backing: npt.NDArray[np.bool_] | None = None

    @property
    def paper(self) -> Gray:
        """The paper alone, upright box."""
        return self.gray[self.top : self.bottom, self.left : self.right]


@cache
def _backing() -> Backing:
    return calibration("backing", Backing)


def view(gray: Gray, dpi: float, to_dpi: float = GLANCE_DPI) -> View:
    """A side (h, w) scanned at `dpi`, reduced to about `to_dpi` by a whole number."""
    by = max(1, round(dpi / to_dpi))
    return view_of(reduced(gray, by), dpi / by / INCH_MM)


def reduced(gray: Gray, by: int) -> Gray:
    """The page `by` times smaller, each pixel the mean of its square; a last odd row or column is left out.

    By twos as long as that goes, and without remainder: 0.2 ms instead of 7 for a page of 200 dpi.
    """
    while by > 1 and by % 2 == 0:
        gray, by = _averaged(gray, 2), by // 2
    return _averaged(gray, by) if by > 1 else gray


def _averaged(gray: Gray, by: int) -> Gray:
    height, width = max(1, gray.shape[0] // by), max(1, gray.shape[1] // by)
    whole = gray[: height * by, : width * by]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def view_of(glance: Gray, unit: float) -> View:
    """The view of a page that is small already, `unit` px a mm."""
    height, width = glance.shape
    backing = _beside(glance)
    if backing is None:
        return View(glance, unit, 0, height, 0, width)
    rim = _rim_of(~backing)
    if rim is None:
        return View(glance, unit, 0, height, 0, width)
    left, top = rim.min(axis=0)
    right, bottom = rim.max(axis=0) + 1
    around = cv2.minAreaRect(rim.astype(np.float32))
    sides = sorted(((one + 1) / unit for one in around[1]), reverse=True)
    corners = np.asarray(cv2.boxPoints(around), np.float32)
    edges = int(top), int(bottom), int(left), int(right)
    return View(glance, unit, *edges, corners, (sides[0], sides[1]), backing)


def _beside(glance: Gray) -> npt.NDArray[np.bool_] | None:
    """True where the backing shows; None where it cannot be told from the paper."""
    limits = _backing()
    rim = np.concatenate([glance[0], glance[-1], glance[:, 0], glance[:, -1]]).astype(np.int16)
    level = int(np.median(rim))
    even = float((np.abs(rim - level) <= limits.near).mean()) >= limits.share
    paper = float(np.percentile(glance[::4, ::4], 90))
    if not even or level > limits.dark * paper:
        return None
    low, high = max(0, int(level - limits.apart)), min(255, int(level + limits.apart))
    beside = cv2.inRange(glance, np.array([low]), np.array([high]))
    grain = np.ones((_GRAIN, _GRAIN), np.uint8)
    return np.asarray(cv2.morphologyEx(beside, cv2.MORPH_CLOSE, grain, borderValue=[255]) > 0)


def _rim_of(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64] | None:
    """First and last point (x, y) of every row and column that has any; None if nothing has."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        return None
    height, width = mask.shape
    across, down = mask[rows], mask[:, columns]
    points = (
        np.column_stack([across.argmax(axis=1), rows]),
        np.column_stack([width - 1 - across[:, ::-1].argmax(axis=1), rows]),
        np.column_stack([columns, down.argmax(axis=0)]),
        np.column_stack([columns, height - 1 - down[::-1].argmax(axis=0)]),
    )
    return np.concatenate(points)
