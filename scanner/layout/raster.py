"""What a clean ballot looks like to a scanner: the print file as pixels at any resolution."""

from collections.abc import Iterable
from threading import Lock

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from scanner.ballot import Face
from scanner.election import Election
from scanner.layout.drawing import Drawing, draw
from scanner.layout.ink import Page
from scanner.layout.pdf import pdf
from scanner.layout.style import Style
from scanner.pixels import INCH_MM, Picture

_ROOM = 400_000_000  # bytes of pictures kept: some 100 faces at 200 dpi
_shelf: dict[tuple[Page, float, bool], Picture] = {}
_pdfium = Lock()  # PDFium is not safe to call from two threads


def picture(election: Election, style: Style, face: Face, dpi: float, *, colour: bool = False) -> Picture:
    """One face as printed: (h, w) gray or (h, w, 3) RGB, uint8, 255 white, round(mm × dpi / 25.4) pixels.

    The picture is shared and cannot be written to; `.copy()` it first.
    """
    page = draw(style, election).face(face)
    return _pictures((page,), dpi, colour=colour)[page]


def pictures(
    election: Election, styles: Iterable[Style], dpi: float, *, colour: bool = False
) -> dict[tuple[str, Face], Picture]:
    """Both faces of many styles by (style id, face); equal faces are rendered once and shared."""
    drawings: list[Drawing] = [draw(one, election) for one in styles]
    made = _pictures({one.face(face) for one in drawings for face in Face}, dpi, colour=colour)
    return {(one.style, face): made[one.face(face)] for one in drawings for face in Face}


def size(page_mm: tuple[float, float], dpi: float) -> tuple[int, int]:
    """Width and height in pixels of a page at `dpi`."""
    return round(page_mm[0] * dpi / INCH_MM), round(page_mm[1] * dpi / INCH_MM)


def _pictures(pages: Iterable[Page], dpi: float, *, colour: bool) -> dict[Page, Picture]:
    """A picture of each page, from the shelf or rendered and put there."""
    wanted = {page: _shelf.get((page, dpi, colour)) for page in pages}
    missing = [page for page, seen in wanted.items() if seen is None]
    made = dict(zip(missing, render(missing, dpi, colour=colour), strict=True)) if missing else {}
    for page, seen in made.items():
        _keep((page, dpi, colour), seen)
    return {page: made[page] if seen is None else seen for page, seen in wanted.items()}


def _keep(key: tuple[Page, float, bool], seen: Picture) -> None:
    """Puts a picture on the shelf and takes the oldest away while there are too many bytes."""
    _shelf[key] = seen
    while len(_shelf) > 1 and sum(one.nbytes for one in list(_shelf.values())) > _ROOM:
        _shelf.pop(next(iter(_shelf)), None)


def render(pages: list[Page], dpi: float, *, colour: bool = False) -> list[Picture]:
    """The pages printed and rendered, without the shelf."""
    with _pdfium, pypdfium2.PdfDocument(pdf(*pages)) as document:
        return [_render(document[i], size(page.size, dpi), colour=colour) for i, page in enumerate(pages)]


def _render(page: pypdfium2.PdfPage, pixels: tuple[int, int], *, colour: bool) -> Picture:
    wide, high = pixels
    bitmap = pypdfium2.PdfBitmap.new_native(wide, high, pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, wide, high)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, wide, high, 0, 0)
    to = cv2.COLOR_BGR2RGB if colour else cv2.COLOR_BGR2GRAY  # gray as JPEG makes it, Rec. 601
    seen = np.asarray(cv2.cvtColor(bitmap.to_numpy(), to), np.uint8)
    seen.setflags(write=False)
    return seen
