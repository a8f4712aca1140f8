"""The pens voters hold, and how their ink lands on paper: works on any picture with px per mm.

Ranges: stroke width 0.3-1.0 mm, grey 40-190, start blobs, skipped ink,
pencil grain. Ink is laid on the print multiplicatively, as light passes it twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from scanner.pixels import Picture
from scanner.simulate.strokes import Stroke, wander

FINE_PX_PER_MM = 24.0  # strokes are drawn at least this fine and then averaged down
LUMA = (0.299, 0.587, 0.114)


class PenKind(StrEnum):
    """What leaves the ink."""

    BALLPOINT = "ballpoint"
    GEL = "gel"
    FELT = "felt"
    PENCIL = "pencil"


class InkColour(StrEnum):
    """The colours seen on ballots."""

    BLUE = "blue"
    BLACK = "black"
    RED = "red"
    GREY = "grey"  # pencil lead


RGB = {
    InkColour.BLUE: (38, 58, 150),
    InkColour.BLACK: (28, 28, 32),
    InkColour.RED: (196, 36, 46),
    InkColour.GREY: (82, 82, 86),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """One pen in one voter's hand.

    `width_mm` 0.3-1.0 at normal pressure; `cover` 0..1 how much of the paper's light it takes;
    `skip` 0..1 share of the stroke that stays without ink; `grain` 0..1 how much paper texture shows.
    """

    kind: PenKind
    colour: InkColour
    width_mm: float
    cover: float
    skip: float
    grain: float
    blob: float  # chance that a stroke starts with a drop
    touch: str = ""  # "light" or "heavy" where it is not the normal one

    @property
    def name(self) -> str:
        """As in the truth: `ballpoint_blue`, `ballpoint_blue_light`."""
        return "_".join(filter(None, (self.kind, self.colour, self.touch)))


@dataclass(frozen=True, slots=True)
class _Nature:
    """Between which values pens of a kind lie."""

    width_mm: tuple[float, float]
    cover: tuple[float, float]
    skip: tuple[float, float]
    grain: tuple[float, float]
    blob: float


_NATURE = {
    PenKind.BALLPOINT: _Nature((0.32, 0.55), (0.72, 0.93), (0.0, 0.10), (0.10, 0.30), 0.25),
    PenKind.GEL: _Nature((0.40, 0.70), (0.88, 0.98), (0.0, 0.01), (0.0, 0.08), 0.15),
    PenKind.FELT: _Nature((0.60, 1.00), (0.80, 0.97), (0.0, 0.004), (0.0, 0.06), 0.35),
    PenKind.PENCIL: _Nature((0.35, 0.75), (0.55, 0.90), (0.0, 0.02), (0.35, 0.70), 0.0),
}


def pen(
    kind: PenKind, colour: InkColour, rng: np.random.Generator, *, light: bool = False, heavy: bool = False
) -> Pen:
    """A pen of a kind; `light`: hardly pressed or nearly empty, `heavy`: pressed hard."""
    nature = _NATURE[kind]
    width, cover, skip = rng.uniform(*nature.width_mm), rng.uniform(*nature.cover), rng.uniform(*nature.skip)
    if light:
        width, cover, skip = max(0.3, 0.8 * width), 0.55 * cover, skip + rng.uniform(0.02, 0.15)
    if heavy:
        width, cover = min(1.0, 1.25 * width), min(0.98, 1.1 * cover)
    shade = InkColour.GREY if kind is PenKind.PENCIL else colour
    touch = "light" if light else "heavy" if heavy else ""
    return Pen(kind, shade, width, cover, skip, rng.uniform(*nature.grain), nature.blob, touch)


def draw(
    picture: Picture,
    strokes: Iterable[Stroke],
    with_pen: Pen,
    px_per_mm: float,
    rng: np.random.Generator,
    *,
    origin_mm: tuple[float, float] = (0.0, 0.0),
    weights: tuple[float, float, float] = LUMA,
) -> float:
    """Draw strokes on a picture, in place, and say how many mm² of paper the ink covers.

    `picture` (h, w) grey or (h, w, 3) RGB, uint8; `origin_mm` is the place of mm (0, 0) in it;
    ink beyond the edges is lost. `weights`: how a grey scanner sums red, green and blue.
    """
    lines = [one for one in strokes if len(one.points)]
    if not lines:
        return 0.0
    cover, x, y = inked(lines, with_pen, px_per_mm, rng, origin_mm)
    lay(picture, cover, (x, y), RGB[with_pen.colour], weights)
    return float(cover.sum()) / px_per_mm**2


def inked(
    lines: list[Stroke],
    with_pen: Pen,
    px_per_mm: float,
    rng: np.random.Generator,
    origin_mm: tuple[float, float],
) -> tuple[npt.NDArray[np.float32], int, int]:
    """How much of each pixel the ink takes, (h, w) 0..1, and the pixel (x, y) where that patch lies."""
    fine = max(2, round(FINE_PX_PER_MM / px_per_mm))
    every = np.concatenate([one.points for one in lines])
    low = np.floor((every.min(0) + origin_mm - 1.0) * px_per_mm).astype(int)
    size = np.ceil((every.max(0) + origin_mm + 1.0) * px_per_mm).astype(int) - low
    layer = np.zeros((size[1] * fine, size[0] * fine), np.uint8)
    for one in lines:
        at = (one.points + np.array(origin_mm, np.float32)) * px_per_mm - low.astype(np.float32)
        trace(layer, at * fine, one.pressure, with_pen, scale=fine * px_per_mm, rng=rng)
    small = cv2.resize(layer, tuple(size.tolist()), interpolation=cv2.INTER_AREA)
    cover = small.astype(np.float32) * np.float32(1 / 255) * texture(small.shape, with_pen.grain, rng)
    return cover, int(low[0]), int(low[1])


def trace(
    layer: Picture,
    at: npt.NDArray[np.float32],
    pressure: npt.NDArray[np.float32],
    with_pen: Pen,
    *,
    scale: float,
    rng: np.random.Generator,
) -> None:
    """One stroke into the fine layer: width and darkness follow the pressure; ink may fail to flow."""
    wide = np.maximum(1, with_pen.width_mm * scale * (0.55 + 0.45 * pressure)).round().astype(int)
    flows = np.clip(1 + 4 * (wander(len(at), 6, rng) - _quantile(with_pen.skip)), 0.06, 1)
    dark = (255 * with_pen.cover * np.clip(0.7 + 0.3 * pressure, 0, 1.05) * flows).clip(0, 255)
    spots = np.round(at * 16).astype(np.int32)
    low = np.maximum(spots.min(0) // 16 - wide.max() - 1, 0)
    high = spots.max(0) // 16 + wide.max() + 2
    part = layer[low[1] : high[1], low[0] : high[0]]
    ink = np.zeros_like(part)
    spots -= 16 * low
    for (a, b), w, d in zip(pairwise(spots.tolist()), wide[1:].tolist(), dark[1:].tolist(), strict=True):
        cv2.line(ink, a, b, d, w, cv2.LINE_8, 4)
    if len(at) == 1 or rng.random() < with_pen.blob:
        radius = int(wide[0] * rng.uniform(0.55, 0.9) * 16)
        cv2.circle(ink, spots[0].tolist(), radius, float(255 * with_pen.cover), -1, cv2.LINE_8, 4)
    # two layers of ink let less light through than one
    part[...] = 255 - cv2.multiply(255 - part, 255 - ink, scale=1 / 255)


def _quantile(share: float) -> float:
    """Below which value a share of `wander` lies, near enough for pens (it deviates by about 0.8)."""
    return -3.0 if share <= 0.0 else float(0.8 * np.sqrt(2) * -_erf_inverse(1 - 2 * share))


def _erf_inverse(x: float) -> float:
    """Winitzki's approximation, good to 0.002."""
    a = 0.147
    y = np.log(max(1e-9, 1 - x * x))
    b = 2 / (np.pi * a) + y / 2
    return float(np.sign(x) * np.sqrt(np.sqrt(b * b - y / a) - b))


