"""A fax page without a file around it, as PDFs hold it: group 4, else group 3."""

import struct

from scanner.capture import raster
from scanner.errors import ImageError
from scanner.pixels import Gray

_SHORT, _LONG = 3, 4  # types of tags (TIFF 6.0, section 2)
_GROUP_4, _GROUP_3 = 4, 3


def gray(stream: bytes, width: int, height: int) -> Gray:
    """Gray levels (h, w), 0 ink and 255 paper; ImageError if the stream is damaged or of another kind."""
    try:
        return raster.gray(tiff(stream, width, height, _GROUP_4), 0)[0]
    except ImageError:
        return raster.gray(tiff(stream, width, height, _GROUP_3), 0)[0]


def tiff(stream: bytes, width: int, height: int, compression: int = _GROUP_4) -> bytes:
    """The stream as the only strip of a TIFF, white is zero; nothing is packed anew."""
    tags = (
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 1),  # bits of a pixel
        (259, _SHORT, compression),
        (262, _SHORT, 0),  # white is zero
        (273, _LONG, 8),  # where the strip begins
        (277, _SHORT, 1),  # samples of a pixel
        (278, _LONG, height),
        (279, _LONG, len(stream)),
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    place = 8 + len(stream) + len(stream) % 2
    padded = stream + b"\0" * (len(stream) % 2)
    return b"II*\0" + struct.pack("<I", place) + padded + struct.pack("<H", len(tags)) + entries + b"\0" * 4
