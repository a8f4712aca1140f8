"""The target sheet: discs at known places and patches of known grey, by which a scanner is measured.

Discs stand on an even grid; a large one beside a corner tells which way the sheet went in. The sheet
is symmetric in nothing else, so it may be fed any way.
"""

import math
from dataclasses import dataclass

from scanner.ballot import Rect
from scanner.layout.ink import Anchor, Box, Page, Polygon, Shape, Text
from scanner.layout.labels import A4
from scanner.layout.pdf import pdf

EDGE = 15.0  # mm from the paper's edge to the outermost discs' middles
PITCH = 30.0  # least distance between discs, mm
DISC = 2.0  # radius, mm
KEY = 4.0  # radius of the large one
PATCH = 13.0  # side of a grey patch, mm
GREYS = (0, 36, 73, 109, 146, 182, 219, 255)  # levels as printed
_ROUND = 32  # corners of a disc


@dataclass(frozen=True, slots=True)
class Target:
    """What is printed where, mm from the top left of the sheet."""

    size: tuple[float, float]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    key: tuple[float, float]
    patches: tuple[tuple[Rect, int], ...]

    @property
    def discs(self) -> tuple[tuple[float, float], ...]:
        """Middles of all small discs."""
        return tuple((x, y) for y in self.rows for x in self.columns)


def target(size: tuple[float, float] = A4) -> Target:
    """The target sheet on paper of `size` (width, height) mm, at least 120 mm each way."""
    columns, rows = _even(size[0]), _even(size[1])
    middle = len(rows) // 2
    y = (rows[middle - 1] + rows[middle]) / 2 - PATCH / 2
    x = (size[0] - len(GREYS) * PATCH) / 2
    patches = tuple((Rect(x + n * PATCH, y, PATCH, PATCH), grey) for n, grey in enumerate(GREYS))
    key = (columns[0] + columns[1]) / 2, (rows[0] + rows[1]) / 2
    return Target(size, columns, rows, key, patches)


def target_page(one: Target) -> Page:
    """The sheet as printed."""
    shapes: list[Shape] = [_disc(x, y, DISC) for x, y in one.discs]
    shapes.append(_disc(*one.key, KEY))
    shapes += [Box(rect, fill=f"#{grey:02x}{grey:02x}{grey:02x}") for rect, grey in one.patches]
    words = "valgskanner: skriv ut i sann størrelse (100 %), på én side"
    shapes.append(Text(one.size[0] / 2, one.size[1] - 6, words, 8, anchor=Anchor.MIDDLE))
    return Page(one.size, tuple(shapes))


def targets_pdf(count: int, size: tuple[float, float] = A4) -> bytes:
    """`count` target sheets as PDF, a page each."""
    return pdf(*[target_page(target(size))] * count)


def _even(length: float) -> tuple[float, ...]:
    steps = int((length - 2 * EDGE) / PITCH)
    return tuple(EDGE + n * (length - 2 * EDGE) / steps for n in range(steps + 1))


def _disc(x: float, y: float, radius: float) -> Polygon:
    """A disc as a polygon of 32 corners, of the disc's own area within 1 %."""
    angles = (2 * math.pi * n / _ROUND for n in range(_ROUND))
    return Polygon(tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles), "#000000")
