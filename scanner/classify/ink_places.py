"""Where the strokes of a page lie, in mm on the face, and how much of their ink lies in a place."""

import numpy as np

from scanner.ballot import Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import COARSE, Ink, Stroke


def rect_of(stroke: Stroke) -> Rect:
    """Bounding box of a stroke in mm."""
    return Rect(stroke.x / PER_MM, stroke.y / PER_MM, stroke.w / PER_MM, stroke.h / PER_MM)


def meet(one: Rect, other: Rect, gap: float = 0.0) -> bool:
    """True if two rectangles come within `gap` mm of each other; touching is enough."""
    return (
        one.x - gap <= other.x + other.w
        and other.x <= one.x + one.w + gap
        and one.y - gap <= other.y + other.h
        and other.y <= one.y + one.h + gap
    )


def around(one: Rect, other: Rect) -> Rect:
    """The smallest rectangle that holds both."""
    left, top = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.w, other.x + other.w), max(one.y + one.h, other.y + other.h)
    return Rect(left, top, right - left, bottom - top)


def ink_in(rect: Rect, ink: Ink, strokes: tuple[int, ...]) -> float:
    """Ink in mm² that these strokes have in a rectangle (mm)."""
    if not any(meet(rect_of(ink.strokes[one - 1]), rect) for one in strokes):
        return 0.0
    x, y, w, h = (round(one * PER_MM / COARSE) for one in (rect.x, rect.y, rect.w, rect.h))
    theirs = np.isin(ink.labels[y : y + h, x : x + w], strokes)
    mask = ink.mask[y * COARSE : (y + theirs.shape[0]) * COARSE, x * COARSE : (x + theirs.shape[1]) * COARSE]
    cells = mask.reshape(theirs.shape[0], COARSE, theirs.shape[1], COARSE).mean(axis=(1, 3)) / 255
    return float((cells * theirs).sum()) * (COARSE / PER_MM) ** 2
