"""From the bytes a scanner sent to a gray page, or one sentence that says why not.

The kind of file is told by its first bytes, never by its name. Size is read from the header and
bounded before anything is decoded, so a hostile file costs no memory. An orientation tag (EXIF,
TIFF) is honoured: browsers turn such pictures too, and what the machine measures must lie where
the person who reviews the ballot sees it.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scanner.ballot import PageImage
from scanner.capture import jpeg, pdf, pnm, raster
from scanner.capture.limits import limits
from scanner.errors import ImageError
from scanner.pixels import INCH_MM


class Kind(StrEnum):
    """Kinds of file that are read."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WebP"
    PDF = "PDF"
    PNM = "PNM"


_BEGINS: dict[Kind, bytes | tuple[bytes, ...]] = {
    Kind.JPEG: b"\xff\xd8\xff",
    Kind.PNG: b"\x89PNG\r\n\x1a\n",
    Kind.TIFF: (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    Kind.BMP: b"BM",
}


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPage:
    """One side as gray levels: 0 black, 255 white, shape (h, w), uint8, contiguous."""

    gray: NDArray[np.uint8]
    dpi: float | None  # what the source says, else what the file claims; None: neither, or not credible
    notes: tuple[str, ...] = ()  # one sentence each, of what is odd but no obstacle


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the header says."""

    kind: Kind
    pages: int


@dataclass(frozen=True, slots=True)
class Checked:
    """An image unpacked to its last block: its size in px as stored, its dpi as in `DecodedPage`."""

    width: int
    height: int
    dpi: float | None


def kind_of(data: bytes) -> Kind | None:
    """The kind of file by its first bytes; None for anything else."""
    for kind, begins in _BEGINS.items():
        if data.startswith(begins):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if pnm.is_pnm(data):
        return Kind.PNM
    return Kind.PDF if b"%PDF-" in data[:1024] else None


def inspect(name: str, data: bytes) -> Inspected:
    """What kind of file it is and how many pages it has, by its header alone.

    ImageError with one sentence that begins with `name` if it is no image, larger than
    `max_megapixels` or smaller than `min_side_px`.
    """
    try:
        return _inspected(data)
    except ImageError as error:
        raise ImageError(f"{name} {error}.") from error


def size_mm(image: PageImage) -> tuple[float, float] | None:
    """Width and length of a picture by its header and its dpi, at no cost; None where they do not tell."""
    if image.dpi is None or image.problem is not None:
        return None
    try:
        match kind_of(image.data):
            case Kind.JPEG:
                wide, high = jpeg.size(image.data)
            case Kind.PNM:
                wide, high = pnm.size(image.data)
            case _:
                return None
    except ImageError:
        return None
    return wide * INCH_MM / image.dpi, high * INCH_MM / image.dpi


def decode(image: PageImage) -> DecodedPage:
    """One side as gray levels; ImageError with one sentence that begins with the image's name."""
    if image.problem is not None:
        raise ImageError(image.problem)
    try:
        page, claim, notes = _decoded(image.data, image.page)
        _check_size(page.shape[1], page.shape[0])
    except ImageError as error:
        raise ImageError(f"{image.name} {error}.") from error
    dpi, doubt = (image.dpi, ()) if image.dpi is not None else _credible(claim)
    return DecodedPage(page, dpi, notes + doubt)


def check(image: PageImage) -> Checked:
    """What is known of an image that is whole; ImageError as `decode` raises it, in less time for a JPEG."""
    if kind_of(image.data) is not Kind.JPEG or image.page or image.problem is not None:
        page = decode(image)
        return Checked(page.gray.shape[1], page.gray.shape[0], page.dpi)
    try:
        _inspected(image.data)
        jpeg.check(image.data)
    except ImageError as error:
        raise ImageError(f"{image.name} {error}.") from error
    return Checked(*jpeg.size(image.data), image.dpi or _credible(jpeg.claimed_dpi(image.data))[0])


def _inspected(data: bytes) -> Inspected:
    kind = kind_of(data)
    match kind:
        case None:
            raise ImageError("is empty" if not data else "is not an image that can be read")
        case Kind.PDF:
            return Inspected(kind, pdf.pages(data))
        case Kind.JPEG:
            _check_size(*jpeg.size(data))
        case Kind.PNM:
            _check_size(*pnm.size(data))
        case _:
            _check_size(*raster.size(data))
    return Inspected(kind, raster.tiff_pages(data) if kind is Kind.TIFF else 1)


Claim = tuple[float, float] | None


def _decoded(data: bytes, page: int) -> tuple[NDArray[np.uint8], Claim, tuple[str, ...]]:
    kind = _inspected(data).kind
    if page and kind not in {Kind.TIFF, Kind.PDF}:
        raise ImageError(f"has no page {page + 1}")
    if kind is Kind.PDF:
        gray, dpi = pdf.gray(data, page)
        return gray, (dpi, dpi), ()
    if kind is Kind.JPEG:
        return _jpeg(data)
    if kind is Kind.PNM:
        return pnm.gray(data), None, ()
    gray, claim = raster.gray(data, page)
    return gray, claim, ()


def _jpeg(data: bytes) -> tuple[NDArray[np.uint8], Claim, tuple[str, ...]]:
    how, page = jpeg.orientation(data), jpeg.gray(data)
    if how == 1:
        return page, jpeg.claimed_dpi(data), ()
    return jpeg.turned(page, how), jpeg.claimed_dpi(data), (f"Turned as its EXIF tag asks ({how}).",)


def _check_size(width: int, height: int) -> None:
    bound = limits()
    if width * height > bound.max_megapixels * 1e6:
        raise ImageError(f"is {width} × {height} pixels, more than {bound.max_megapixels:g} million")
    if min(width, height) < bound.min_side_px:
        raise ImageError(f"is {width} × {height} pixels, too small to be a ballot")


def _credible(claim: Claim) -> tuple[float | None, tuple[str, ...]]:
    """The file's own dpi if it can be true: the same both ways and within what scanners do."""
    if claim is None or max(claim) <= 1:
        return None, ()
    x, y = claim
    if abs(x - y) > 0.02 * max(x, y) or not limits().min_dpi <= x <= limits().max_dpi:
        return None, (f"The file claims {x:g} × {y:g} dpi, which is not believed.",)
    return x, ()
