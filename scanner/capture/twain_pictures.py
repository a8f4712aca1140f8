"""The bytes of one image from a TWAIN source, as a file that any program opens: never re-encoded.

JPEG is kept as it came. Bare pixels get a PNM header; Group 4 codes, which come without any, get
the header of a TIFF. Pure.
"""

import struct

import numpy as np

from scanner.ballot import PageImage
from scanner.capture import decode, jpeg, pnm
from scanner.capture.events import Fault
from scanner.capture.twain_faults import TwainError
from scanner.errors import ImageError

_TIFF = (b"II*\0", b"MM\0*")
_INCH, _GROUP4 = 2, 4
_WHITE_IS_ZERO = 0  # as every other TWAIN program writes it: T.6 codes begin with a run of white
_SHORT, _LONG, _RATIO = 3, 4, 5


def from_rows(pixels: bytearray, width: int, length: int, bits: int, *, ink_is_zero: bool) -> bytes:
    """Bare pixels, row by row without padding, as PNM. `bits` a pixel: 1, 8 or 24."""
    if bits == 1:
        return pnm.wrap(width, length, 1, 1, _inverted(pixels) if ink_is_zero else pixels)
    return pnm.wrap(width, length, bits // 8, 8, pixels)


def from_group4(codes: bytes, width: int, length: int, dpi: int) -> bytes:
    """Group 4 codes as a TIFF of one strip; a whole TIFF, which some sources send, is kept as it is."""
    if codes[:4] in _TIFF:
        return codes
    entries = (
        (256, _LONG, width),
        (257, _LONG, length),
        (258, _SHORT, 1),
        (259, _SHORT, _GROUP4),
        (262, _SHORT, _WHITE_IS_ZERO),
        (273, _LONG, 0),  # filled in below: where the codes begin
        (277, _SHORT, 1),
        (278, _LONG, length),
        (279, _LONG, len(codes)),
        (282, _RATIO, 0),
        (283, _RATIO, 0),
        (296, _SHORT, _INCH),
    )
    ratio_at = 8 + 2 + 12 * len(entries) + 4
    places = {273: ratio_at + 8, 282: ratio_at, 283: ratio_at}
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    body = b"".join(
        struct.pack("<HHII", tag, kind, 1, places.get(tag, value)) for tag, kind, value in entries
    )
    return b"".join((head, body, bytes(4), struct.pack("<II", dpi, 1), codes))


def ending(data: bytes) -> str:
    """The usual end of the name of such a file."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpg"
    if data[:4] in _TIFF:
        return "tif"
    return {b"P4": "pbm", b"P5": "pgm", b"P6": "ppm"}.get(data[:2], "img")


def check(image: PageImage, size: tuple[int, int], dpi: int, unlike_px: int) -> None:
    """Refuse an image that is damaged or not of the size and resolution told; decoded to its last block.

    `size`: width and length in px as told, not positive where it was not told. TwainError with
    BAD_IMAGE or CONFIG.
    """
    try:
        page = decode.check(image)
        claim = jpeg.claimed_dpi(image.data) if image.data[:3] == b"\xff\xd8\xff" else None
    except ImageError as error:
        raise TwainError(Fault.BAD_IMAGE, str(error)) from error
    seen = page.width, page.height
    if any(told > 0 and abs(told - real) > unlike_px for told, real in zip(size, seen, strict=True)):
        text = f"{image.name} is {seen[0]} × {seen[1]} pixels, the scanner told {size[0]} × {size[1]}."
        raise TwainError(Fault.BAD_IMAGE, text)
    if claim and min(claim) >= 50 and max(abs(one - dpi) for one in claim) > 1:
        raise TwainError(Fault.CONFIG, f"{image.name} has {claim[0]:g} dpi, agreed were {dpi}.")


def _inverted(pixels: bytearray) -> bytes:
    return np.bitwise_not(np.frombuffer(pixels, np.uint8)).tobytes()
