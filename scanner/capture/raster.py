"""PNG, TIFF, BMP and WebP to gray: any depth, any colour, alpha on white, TIFF page by page."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from scanner.capture import strict_tiff
from scanner.capture.jpeg import BROKEN
from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import Gray

FORMATS = ("PNG", "TIFF", "BMP", "WEBP")  # never all of Pillow's: some start other programs


def size(data: bytes) -> tuple[int, int]:
    """(width, height) in px of the first page by the header alone; ImageError if it has none, or no end."""
    with _opened(data, 0) as picture:
        if picture.format == "PNG" and data.rfind(b"IEND") < 0:
            raise ImageError("is a PNG cut short")
        return picture.size


def gray(data: bytes, page: int) -> tuple[Gray, tuple[float, float] | None]:
    """One page as gray levels (h, w), turned as its orientation tag asks, and its claimed (x, y) dpi.

    ImageError if the page is not there, larger than the limit, damaged, or of a kind no scanner writes.
    """
    with _opened(data, page) as picture:
        _check_size(*picture.size)
        if picture.format == "TIFF" and picture.info.get("compression") != "raw":
            strict_tiff.check(data, page)
        return _levels(picture), _dpi(picture)


def tiff_pages(data: bytes) -> int:
    """Number of pages of a TIFF: its chain of directories, followed to the limit, never in a circle."""
    seen: set[int] = set()
    for place in _directories(data):
        if place in seen:
            raise ImageError("is a TIFF whose pages lead in a circle")
        seen.add(place)
        if len(seen) > limits().max_pages:
            raise ImageError(f"has more than {limits().max_pages} pages; split it")
    if not seen:
        raise ImageError("is a TIFF without a page")
    return len(seen)


def _directories(data: bytes) -> Iterator[int]:
    """Offsets of the image file directories, classic TIFF and BigTIFF (TIFF 6.0, section 2)."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in {b"+\0", b"\0+"}
    offset, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
    try:
        (place,) = struct.unpack_from(order + offset, data, 8 if big else 4)
        while place:
            yield place
            (entries,) = struct.unpack_from(order + count, data, place)
            after = place + struct.calcsize("=" + count) + entries * entry
            (place,) = struct.unpack_from(order + offset, data, after)
    except (struct.error, OverflowError) as error:
        raise ImageError("is a TIFF cut short") from error


@contextmanager
def _opened(data: bytes, page: int) -> Iterator[Image.Image]:
    """The picture at its page, nothing decoded yet; everything that breaks meanwhile is an ImageError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged tags are warned of; what matters raises
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _turn_to(picture, page)
                yield picture
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large()) from error
    except BROKEN as error:
        raise ImageError("is damaged or not an image") from error


def _turn_to(picture: Image.Image, page: int) -> None:
    if picture.format != "TIFF" and getattr(picture, "n_frames", 1) > 1:
        raise ImageError("is an animation, not a scan")
    if page:
        picture.seek(page)


def _check_size(width: int, height: int) -> None:
    if width * height > limits().max_megapixels * 1e6:
        raise ImageError(_too_large())


def _too_large() -> str:
    return f"is larger than {limits().max_megapixels:g} million pixels"


def _levels(picture: Image.Image) -> Gray:
    if picture.mode.startswith("I;16"):
        picture.load()
        return np.asarray(np.asarray(picture) >> 8, np.uint8)  # the high byte: 65535 is white
    if picture.mode in {"I", "F"}:
        raise ImageError("has 32-bit gray levels, which no scanner writes")
    if picture.has_transparency_data:
        picture = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        light = picture.convert("L")
        light = Image.composite(light, Image.new("L", light.size, 255), picture.getchannel("A"))
        return np.asarray(light, np.uint8).copy()
    if picture.mode not in {"1", "L", "RGB"}:
        picture = picture.convert("RGB")
    return np.asarray(picture.convert("L"), np.uint8).copy()


def _dpi(picture: Image.Image) -> tuple[float, float] | None:
    try:
        x, y = picture.info["dpi"]
        return float(x), float(y)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
