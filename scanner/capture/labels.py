"""Finding a box label on a sheet: two readers of bar codes that share no code must see the same.

zxing-cpp looks at the page, zbar at the page squashed along the bars: that averages the noise of a
bad scanner away and takes a tenth of the time. Anything but agreement is doubt: a person looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from scanner.box_label import Written, written
from scanner.capture.quality import bare
from scanner.capture.view import reduced, view_of
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray

_CODE_128 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128])


@dataclass(frozen=True, slots=True)
class LabelBounds:
    """Numbers of `calibration/labels.toml`."""

    look_dpi: float  # resolution at which a page is searched for bar codes
    squash_mm: float  # rows averaged into one for the second reader
    long_side_mm: float  # of a page whose resolution nobody told


@dataclass(frozen=True, slots=True)
class NoLabel:
    """Neither reader sees a label: the sheet is a ballot, or whatever else lay in the box."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Both readers see this label, and the sheet's other side is empty."""

    digits: str
    says: Written


@dataclass(frozen=True, slots=True)
class Unsure:
    """There is a label, but not one to trust; `text` says why in a sentence."""

    text: str


Sighting = NoLabel | Seen | Unsure


@cache
def label_bounds() -> LabelBounds:
    """The shipped numbers; ModelError if the file is damaged."""
    return calibration("labels", LabelBounds)


def find_label(sides: Sequence[tuple[Gray, float | None]]) -> Sighting:
    """The label on a sheet, from the gray page (h, w) and dpi (None: not known) of each of its sides."""
    bounds = label_bounds()
    small = [_reduced(gray, dpi, bounds) for gray, dpi in sides]
    first = [_by_zxing(one) for one in small]
    second = [_by_zbar(one, bounds) for one in small]
    one, other = frozenset[str]().union(*first), frozenset[str]().union(*second)
    if not one and not other:
        return NoLabel()
    if one != other:
        return Unsure("The two readers of bar codes do not agree on a label.")
    if len(one) > 1:
        return Unsure("Two labels went through together.")
    backs = [page for page, codes in zip(small, first, strict=True) if not codes]
    if not all(bare(view_of(page, bounds.look_dpi / INCH_MM)) for page in backs):
        return Unsure("There is print on the back of a label: it may have taken a ballot along.")
    (digits,) = one
    says = written(digits)
    return Seen(digits, says) if says else NoLabel()


def _reduced(gray: Gray, dpi: float | None, bounds: LabelBounds) -> Gray:
    """The page at about `look_dpi`, by a whole number: bars stay sharp."""
    known = dpi or max(gray.shape) / bounds.long_side_mm * INCH_MM
    by = max(1, round(known / bounds.look_dpi))
    return reduced(gray, by)


def _scaled(gray: Gray, width: int, height: int) -> Gray:
    size = max(1, width), max(1, height)
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)


def _by_zxing(page: Gray) -> frozenset[str]:
    """Labels that zxing-cpp sees: lying, upright, or upside down."""
    found = zxingcpp.read_barcodes(page, formats=_CODE_128, try_invert=False)
    return frozenset(one.text for one in found if written(one.text))


def _by_zbar(page: Gray, bounds: LabelBounds) -> frozenset[str]:
    """Labels that zbar sees, first lying, then upright."""
    by = max(1, round(bounds.squash_mm * bounds.look_dpi / INCH_MM))
    height, width = page.shape
    flat = _scaled(page, width, height // by)
    tall = np.ascontiguousarray(_scaled(page, width // by, height).T)
    found = [one for view in (flat, tall) for one in pyzbar.decode(view, symbols=[pyzbar.ZBarSymbol.CODE128])]
    texts = (one.data.decode("ascii", "replace") for one in found)
    return frozenset(one for one in texts if written(one))
