"""A bar code on paper: Code 128 as black bars in millimetres, drawn by zxing-cpp."""

from itertools import groupby

import numpy as np
import zxingcpp

from scanner.ballot import Rect
from scanner.layout.ink import Box

QUIET = 10  # modules of white before and after the bars that Code 128 asks for (ISO/IEC 15417)


def modules(text: str) -> tuple[bool, ...]:
    """Black (True) or white for each module of the bar code of `text`, without the quiet zones."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    row = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))[0]
    return tuple(bool(one < 128) for one in row)


def bars(text: str, place: Rect, *, upright: bool = False) -> tuple[Box, ...]:
    """The bars that fill `place` with its quiet zones, side by side, or one above the other if `upright`."""
    code = modules(text)
    module = (place.h if upright else place.w) / (len(code) + 2 * QUIET)
    drawn, at = [], QUIET
    for black, run in groupby(code):
        wide = len(list(run))
        if black:
            drawn.append(Box(_bar(place, at * module, wide * module, upright=upright), fill="#000000"))
        at += wide
    return tuple(drawn)


def _bar(place: Rect, at: float, wide: float, *, upright: bool) -> Rect:
    if upright:
        return Rect(place.x, place.y + at, place.w, wide)
    return Rect(place.x + at, place.y, wide, place.h)
