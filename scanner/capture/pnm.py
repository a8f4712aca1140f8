"""Bare pixels as a scanner's driver gives them, with the shortest header there is: PBM, PGM, PPM.

A raw page is kept as the very bytes received behind a header of some 15 bytes (netpbm formats P4,
P5 and P6), so that one bit stays one bit and the record is what the scanner sent. Reading is
strict: a header may be 1 KiB, and exactly as many bytes must follow as it says.
"""

import re
import sys
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.errors import ImageError
from scanner.pixels import Gray

_MAX_HEADER = 1024
_BLANK = rb"(?:[ \t\r\n\v\f]|#[^\r\n]*[\r\n])"
_NUMBER = _BLANK + rb"+(\d{1,7})"
_BITS = re.compile(rb"P4" + 2 * _NUMBER + rb"[ \t\r\n\v\f]", re.ASCII)
_LEVELS = re.compile(rb"P[56]" + 3 * _NUMBER + rb"[ \t\r\n\v\f]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pixels. `top` is the value of white; 1 for bits, which mean ink."""

    width: int
    height: int
    channels: int  # 1 or 3
    top: int
    start: int  # where the pixels begin

    @property
    def line_bytes(self) -> int:
        """Bytes of one line of pixels."""
        samples = self.width * self.channels
        return (samples + 7) // 8 if self.top == 1 else samples * (1 if self.top < 256 else 2)


def is_pnm(data: bytes) -> bool:
    """True if these bytes begin as one of the three binary formats do."""
    return data[:2] in {b"P4", b"P5", b"P6"} and (data[2:3].isspace() or data[2:3] == b"#")


def wrap(width: int, height: int, channels: int, depth: int, pixels: bytes | bytearray | memoryview) -> bytes:
    """Pixels behind their header: `depth` 1 (set bits are ink), 8, or 16 in this machine's byte order.

    16 bits are turned to the order the format asks for; all else is kept byte for byte.
    """
    if depth == 1:
        return b"".join((b"P4\n%d %d\n" % (width, height), pixels))
    if depth == 16 and sys.byteorder == "little":
        pixels = np.frombuffer(pixels, "<u2").astype(">u2").tobytes()
    kind = b"P6" if channels == 3 else b"P5"
    return b"".join((b"%s\n%d %d\n%d\n" % (kind, width, height, 2**depth - 1), pixels))


def header(data: bytes) -> Header:
    """What the header says; ImageError if it is damaged, too long, or not what lies behind it."""
    bits = data[:2] == b"P4"
    found = (_BITS if bits else _LEVELS).match(data[:_MAX_HEADER])
    if found is None:
        raise ImageError("has a damaged header")
    width, height, *rest = (int(one) for one in found.groups())
    top = 1 if bits else rest[0]
    if not (width and height and (bits or 1 < top < 65536)):
        raise ImageError("has a header that cannot be true")
    told = Header(width, height, 3 if data[:2] == b"P6" else 1, top, found.end())
    _check_length(told, len(data) - told.start)
    return told


def size(data: bytes) -> tuple[int, int]:
    """(width, height) in px by the header alone; ImageError as `header`."""
    told = header(data)
    return told.width, told.height


def gray(data: bytes) -> Gray:
    """Gray levels (h, w), 0 black to 255 white; ImageError as `header`, or if a level is above its white."""
    told = header(data)
    if told.top == 1:
        return _from_bits(told, data)
    levels = _levels(told, data)
    if told.channels == 1:
        return levels.reshape(told.height, told.width).copy()
    return np.asarray(cv2.cvtColor(levels.reshape(told.height, told.width, 3), cv2.COLOR_RGB2GRAY), np.uint8)


def _check_length(told: Header, seen: int) -> None:
    wanted = told.line_bytes * told.height
    if seen < wanted:
        raise ImageError(f"is cut short: {seen} bytes of pixels instead of {wanted}")
    if seen > wanted:
        raise ImageError(f"has {seen - wanted} bytes behind its last pixel")


def _from_bits(told: Header, data: bytes) -> Gray:
    lines = np.frombuffer(data, np.uint8, offset=told.start).reshape(told.height, told.line_bytes)
    ink = np.unpackbits(lines, axis=1, count=told.width)
    return np.where(ink, np.uint8(0), np.uint8(255))


def _levels(told: Header, data: bytes) -> NDArray[np.uint8]:
    """All samples on the scale 0 to 255."""
    samples = np.frombuffer(data, np.uint8 if told.top < 256 else ">u2", offset=told.start)
    if told.top == 255:
        return np.asarray(samples, np.uint8)
    if samples.max() > told.top:
        raise ImageError("has levels above its own white")
    if told.top == 65535:
        return (samples >> 8).astype(np.uint8)  # the high byte, as for every other format
    return np.rint(samples * (255 / told.top)).astype(np.uint8)
