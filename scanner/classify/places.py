"""Whether the print at one place of a registered page is where and what it should be."""

import cv2
import numpy as np

from scanner.classify.raster import inside
from scanner.classify.register import pale_from
from scanner.classify.registered import Rect, Registered


def print_shift(page: Registered, rect: Rect, reach: int = 8) -> tuple[float, float]:
    """How far the print in `rect` (x, y, w, h in template px) lies from its place, and how sure that is.

    Returns (px, gain): the distance to the place within ±`reach` px where most of the solid print is
    found, and the share 0..1 of it found there but not within 1 px of its own place. A voter's ink
    adds darkness and hides none, so it hardly disturbs this; (0, 0) where little is printed.
    """
    x, y, w, h = rect
    height, width = page.image.shape
    left, top = max(x, reach), max(y, reach)
    right, low = min(x + w, width - reach), min(y + h, height - reach)
    if right - left < 8 or low - top < 8:
        return 0.0, 0.0
    limits = page.template.limits
    ours = inside(page.template.gray[top:low, left:right], 0, limits.solid) // 255
    window = page.image[top - reach : low + reach, left - reach : right + reach]
    theirs = inside(window, 0, pale_from(page.paper, page.black, limits)) // 255
    count = int(ours.sum())
    if count < 4 * limits.cell_print:
        return 0.0, 0.0
    found = np.asarray(cv2.matchTemplate(theirs, ours, cv2.TM_CCORR), np.float32) / count
    _, best, _, (px, py) = cv2.minMaxLoc(found)
    here = float(found[reach - 1 : reach + 2, reach - 1 : reach + 2].max())
    return float(np.hypot(px - reach, py - reach)), best - here


def gone_share(page: Registered, rect: Rect) -> float:
    """Share 0..1 of the solid print in `rect` that is gone; 0 where nothing can be said.

    A voter's ink over print makes nothing go. Nothing can be said where little is printed, or not
    all of it is on the scan.
    """
    window = _window(page, rect)
    gone = 0 if window is None else cv2.countNonZero(page.gone_print[window])
    if window is None or not gone:  # the usual case
        return 0.0
    dark = cv2.countNonZero(page.template.dark[window])
    rows, columns = window
    whole = (
        2 * columns.start,
        2 * rows.start,
        2 * (columns.stop - columns.start),
        2 * (rows.stop - rows.start),
    )
    if dark < page.template.limits.cell_print or not page.shows(whole):
        return 0.0
    return gone / dark


def likeness(page: Registered, rect: Rect) -> float:
    """How much `rect` looks like the words it should show, -1..1, at its best place within 2 px."""
    window = _window(page, rect)
    if window is None:
        return 1.0
    rows, columns = window
    around = page.half[rows.start - 2 : rows.stop + 2, columns.start - 2 : columns.stop + 2]
    return float(np.max(cv2.matchTemplate(around, page.template.half[window], cv2.TM_CCOEFF_NORMED)))


def _window(page: Registered, rect: Rect) -> tuple[slice, slice] | None:
    """The rectangle (template px) on half-size pictures; None if too little of it is on the page."""
    x, y, w, h = (round(side / 2) for side in rect)
    left, top = max(x, 3), max(y, 3)
    right, low = min(x + w, page.half.shape[1] - 3), min(y + h, page.half.shape[0] - 3)
    return (slice(top, low), slice(left, right)) if right - left >= 8 and low - top >= 4 else None
