"""Whether the names on a ballot are those of its list: print that must be there and is not.

§ 10-3 (3): on a ballot that differs from the official list the voter's changes do not count, so a
form on which a single name differs must be seen. A voter's ink only adds, a strike through a name
leaves its letters dark: print that is missing was never printed, or is covered or torn away.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.ballot import Field
from scanner.classify.atlas import PER_MM
from scanner.classify.raster import inside
from scanner.classify.registered import Registered
from scanner.pixels import Gray

_PAIR = np.ones((2, 2), np.uint8)
_TOWARDS = ((0, 0), (0, 1), (1, 0), (1, 1))  # half-size px: a page resampled lies up to half a px off


@dataclass(frozen=True, slots=True)
class NameBounds:
    """Numbers of `calibration/printed_names.toml`."""

    pale: float  # share of the way from solid print to paper from which on print is not there
    gone: float  # share of a line's print that is not there, from which it is another line


def other_names(page: Registered, lines: tuple[Field, ...], bounds: NameBounds) -> tuple[Field, ...]:
    """The lines (candidates' names, mm on the face) that do not hold the print they should.

    Pure; `page` must lie on its own picture (`page.ok`), else every line would differ.
    """
    level = page.black + bounds.pale * (page.paper - page.black)
    missing = [_missing(page, level, towards) for towards in _TOWARDS]
    return tuple(
        one
        for one in lines
        if min(_count(gone, one) for gone in missing) > bounds.gone * max(_count(page.template.dark, one), 1)
    )


def _missing(page: Registered, level: float, towards: tuple[int, int]) -> Gray:
    """Print of the picture (half size) where the page is paler than `level`, half a pixel off one way."""
    darkest = cv2.erode(page.half, _PAIR, anchor=towards)
    return np.asarray(cv2.bitwise_and(inside(np.asarray(darkest, np.uint8), level, 255), page.template.dark))


def _count(mask: Gray, line: Field) -> int:
    """Marked pixels of a half-size mask on a line."""
    k, rect = PER_MM / 2, line.rect
    window = mask[int(rect.y * k) : int((rect.y + rect.h) * k), int(rect.x * k) : int((rect.x + rect.w) * k)]
    return cv2.countNonZero(window) if window.size else 0