@cache
def _grain() -> npt.NDArray[np.float32]:
    """The same paper tooth for all: (1024, 1024) 0..1, cells of about 0.15 mm at 200 dpi."""
    noise = np.random.default_rng(1).standard_normal((1024, 1024)).astype(np.float32)
    rough = cv2.GaussianBlur(noise, (0, 0), 0.6)
    return np.asarray(np.clip(0.5 + rough * (0.35 / rough.std()), 0, 1), np.float32)


def texture(shape: tuple[int, ...], grain: float, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """How much ink the paper takes in each pixel, (h, w) 0..1."""
    tooth = _grain()
    y, x = rng.integers(0, 1024, 2)
    rows, columns = (y + np.arange(shape[0])) % 1024, (x + np.arange(shape[1])) % 1024
    return np.asarray(1 - grain * tooth[rows[:, None], columns[None, :]], np.float32)


def lay(
    picture: Picture,
    cover: npt.NDArray[np.float32],
    at: tuple[int, int],
    rgb: tuple[int, int, int],
    weights: tuple[float, float, float] = LUMA,
) -> None:
    """Lay ink of a colour on a picture, in place: each pixel keeps 1 - cover·(1 - ink) of its light.

    `cover` (h, w) 0..1 with its top left at pixel `at`; parts beyond the picture are lost.
    """
    x, y = at
    top, left = max(0, y), max(0, x)
    bottom, right = min(picture.shape[0], y + cover.shape[0]), min(picture.shape[1], x + cover.shape[1])
    if bottom <= top or right <= left:
        return
    part = cover[top - y : bottom - y, left - x : right - x]
    ink = np.array(rgb, np.float32) / 255
    if picture.ndim == 2:
        ink = np.array([ink @ np.array(weights, np.float32)], np.float32)
    keeps = (1 - part[..., None] * (1 - ink)).reshape(*part.shape, *picture.shape[2:])
    spot = picture[top:bottom, left:right]
    spot[...] = (spot * keeps + 0.5).astype(np.uint8)
