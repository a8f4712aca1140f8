"""The ten digits of the ballot number line as printed, for whoever wants to read it."""

from functools import cache

from scanner.ballot import Rect
from scanner.layout.ink import Font, Page, Text
from scanner.layout.raster import render
from scanner.layout.style import Style
from scanner.pixels import INCH_MM, Picture

_STEP = 5.08  # mm from digit to digit: two cells, so that no neighbour reaches in
_BASELINE = 2.9  # mm below the top of a cell, as on the ballots


def digit_pictures(style: Style, dpi: float) -> tuple[Picture, ...]:
    """Pictures (h, w) gray of "0".."9", each as large as a cell of the style's ballot number."""
    cell = style.digits[0][0]
    return _digits(Rect(0, 0, cell.w, cell.h), dpi)


@cache
def _digits(cell: Rect, dpi: float) -> tuple[Picture, ...]:
    texts = tuple(Text(_STEP * one, _BASELINE, str(one), 10.0, Font.OCR_B) for one in range(10))
    (strip,) = render([Page((10 * _STEP, cell.h + 1), texts)], dpi)
    per_mm = dpi / INCH_MM
    wide, high = round(cell.w * per_mm), round(cell.h * per_mm)
    lefts = (round(one * _STEP * per_mm) for one in range(10))
    return tuple(strip[:high, left : left + wide].copy() for left in lefts)
