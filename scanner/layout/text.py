"""How wide words are, and how they are made to fit: first smaller, then cut."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from scanner.layout.ink import Anchor, Font, Text
from scanner.pixels import INCH_MM

FONTS = Path(__file__).parent / "fonts"
FILES = {
    Font.REGULAR: "LiberationSans-Regular.ttf",
    Font.BOLD: "LiberationSans-Bold.ttf",
    Font.OCR_B: "OCRB.otf",
}
POINT = INCH_MM / 72  # mm
_EM = 2048  # pixels an em: wide enough that Pillow does not round


@cache
def _face(font: Font) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / FILES[font]), _EM, layout_engine=ImageFont.Layout.BASIC)


@cache
def _em(font: Font, letter: str) -> float:
    """Advance of one letter in em; the print is set without kerning, so words are plain sums."""
    return float(_face(font).getlength(letter)) / _EM


def clean(words: str) -> str:
    """The words on one line: control characters become spaces, runs of space become one."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def width(words: str, size: float, font: Font = Font.REGULAR, tracking: float = 0.0) -> float:
    """Width in mm of `words` printed at `size` points."""
    return sum(_em(font, c) for c in words) * size * POINT + tracking * len(words)


def start(text: Text) -> tuple[float, float]:
    """Where the first letter stands: (x, y) in mm on the baseline."""
    share = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[text.anchor]
    back = share * width(text.words, text.size, text.font, text.tracking)
    along = {0: (1, 0), 90: (0, 1), -90: (0, -1)}[text.turn]
    return text.x - along[0] * back, text.y - along[1] * back


def fitted(
    words: str, size: float, room: float, font: Font = Font.REGULAR, least: float = 6.0
) -> tuple[str, float]:
    """Words and size that fit into `room` mm: down to `least` points, then cut with an ellipsis.

    A room too small even for the ellipsis gives no words at all.
    """
    words = clean(words)
    wide = width(words, size, font)
    if wide <= room:
        return words, size
    size = max(least, int(size * room / wide * 10) / 10)
    if width(words, size, font) <= room:
        return words, size
    return _cut(words, size, room, font), size


def _cut(words: str, size: float, room: float, font: Font) -> str:
    keep = len(words)
    while keep and width(words[:keep].rstrip() + "…", size, font) > room:
        keep -= 1
    return words[:keep].rstrip() + "…" if keep else ""
