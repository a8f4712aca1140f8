"""PDF pages to gray: the scanner's own JPEG when the page is just that, a picture of the page otherwise."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import cv2
import numpy as np
import pypdfium2
from pypdfium2 import PdfDocument, PdfImage, PdfObject, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDFPage_GetAnnotCount

from scanner.capture import jpeg
from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import Gray

_POINTS = 72.0  # to the inch (ISO 32000-1, 8.3.2.3)
_THUMB_PX = 64


def pages(data: bytes) -> int:
    """Number of pages; ImageError if it is damaged, locked with a password, or has more than the limit."""
    with _document(data) as document:
        if not 0 < len(document) <= limits().max_pages:
            raise ImageError(f"has {len(document)} pages; 1 to {limits().max_pages} can be read")
        return len(document)


def gray(data: bytes, page: int) -> tuple[Gray, float]:
    """One page as gray levels (h, w) and its dpi.

    A page that is exactly one JPEG is taken as that JPEG (as sharp as it was scanned, four times
    as fast); any other is drawn at `pdf_dpi`. ImageError if it is missing, damaged or too large.
    """
    with _document(data) as document:
        if not 0 <= page < len(document):
            raise ImageError(f"has no page {page + 1}")
        with closing(document[page]) as paper:
            if (whole := _only_jpeg(paper)) is not None:
                return whole
            _check_images(paper)
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
    """Refuse by their headers pictures that would take gigabytes once unpacked, and damaged JPEGs.

    The library draws a JPEG that breaks off as a page that is partly gray; we do not.
    """
    pixels = 0
    for one in paper.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        width, height = one.get_px_size()
        pixels += width * height
        if pixels > limits().max_megapixels * 1e6:
            raise ImageError(f"holds pictures larger than {limits().max_megapixels:g} million pixels")
        if _is_jpeg(one):
            jpeg.gray(_stream(one))


def _only_jpeg(paper: PdfPage) -> tuple[Gray, float] | None:
    """The page's one JPEG, or None if the page is anything more or shows it otherwise than it is."""
    objects: list[PdfObject] = list(paper.get_objects(max_depth=1))
    if len(objects) != 1 or paper.get_rotation() or FPDFPage_GetAnnotCount(paper):
        return None
    picture = objects[0]
    if not isinstance(picture, PdfImage) or not _is_jpeg(picture) or not _fills(picture, paper):
        return None
    page = jpeg.gray(_stream(picture))
    thumb = _drawn(paper, _THUMB_PX * _POINTS / paper.get_width())[0]
    # a mask or an inverted Decode array would make the JPEG not what is seen
    same = cv2.resize(page, thumb.shape[::-1], interpolation=cv2.INTER_AREA)
    if float(np.abs(thumb.astype(np.int16) - same).mean()) > limits().pdf_same_levels:
        return None
    return page, page.shape[1] * _POINTS / paper.get_width()


def _is_jpeg(picture: PdfImage) -> bool:
    return list(picture.get_filters()) == ["DCTDecode"]


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


def _drawn(paper: PdfPage, dpi: float) -> tuple[Gray, float]:
    width, height = paper.get_size()
    scale = dpi / _POINTS
    if not 0 < width * height * scale * scale <= limits().max_megapixels * 1e6:
        raise ImageError(f"is larger than {limits().max_megapixels:g} million pixels at {dpi:g} dpi")
    with closing(paper.render(scale=scale, grayscale=True)) as bitmap:
        levels = np.asarray(bitmap.to_numpy(), np.uint8)
        return np.array(levels.reshape(levels.shape[:2])), dpi
