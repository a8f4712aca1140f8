"""PDF pages to gray: the scanner's own image when the page is just that, a picture of the page otherwise.

Runs in a process that may be killed (`pdf_child`): a few hundred bytes of PDF can keep the library
that reads them busy for years, and there is no way to stop it from outside.
"""

import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

import cv2
import numpy as np
import pypdfium2
from pypdfium2 import PdfDocument, PdfImage, PdfObject, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDFPage_GetAnnotCount

from scanner.capture import fax, jpeg
from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import Gray

_POINTS = 72.0  # to the inch (ISO 32000-1, 8.3.2.3)
_THUMB_PX = 64
_PIECE = 1 << 20


def pages(data: bytes) -> int:
    """Number of pages; ImageError if it is damaged, locked with a password, or has more than the limit."""
    with _document(data) as document:
        if not 0 < len(document) <= limits().max_pages:
            raise ImageError(f"has {len(document)} pages; 1 to {limits().max_pages} can be read")
        return len(document)


def gray(data: bytes, page: int) -> tuple[Gray, float]:
    """One page as gray levels (h, w) and its dpi.

    A page that is exactly one image is taken as that image (as sharp as it was scanned, a JPEG four
    times as fast); any other is drawn at `pdf_dpi`. ImageError if it is missing, damaged or too large.
    """
    with _document(data) as document:
        if not 0 <= page < len(document):
            raise ImageError(f"has no page {page + 1}")
        with closing(document[page]) as paper:
            _check_images(paper)
            if (whole := _only_image(paper)) is not None:
                return whole
            return _drawn(paper, limits().pdf_dpi)


@contextmanager
def _document(data: bytes) -> Iterator[PdfDocument]:
    try:
        with closing(PdfDocument(data)) as document:
            yield document
    except ImageError:
        raise
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        raise ImageError("is a damaged PDF or one locked with a password") from error


def _check_images(paper: PdfPage) -> None:
    """Refuse by their headers pictures that would take gigabytes once unpacked, and damaged ones.

    The library draws a scan that breaks off as a page that is partly gray or white; we do not.
    """
    pixels = 0
    for one in paper.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        width, height = one.get_px_size()
        pixels += width * height
        if pixels > limits().max_megapixels * 1e6:
            raise ImageError(f"holds pictures larger than {limits().max_megapixels:g} million pixels")
        match list(one.get_filters()):
            case ["DCTDecode"]:
                jpeg.gray(_stream(one))
            case ["CCITTFaxDecode"]:
                fax.gray(_stream(one), width, height)
            case ["FlateDecode"]:
                _check_packed(_stream(one), width * height)


def _check_packed(stream: bytes, pixels: int) -> None:
    """Unpack to the end, where the checksum stands; never more than a colour picture with 16 bits takes."""
    unpacking, left = zlib.decompressobj(), pixels * 8 + 65536
    try:
        while not unpacking.eof and left > 0:
            got = len(unpacking.decompress(stream, min(left, _PIECE)))
            stream, left = unpacking.unconsumed_tail, left - got
            if not got and not stream:
                break
    except zlib.error as error:
        raise ImageError("is a PDF with a damaged picture") from error
    if not unpacking.eof:
        raise ImageError("is a PDF with a picture cut short or longer than it says")


def _only_image(paper: PdfPage) -> tuple[Gray, float] | None:
    """The page's one image, or None if the page is anything more or shows it otherwise than it is."""
    objects: list[PdfObject] = list(paper.get_objects(max_depth=1))
    if len(objects) != 1 or paper.get_rotation() or FPDFPage_GetAnnotCount(paper):
        return None
    picture = objects[0]
    if not isinstance(picture, PdfImage) or not _fills(picture, paper):
        return None
    page = _levels(picture)
    if page is None:
        return None
    thumb = _drawn(paper, _THUMB_PX * _POINTS / paper.get_width())[0]
    # a mask or an inverted Decode array would make the image not what is seen
    same = cv2.resize(page, thumb.shape[::-1], interpolation=cv2.INTER_AREA)
    for seen, shown in ((page, same), (255 - page, 255 - same)):
        if float(np.abs(thumb.astype(np.int16) - shown).mean()) <= limits().pdf_same_levels:
            return seen, scanned_dpi(page.shape[1], paper.get_width())
    return None


def _levels(picture: PdfImage) -> Gray | None:
    """The picture's own pixels, unpacked strictly; None if that cannot be done without drawing it."""
    match list(picture.get_filters()):
        case ["DCTDecode"]:
            return jpeg.gray(_stream(picture))
        case ["CCITTFaxDecode"]:
            return fax.gray(_stream(picture), *picture.get_px_size())
        case ["FlateDecode"]:
            return _unpacked(picture)
    return None


def _unpacked(picture: PdfImage) -> Gray | None:
    """Pixels packed without loss, as many as there are; None for kinds that only drawing makes gray."""
    with closing(picture.get_bitmap(render=False)) as bitmap:
        levels = np.array(bitmap.to_numpy(), np.uint8)
    match bitmap.mode:
        case "L":
            return levels.reshape(levels.shape[:2])
        case "BGR":
            return np.asarray(cv2.cvtColor(levels, cv2.COLOR_BGR2GRAY), np.uint8)
    return None


def _stream(picture: PdfImage) -> bytes:
    return bytes(picture.get_data(decode_simple=False))


def _fills(picture: PdfImage, paper: PdfPage) -> bool:
    """True if the picture lies straight and covers the page to 1 %."""
    a, b, c, d, e, f = picture.get_matrix().get()
    width, height = paper.get_size()
    straight = abs(b) + abs(c) < 0.001 * (width + height)
    return straight and all(
        abs(is_ - should) <= 0.01 * side
        for is_, should, side in ((a, width, width), (d, height, height), (e, 0, width), (f, 0, height))
    )


def scanned_dpi(wide: int, points: float) -> float:
    """Resolution of a picture `wide` px on paper of so many points: a whole number where that can be.

    Scanners scan at whole numbers; what writes a PDF rounds its page, by half a point at the worst.
    """
    dpi = wide * _POINTS / points
    return float(round(dpi)) if abs(dpi - round(dpi)) * points <= dpi / 2 else dpi


def _drawn(paper: PdfPage, dpi: float) -> tuple[Gray, float]:
    width, height = paper.get_size()
    scale = dpi / _POINTS
    if not 0 < width * height * scale * scale <= limits().max_megapixels * 1e6:
        raise ImageError(f"is larger than {limits().max_megapixels:g} million pixels at {dpi:g} dpi")
    with closing(paper.render(scale=scale, grayscale=True)) as bitmap:
        levels = np.asarray(bitmap.to_numpy(), np.uint8)
        return np.array(levels.reshape(levels.shape[:2])), dpi
