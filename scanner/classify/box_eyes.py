"""Reader B of boxes: a small network looks at the bare picture of a box and says how sure it is.

It shares nothing with reader A: it sees neither the blank form nor the residual, only the raw gray
around the box, brought to its own paper level.
"""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import MarkState
from scanner.classify.eyes import Floats, Model, shipped_model
from scanner.config import calibration
from scanner.pixels import Gray

SIDE = 40  # px, the network's input; with 2.2 boxes across, a box is 18 px and a 0.3 mm line 1.4 px
ACROSS = 2.2  # windows are this many boxes wide: 60 % of the box on each side
LEAN = 2.0  # a box longer than this is not squeezed further: its window grows across instead


class Sight(IntEnum):
    """What the network tells apart; the order of its outputs."""

    NOTHING = 0
    MARK = 1
    CORRECTED = 2  # marked and then undone: erased, struck out, blacked out
    UNCLEAN = 3  # streak, dark fold, box cut off: cannot say


@dataclass(frozen=True, slots=True)
class Bounds:
    """Probability at or above `hi` is surely marked, at or below `lo` surely unmarked (0..1)."""

    lo: float
    hi: float

    def state(self, probability: float) -> MarkState:
        """The state of one box; what lies between the bounds (or is no number) is doubtful."""
        if probability >= self.hi:
            return MarkState.MARKED
        return MarkState.UNMARKED if probability <= self.lo else MarkState.DOUBTFUL


class Eyes(Protocol):
    """Reader B. The shipped one is `OnnxEyes`."""

    def marks(self, crops: Gray) -> Floats:
        """Probability 0..1 that the voter marked each box; crops are (n, 40, 40) from `crop`."""
        ...  # pragma: no cover


class OnnxEyes:
    """Eyes that open one model, once, and use one thread (the house runs one process per core)."""

    def __init__(self, model: Path | None = None) -> None:
        """Open `model` (default: the shipped mark model).

        Raises ModelError if the card or the file is missing or the two do not belong together.
        """
        self._model = Model(model) if model else shipped_model("mark")
        self.card = self._model.card

    def see(self, crops: Gray) -> Floats:
        """Calibrated probabilities (n, 4) in the order of `Sight` for crops uint8 (n, 40, 40)."""
        if not len(crops):
            return np.zeros((0, len(Sight)), np.float32)
        return self._model(levelled(crops))

    def marks(self, crops: Gray) -> Floats:
        """Probability (n,) that the voter marked the box, for crops uint8 (n, 40, 40)."""
        return chance(self.see(crops))


def chance(seen: Floats) -> Floats:
    """One probability (n,) from four (n, 4): a corrected or unclean box counts half.

    Half, because neither may ever lie near 0 or 1: both bounds then send it to a person.
    """
    return seen @ np.asarray([0.0, 1.0, 0.5, 0.5], np.float32)


def crop(image: Gray, rects_px: npt.ArrayLike) -> Gray:
    """The raw gray around each box, (n, 40, 40), from a gray page (h, w).

    `rects_px` is (n, 4): x, y, width, height of the boxes in pixels of the page. What lies off
    the page is black, so that paper which is not there is never taken for clean paper.
    """
    rects = np.asarray(rects_px, np.float64).reshape(-1, 4)
    crops = np.zeros((len(rects), SIDE, SIDE), np.uint8)
    for out, (left, top, right, bottom) in zip(crops, windows(rects, image.shape), strict=True):
        cut = _cut(image, left, top, right, bottom)
        how = cv2.INTER_AREA if min(cut.shape) >= SIDE else cv2.INTER_LINEAR
        cv2.resize(cut, (SIDE, SIDE), dst=out, interpolation=how)
    return crops


def windows(rects: npt.NDArray[np.float64], page: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Whole pixels left, top, right, bottom that the eyes look at for boxes (n, 4) x, y, w, h.

    At most one page size (h, w) off the page on each side, however wild the boxes: memory is bounded.
    """
    far = np.asarray([page[1], page[0], page[1], page[0]])
    size = rects[:, 2:]
    half = np.maximum(size, size[:, ::-1] / LEAN) * ACROSS / 2
    middle = rects[:, :2] + size / 2
    edges = np.rint(np.clip(np.hstack([middle - half, middle + half]), -far, 2 * far)).astype(int)
    edges[:, 2:] = np.maximum(edges[:, 2:], edges[:, :2] + 1)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in edges]


def levelled(crops: Gray) -> Floats:
    """Crops uint8 (n, 40, 40) as the network takes them: (n, 1, 40, 40), ink 0.. on paper 1.

    The paper level is the fifth lightest of each crop; one pixel in sixteen is enough to know it.
    Below a quarter of white there is no paper to speak of.
    """
    few = np.sort(crops[:, 1::4, 1::4].reshape(len(crops), -1), axis=1)
    paper = np.maximum(few[:, int(few.shape[1] * 0.8)], 64).astype(np.float32)
    return np.minimum(crops / paper[:, None, None], np.float32(1.25))[:, None].astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Shipped:
    """`calibration/mark_model.toml`."""

    lo: float
    hi: float
    foreign_lo: float
    foreign_hi: float


def bounds() -> Bounds:
    """The shipped bounds of reader B for boxes of Norwegian ballots, from `calibration/mark_model.toml`."""
    all_ = calibration("mark_model", _Shipped)
    return Bounds(all_.lo, all_.hi)


def foreign_bounds() -> Bounds:
    """The shipped bounds of reader B for targets on any other paper: there a filled oval is a plain vote."""
    all_ = calibration("mark_model", _Shipped)
    return Bounds(all_.foreign_lo, all_.foreign_hi)


def _cut(image: Gray, left: int, top: int, right: int, bottom: int) -> Gray:
    """image[top:bottom, left:right], with black where that reaches off the page."""
    height, width = image.shape
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return image[top:bottom, left:right]
    cut = np.zeros((bottom - top, right - left), np.uint8)
    inside = image[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    y, x = max(-top, 0), max(-left, 0)
    cut[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return cut
