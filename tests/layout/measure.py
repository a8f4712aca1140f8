"""How positions are measured, in an official drawing and in our own print alike.

A picture is gray, with a scale (mm a pixel) and the pixel of the paper's top left corner. All
windows and answers are mm on the paper.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect

_QUIET = 25  # levels of darkness that count as paper, pattern of the JPEG included


@dataclass(frozen=True, slots=True)
class Seen:
    """A gray picture of one face and where the paper lies in it."""

    gray: npt.NDArray[np.uint8]
    mm: tuple[float, float]  # a pixel, across and down
    corner: tuple[float, float] = (0.0, 0.0)  # pixels

    def window(self, rect: Rect) -> tuple[npt.NDArray[np.float64], float, float]:
        """The pixels of the window, whole ones, and the mm of their first edges."""
        x0, x1 = self._pixels(0, rect.x, rect.w)
        y0, y1 = self._pixels(1, rect.y, rect.h)
        part = self.gray[y0:y1, x0:x1].astype(float)
        return part, (x0 - self.corner[0]) * self.mm[0], (y0 - self.corner[1]) * self.mm[1]

    def _pixels(self, axis: int, start: float, length: float) -> tuple[int, int]:
        first, last = (self.corner[axis] + mm / self.mm[axis] for mm in (start, start + length))
        return max(0, round(first)), round(last)


def measured(seen: Seen, how: str, rect: Rect) -> tuple[float, ...]:
    """The answer of one row of the table: `centre`, `word`, `line-x`, `line-y`, `step-x`, `step-y`."""
    match how:
        case "word":
            return word(seen, rect)
        case "centre":
            return centre(seen, rect)
        case "line-x" | "line-y":
            return (centre(seen, rect)[how == "line-y"],)
        case _:
            return (step(seen, rect, down=how == "step-y"),)


def centre(seen: Seen, rect: Rect) -> tuple[float, float]:
    """Centroid of the ink in the window: darkness below the window's own ground, weighted."""
    part, x, y = seen.window(rect)
    dark = np.clip(np.percentile(part, 90) - part - _QUIET, 0, None)
    return x + _middle(dark.sum(0)) * seen.mm[0], y + _middle(dark.sum(1)) * seen.mm[1]


def word(seen: Seen, rect: Rect) -> tuple[float, float]:
    """Left end of the words, where 2 % of their ink is passed, and the y of their centroid."""
    part, x, y = seen.window(rect)
    dark = np.clip(np.percentile(part, 90) - part - _QUIET, 0, None)
    passed = np.concatenate([[0.0], np.cumsum(dark.sum(0))]) / dark.sum()
    left = float(np.interp(0.02, passed, np.arange(len(passed))))
    return x + left * seen.mm[0], y + _middle(dark.sum(1)) * seen.mm[1]


def _middle(weights: npt.NDArray[np.float64]) -> float:
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


def step(seen: Seen, rect: Rect, *, down: bool) -> float:
    """Where the mean level changes from one end of the window to the other."""
    part, x, y = seen.window(rect)
    profile = part.mean(1 if down else 0)
    a, b = profile[:2].mean(), profile[-2:].mean()
    share = float(np.clip((b - profile) / (b - a), 0, 1).sum())
    return (y if down else x) + share * seen.mm[down]
