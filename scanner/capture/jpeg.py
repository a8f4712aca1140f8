"""JPEG to gray, strictly: a damaged file is refused, never half read.

Measured 2026-11-22: of the common decoders only libjpeg-turbo in strict mode (simplejpeg) refuses
both a file cut in half and one with 64 bytes zeroed in the middle; others hand over a page that is
partly gray, which would read as an unmarked ballot.
"""

import io
import warnings

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import Gray

# What Pillow and struct raise on hostile bytes; found by feeding them such bytes, not by their documentation.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    Image.DecompressionBombError,
)

_EXIF_ORIENTATION = 0x0112
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as JPEG's own Y
_BAND = 256  # rows


def size(data: bytes) -> tuple[int, int]:
    """(width, height) in px by the header alone; ImageError if it has none, too many scans, or no end."""
    if not _one_scan(data) and data.count(b"\xff\xda") > limits().max_jpeg_scans:
        raise ImageError("is a JPEG with more scans than any camera or scanner writes")
    height, width, _, _ = _header(data)
    if data.rfind(b"\xff\xd9") < 0:  # the cheapest sign of a file that was not copied to its end
        raise ImageError("is a JPEG cut short")
    return width, height


def gray(data: bytes) -> Gray:
    """The picture as gray levels (h, w), as stored, not turned; ImageError if any part is damaged."""
    try:
        if _header(data)[2] in {"CMYK", "YCCK"}:
            return _from_cmyk(simplejpeg.decode_jpeg(data, "CMYK"))
        return np.asarray(simplejpeg.decode_jpeg(data, "GRAY")[:, :, 0])
    except (ValueError, MemoryError) as error:
        raise ImageError(f"is a damaged JPEG ({_plain(error)})") from error


def check(data: bytes) -> None:
    """ImageError as `gray` raises it, in four fifths of the time: unpacked whole, drawn an eighth as large.

    Measured on 2026-11-22 with 180 damages of a page at 200 dpi: the very same are refused.
    """
    height, width, space, _ = _header(data)
    kind = "CMYK" if space in {"CMYK", "YCCK"} else "GRAY"
    try:
        simplejpeg.decode_jpeg(data, kind, True, True, height // 8, width // 8, 1)  # noqa: FBT003 - fast
    except (ValueError, MemoryError) as error:
        raise ImageError(f"is a damaged JPEG ({_plain(error)})") from error


def claimed_dpi(data: bytes) -> tuple[float, float] | None:
    """(x, y) dpi written in the JFIF header; None if it gives none (unit 0 is only a ratio)."""
    if data[6:11] != b"JFIF\0" or len(data) < 18 or data[13] not in {1, 2}:
        return None
    per_inch = 1.0 if data[13] == 1 else 2.54
    x, y = int.from_bytes(data[14:16], "big"), int.from_bytes(data[16:18], "big")
    return x * per_inch, y * per_inch


def orientation(data: bytes) -> int:
    """EXIF orientation 1..8; 1 (as stored) when there is none or it cannot be read."""
    if b"Exif\0\0" not in data[:65536]:
        return 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=["JPEG", "MPO"]) as picture:
                value = picture.getexif().get(_EXIF_ORIENTATION, 1)
    except BROKEN:
        return 1
    return value if value in range(1, 9) else 1


def turned(page: Gray, how: int) -> Gray:
    """The picture as EXIF orientation `how` (1..8) asks for it to be shown."""
    if how >= 5:
        page = page.T  # 5..8 are 1..4 of the transposed picture, with 6 and 8 in the other order
        how = {5: 1, 6: 2, 7: 3, 8: 4}[how]
    flips = {1: (1, 1), 2: (1, -1), 3: (-1, -1), 4: (-1, 1)}[how]
    return np.ascontiguousarray(page[:: flips[0], :: flips[1]])


def _one_scan(data: bytes) -> bool:
    """True if the decoder will walk the image once: a sequential frame, all of it in the first scan.

    Spares nearly all files the count of scans, which takes 0.8 ms a megabyte.
    """
    at, components = 2, b"none"
    while data[at : at + 1] == b"\xff":
        marker, length = data[at + 1 : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in {b"\xc0", b"\xc1"}:  # baseline, extended sequential (ITU-T T.81, B.1.1.3)
            components = data[at + 9 : at + 10]
        elif marker == b"\xda":
            return components == data[at + 4 : at + 5]
        at += 2 + length
    return False


def _header(data: bytes) -> tuple[int, int, str, str]:
    try:
        height, width, space, sampling = simplejpeg.decode_jpeg_header(data)
    except (ValueError, MemoryError) as error:
        raise ImageError(f"is not a JPEG that can be read ({_plain(error)})") from error
    return int(height), int(width), str(space), str(sampling)


def _from_cmyk(inks: NDArray[np.uint8]) -> Gray:
    """Ink to light. CMYK in JPEG is upside down, 255 means no ink: Adobe began it, all readers follow."""
    page = np.empty(inks.shape[:2], np.uint8)
    for top in range(0, len(inks), _BAND):  # in bands, so that floats never fill the memory
        band = inks[top : top + _BAND]
        light = band[:, :, :3].astype(np.float32) @ _LUMA * band[:, :, 3] / 255
        page[top : top + _BAND] = np.rint(light)
    return page


def _plain(error: BaseException) -> str:
    """The decoder's own words without its function names."""
    return str(error).rpartition("(): ")[2].rstrip(".").lower() or "no reason given"
