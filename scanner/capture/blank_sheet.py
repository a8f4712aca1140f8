"""Dirt on a blank white sheet: lines along the feed are on the glass, specks may be on the paper."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.capture.glass import glass_limits, streaks
from scanner.capture.quality import bare
from scanner.capture.view import View, view
from scanner.pixels import Gray

LOOK_DPI = 100.0


@dataclass(frozen=True, slots=True)
class Dirt:
    """What was seen on one side. All in mm from the top left of the picture."""

    blank: bool  # False: the sheet is printed, and says nothing about the glass
    streaks: tuple[float, ...]  # from the left
    specks: tuple[tuple[float, float, float], ...]  # left, top, longest side

    @property
    def clean(self) -> bool:
        """True if a count may start: no lines on the glass."""
        return self.blank and not self.streaks


def dirt(gray: Gray, dpi: float) -> Dirt:
    """Lines and specks on a side (h, w) of a blank sheet scanned at `dpi`."""
    seen = view(gray, dpi, LOOK_DPI)
    if not bare(seen):
        return Dirt(blank=False, streaks=(), specks=())
    lines = streaks(gray, dpi)
    return Dirt(True, lines, tuple(_specks(seen, lines)))  # noqa: FBT003 - the first member


def _specks(seen: View, lines: tuple[float, ...]) -> list[tuple[float, float, float]]:
    """Dark spots off the edges and off the lines."""
    limits, unit = glass_limits(), seen.unit
    edge = int((limits.rim_mm if seen.size_mm is None else limits.edge_mm) * unit)
    left, top = seen.left + edge, seen.top + edge
    part = np.ascontiguousarray(seen.gray[top : seen.bottom - edge, left : seen.right - edge])
    if min(part.shape) < 3:
        return []
    around = np.asarray(cv2.blur(part, (2 * round(limits.beside_mm * unit / 2) + 1,) * 2))
    dark = np.asarray(cv2.subtract(around, part) > limits.speck_levels, np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(dark)
    found = []
    for x, y, wide, high, _ in boxes[1:count]:
        place = (left + x + wide / 2) / unit, (top + y + high / 2) / unit
        if not any(abs(place[0] - one) < limits.same_mm for one in lines):
            found.append((round(place[0], 1), round(place[1], 1), round(max(wide, high) / unit, 1)))
    return found


def per_side(sides: list[Dirt], side: str) -> tuple[str, ...]:
    """What to tell the operator of one side of the scanner, over the sheets fed: a sentence each."""
    if any(not one.blank for one in sides):
        return (f"The {side} of a sheet is printed: feed blank white sheets.",)
    lines = sorted({round(one) for each in sides for one in each.streaks})
    where = ", ".join(f"{one} mm" for one in lines)
    told = [f"There is dirt on the glass of the {side}, {where} from the left: clean it."] if lines else []
    specks = [one for each in sides for one in each.specks]
    if specks:
        places = "; ".join(f"{x:g}, {y:g}" for x, y, _ in specks[:5])
        told.append(f"{len(specks)} specks on the {side} (mm from the left, from the top: {places}).")
    return tuple(told)
