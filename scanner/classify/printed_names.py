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
    dark = page.template.dark
    gone = np.asarray(cv2.bitwise_and(inside(page.half, level, 255), dark), np.uint8)
    return tuple(one for one in lines if _count(gone, one) > bounds.gone * max(_count(dark, one), 1))


def _count(mask: Gray, line: Field) -> int:
    """Marked pixels of a half-size mask on a line."""
    k, rect = PER_MM / 2, line.rect
    window = mask[int(rect.y * k) : int((rect.y + rect.h) * k), int(rect.x * k) : int((rect.x + rect.w) * k)]
    return cv2.countNonZero(window) if window.size else 0
