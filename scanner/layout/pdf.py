"""The print file of a ballot: vectors at true size with the fonts inside."""

from pathlib import Path

import msgspec

from scanner.layout.ink import Box, Font, Line, Page, Polygon, Shape, Text, Tile
from scanner.layout.text import start
from scanner.layout.typeset import typeset

_SHEET = Path(__file__).with_name("page.typ")
_FAMILY = {
    Font.REGULAR: ("Liberation Sans", "regular"),
    Font.BOLD: ("Liberation Sans", "bold"),
    Font.OCR_B: ("OCR B", "regular"),
}


def pdf(*pages: Page) -> bytes:
    """One PDF document, a page for each face, the media box as large as the paper.

    The same pages give the same bytes: no clock, no random identifier. Many lists in one call
    are much cheaper than many calls. Typesetting uses threads, which a fork does not copy: a worker
    that prints must be spawned, not forked, once its parent has printed.
    """
    data = msgspec.json.encode([{"size": one.size, "shapes": [_row(s) for s in one.shapes]} for one in pages])
    return typeset(_SHEET, "pages", data.decode(), tagged=False)


def _mm(*lengths: float) -> tuple[float, ...]:
    return tuple(round(one, 4) for one in lengths)


def _row(shape: Shape) -> tuple[object, ...]:
    """The shape as `page.typ` takes it apart."""
    match shape:
        case Text():
            family, weight = _FAMILY[shape.font]
            x, y = _mm(*start(shape))
            look = (family, weight, shape.size, shape.colour, shape.tracking, shape.turn)
            return ("text", x, y, shape.words, *look)
        case Line():
            ends = _mm(shape.x1, shape.y1, shape.x2, shape.y2)
            return ("line", *ends, shape.width, shape.colour, shape.dash)
        case Box(rect=r):
            return ("box", *_mm(r.x, r.y, r.w, r.h), shape.fill, shape.stroke, shape.width)
        case Polygon():
            x, y = min(p[0] for p in shape.points), min(p[1] for p in shape.points)
            return ("polygon", *_mm(x, y), [_mm(a - x, b - y) for a, b in shape.points], shape.fill)
        case Tile(rect=r):
            return ("tile", *_mm(r.x, r.y, r.w, r.h), shape.weave)
