"""The official stamp as it really lands: round, oval or square, weak, doubled, turned, unevenly inked.

No stamp is standardised: municipalities buy their own, and black is only
recommended. Ranges: 20-45 mm, turned up to 30°, one to three rings.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from zlib import crc32

import cv2
import numpy as np
import numpy.typing as npt

from scanner.pixels import Picture
from scanner.simulate.letters import width_mm, write
from scanner.simulate.marks import Hand
from scanner.simulate.pens import FINE_PX_PER_MM, LUMA, RGB, InkColour, Pen, PenKind, lay, texture, trace
from scanner.simulate.strokes import Stroke, stroke

ENGRAVED = Hand(size=1, sloppy_mm=0, tremble_mm=0, slant_deg=0, spacing=1, letter_jitter=0)


class DieShape(StrEnum):
    """The outline of the rubber."""

    ROUND = "round"
    OVAL = "oval"
    RECTANGULAR = "rectangular"


@dataclass(frozen=True, slots=True)
class Die:
    """The rubber stamp of one polling station.

    `size_mm` width and height 20-45; `rings` 1-3 lines of the outline; `lines` of text, the first
    runs along the outline when it is round; `date` in the middle or None.
    """

    shape: DieShape
    size_mm: tuple[float, float]
    rings: int
    lines: tuple[str, ...]
    date: str | None
    line_mm: float  # width of the engraved lines
    colour: InkColour


@dataclass(frozen=True, slots=True)
class Impression:
    """One stroke of the stamp: where it lands (centre, mm), how turned and how inked.

    `cover` 0..1 darkness (weak below 0.35); `uneven` 0..1 how much of it is missing in places;
    `doubled_mm` shift of a second touch, or None.
    """

    die: Die
    at: tuple[float, float]
    turned_deg: float
    cover: float
    uneven: float
    doubled_mm: tuple[float, float] | None = None

    def weakened(self, rng: np.random.Generator) -> "Impression":
        """The same with a nearly dry pad."""
        return replace(self, cover=float(rng.uniform(0.08, 0.26)), uneven=float(rng.uniform(0.5, 1.0)))


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DES")
_COLOURS = ((InkColour.BLACK, 0.62), (InkColour.BLUE, 0.27), (InkColour.RED, 0.11))


def die(office: str, year: int, rng: np.random.Generator) -> Die:
    """A stamp some office may have bought; `office` is engraved ("NORDVIK KOMMUNE")."""
    shape = DieShape(rng.choice([*DieShape], p=[0.45, 0.2, 0.35]))
    wide = float(rng.uniform(24, 40))
    tall = wide if shape is DieShape.ROUND else wide * float(rng.uniform(0.5, 0.75))
    words = str(rng.choice(["VALGSTYRET", "STEMT", "OFFISIELT STEMPEL", "VALG"]))
    day, month = int(rng.integers(1, 29)), _MONTHS[int(rng.integers(7, 9))]
    colour = InkColour(rng.choice([c for c, _ in _COLOURS], p=[p for _, p in _COLOURS]))
    return Die(
        shape=shape,
        size_mm=(min(wide, 45.0), max(tall, 20.0)),
        rings=int(rng.integers(1, 4)),
        lines=(office.upper(), words),
        date=f"{day} {month} {year}" if rng.random() < 0.6 else None,
        line_mm=float(rng.uniform(0.35, 0.9)),
        colour=colour,
    )


def engraving(of: Die, rng: np.random.Generator) -> list[Stroke]:
    """Every line of the rubber, in mm about its middle."""
    outline = [_outline(of, 1.5 * n) for n in range(of.rings)]
    edges = [stroke(points, rng, tremble_mm=0, corners=_square_corners(of, points)) for points in outline]
    return [*edges, *_words(of, rng)]


def _outline(of: Die, inset: float) -> npt.NDArray[np.float64]:
    """A closed line `inset` mm inside the edge, (n, 2)."""
    a, b = of.size_mm[0] / 2 - inset, of.size_mm[1] / 2 - inset
    if of.shape is DieShape.RECTANGULAR:
        return np.array([(-a, -b), (a, -b), (a, b), (-a, b), (-a, -b)])
    angles = np.linspace(0, 2 * np.pi, 41)
    return np.stack([a * np.cos(angles), b * np.sin(angles)], axis=1)


def _square_corners(of: Die, points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return np.full(len(points), of.shape is DieShape.RECTANGULAR)


def _words(of: Die, rng: np.random.Generator) -> list[Stroke]:
    """The engraved text: along the edge of a round stamp, else in lines below each other."""
    inner = of.size_mm[0] / 2 - 1.5 * of.rings, of.size_mm[1] / 2 - 1.5 * of.rings
    middle = [line for line in (of.lines[1], of.date) if line]
    if of.shape is DieShape.RECTANGULAR:
        middle.insert(0, of.lines[0])
        return _stacked(middle, 1.8 * inner[0], 1.6 * inner[1], rng)
    rim = min(3.2, 0.22 * inner[1])
    core = (inner[0] - rim - 1) * 1.5, (inner[1] - rim - 1) * 1.0
    return [*_around(of.lines[0], inner, rim, rng), *_stacked(middle, *core, rng)]


def _stacked(lines: list[str], wide: float, tall: float, rng: np.random.Generator) -> list[Stroke]:
    """Lines of text centred below each other in a box `wide` x `tall` mm about (0, 0)."""
    pitch = tall / len(lines)
    strokes: list[Stroke] = []
    for n, text in enumerate(lines):
        size = min(0.62 * pitch, 4.5)
        size *= min(1.0, wide / width_mm(text, size, ENGRAVED))
        left = -width_mm(text, size, ENGRAVED) / 2
        base = -tall / 2 + (n + 0.5) * pitch + size / 2
        strokes += write(text, (left, base), size, ENGRAVED, rng, habit=None)
    return strokes


def _around(text: str, half: tuple[float, float], size: float, rng: np.random.Generator) -> list[Stroke]:
    """Text along the upper inside of an ellipse with half axes `half` mm."""
    a, b = half[0] - size - 0.9, half[1] - size - 0.9
    size = min(size, size * 4.6 * (a + b) / 2 / width_mm(text, size, ENGRAVED))
    length = width_mm(text, size, ENGRAVED)
    strokes = []
    for one in write(text, (-length / 2, 0), size, ENGRAVED, rng, habit=None):
        along, up = one.points[:, 0] / ((a + b) / 2), -one.points[:, 1]
        bent = np.stack([(a + up) * np.sin(along), -(b + up) * np.cos(along)], axis=1)
        strokes.append(Stroke(bent.astype(np.float32), one.pressure))
    return strokes


def impress(
    picture: Picture,
    what: Impression,
    px_per_mm: float,
    rng: np.random.Generator,
    *,
    origin_mm: tuple[float, float] = (0.0, 0.0),
    weights: tuple[float, float, float] = LUMA,
) -> float:
    """Stamp a picture, in place, and say how many mm² of ink it took (dark ink counts whole).

    `picture` (h, w) or (h, w, 3) uint8, `origin_mm` the place of mm (0, 0) in it.
    """
    fine = max(2, round(FINE_PX_PER_MM / px_per_mm))
    rubber = _rubber(what.die, fine * px_per_mm)
    total = 0.0
    for dx, dy in [(0.0, 0.0)] if what.doubled_mm is None else [(0.0, 0.0), what.doubled_mm]:
        at = what.at[0] + dx + origin_mm[0], what.at[1] + dy + origin_mm[1]
        cover, x, y = _touch(rubber, at, what.turned_deg, px_per_mm, fine)
        cover *= texture(cover.shape, _GRAIN, rng)
        cover *= what.cover * _pad(cover.shape, px_per_mm, what.uneven, rng)
        lay(picture, cover, (x, y), RGB[what.die.colour], weights)
        total += float(cover.sum()) / px_per_mm**2
    return total


_GRAIN = 0.25  # how much of the paper's tooth a stamp shows


@lru_cache(maxsize=16)  # a polling station has one stamp and thousands of ballots
def _rubber(of: Die, scale: float) -> Picture:
    """The face of the rubber, (h, w) 0..255, `scale` px/mm, its middle in the middle."""
    rng = np.random.default_rng(crc32(repr(of).encode()))
    inker = Pen(PenKind.FELT, of.colour, of.line_mm, 0.97, 0.0, 0.0, 0.0)
    half = np.ceil((np.array(of.size_mm) / 2 + 1) * scale).astype(int)
    layer = np.zeros((2 * half[1], 2 * half[0]), np.uint8)
    for one in engraving(of, rng):
        at = one.points * np.float32(scale) + half.astype(np.float32)
        trace(layer, at, one.pressure, inker, scale=scale, rng=rng)
    return layer


def _touch(
    rubber: Picture, at: tuple[float, float], turned_deg: float, px_per_mm: float, fine: int
) -> tuple[npt.NDArray[np.float32], int, int]:
    """How much of each pixel the turned rubber covers, (h, w) 0..1, and the pixel (x, y) of that patch."""
    reach = np.hypot(*rubber.shape) / 2 / fine  # px
    middle = np.array(at) * px_per_mm
    low = np.floor(middle - reach).astype(int)
    size = np.ceil(middle + reach).astype(int) - low
    a = np.radians(turned_deg)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    there = np.array(rubber.shape[::-1]) / 2 - turn @ ((middle - low) * fine)
    way = np.column_stack([turn, there])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(rubber, way, (size * fine).tolist(), flags=flags)
    small = cv2.resize(turned, size.tolist(), interpolation=cv2.INTER_AREA)
    return np.asarray(small.astype(np.float32) / 255, np.float32), int(low[0]), int(low[1])


def _pad(
    shape: tuple[int, ...], px_per_mm: float, uneven: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """How much ink reaches the paper in each place, (h, w) 0..1: one side heavier, patches dry."""
    cells = max(2, round(shape[0] / px_per_mm / 6)), max(2, round(shape[1] / px_per_mm / 6))
    patches = cv2.resize(
        rng.standard_normal(cells).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    tilt = rng.normal(0, 0.8, 2)
    down, right = np.linspace(-1, 1, shape[0]) * tilt[0], np.linspace(-1, 1, shape[1]) * tilt[1]
    dry = 0.25 + 0.35 * patches + 0.5 * (down[:, None] + right[None, :])
    return np.asarray(1 - uneven * np.clip(dry, 0, 1), np.float32)
