"""What can be printed on a ballot: boxes, lines, words and the woven pattern, in millimetres.

A page is a tuple of shapes, drawn in order. The same shapes become the print file and, through
it, the picture that a scanned ballot is compared with, so the two cannot differ.
"""

from dataclasses import dataclass
from enum import StrEnum

from scanner.ballot import Field, Rect
from scanner.layout.style import RegistrationMark

BLACK = "#1d1d1b"  # the black of the official drawings (level 32 of 255 in them, with paper gloss)
WHITE = "#ffffff"


class Font(StrEnum):
    """The typefaces of a ballot. Liberation Sans has the widths of Arial."""

    REGULAR = "regular"
    BOLD = "bold"
    OCR_B = "ocr-b"


class Anchor(StrEnum):
    """Which part of a text stands at its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm. The stroke lies half inside, half outside its edge."""

    rect: Rect
    fill: str | None = None  # "#rrggbb"
    stroke: str | None = None
    width: float = 0.0  # of the stroke, mm


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in mm; `dash` is (drawn, left out) in mm."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str = BLACK
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words: (x, y) is the anchor on the baseline in mm, the size is in points."""

    x: float
    y: float
    words: str
    size: float
    font: Font = Font.REGULAR
    colour: str = BLACK
    anchor: Anchor = Anchor.START
    tracking: float = 0.0  # mm added after each letter
    turn: int = 0  # degrees clockwise about (x, y): 0, 90, -90


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled shape with straight edges, points in mm."""

    points: tuple[tuple[float, float], ...]
    fill: str = BLACK


@dataclass(frozen=True, slots=True)
class Weave:
    """The colours of the brick-like pattern: ground, block, lens and thin outline."""

    ground: str
    block: str
    lens: str
    outline: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle in mm filled with the woven pattern."""

    rect: Rect
    weave: Weave


Shape = Box | Line | Text | Polygon | Tile


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one face: what is printed there and what ink there would mean."""

    shapes: tuple[Shape, ...] = ()
    fields: tuple[Field, ...] = ()
    marks: tuple[RegistrationMark, ...] = ()
    digits: tuple[tuple[Rect, str], ...] = ()

    def __add__(self, other: "Part") -> "Part":
        """Both pieces, this one printed first."""
        return Part(
            self.shapes + other.shapes,
            self.fields + other.fields,
            self.marks + other.marks,
            self.digits + other.digits,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One face of a ballot: its size in mm and all that is printed on it."""

    size: tuple[float, float]
    shapes: tuple[Shape, ...]
