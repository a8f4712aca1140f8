"""Rubber stamps to learn from: round, oval, rectangular, free lines, coats of arms, daters; 20–45 mm.

A die is drawn at 100 dpi with its middle in the middle of the picture. Letters are the sans faces
that come with OpenCV. The stamps that the reader is tested on are others (`stamp_other_dies`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from scanner.pixels import INCH_MM, Gray

Random = np.random.Generator
Light = npt.NDArray[np.float32]
DPI = 100
K = DPI / INCH_MM  # px per mm
SIDE = 260  # px: 66 mm, the diagonal of the largest stamp
_WORDS = (
    *("VALGSTYRET", "STEMT", "VALG", "KOMMUNE", "FORHÅNDSSTEMME", "OFFISIELT", "STEMPEL"),
    *("VALGTING", "KRETS", "NR", "STEMMESTYRET", "FYLKE", "NORDVIK", "ÅLMØY"),
    *(
        "SÆTERBUKTA",
        "TRONVIK",
        "ØSTERLI",
        "FJELLHAMAR",
        "GODKJENT",
        "MOTTATT",
        "KONTROLL",
        "RÅDHUS",
        "STORVIK",
        "ELVEBAKKEN",
    ),
)
_STROKES = {"duplex": (cv2.FONT_HERSHEY_DUPLEX, 1.3), "plain": (cv2.FONT_HERSHEY_PLAIN, 3.0)}  # face, size
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DES")


@dataclass(frozen=True, slots=True, eq=False)
class Die:
    """A rubber: where it holds ink, 0..1, and all that it spans, both (SIDE, SIDE)."""

    rubber: Light
    whole: npt.NDArray[np.bool_]


def die(random: Random) -> Die:
    """A stamp that some office may have bought."""
    layer = np.zeros((SIDE, SIDE), np.uint8)
    maker = _MAKERS[int(random.choice(len(_MAKERS), p=_SHARES))]
    maker(layer, random)
    if random.random() < 0.04:  # a die that prints the ground and leaves the letters white
        layer = np.where(filled(layer), 255 - layer, 0).astype(np.uint8)
    return finished(layer)


def finished(layer: Gray) -> Die:
    """The die that a drawing makes."""
    return Die((layer / np.float32(255)).astype(np.float32), filled(layer))


def filled(layer: Gray) -> npt.NDArray[np.bool_]:
    """What a die covers: the hull of its lines."""
    points = cv2.findNonZero((layer > 60).astype(np.uint8))
    out = np.zeros(layer.shape, np.uint8)
    if points is not None:
        cv2.fillConvexPoly(out, cv2.convexHull(points), 1)
    return out.astype(bool)


def _round(layer: Gray, random: Random) -> None:
    wide = random.uniform(22, 44)
    _ringed(layer, (wide / 2, wide / 2), random)


def _oval(layer: Gray, random: Random) -> None:
    wide = random.uniform(30, 45)
    _ringed(layer, (wide / 2, wide * random.uniform(0.5, 0.75) / 2), random)


def _ringed(layer: Gray, half: tuple[float, float], random: Random) -> None:
    """Rings, a text along them, lines of text or a sign in the middle."""
    line, inset = random.uniform(0.25, 0.9), 0.0
    for _ in range(int(random.integers(1, 4))):
        ring(layer, (half[0] - inset, half[1] - inset), line)
        inset += random.uniform(0.9, 1.8)
    tall = min(random.uniform(2.2, 4.2), 0.28 * half[1])
    inner = half[0] - inset - 0.5, half[1] - inset - 0.5
    text = words(random, int(random.integers(2, 4)))
    bent(layer, strip(text, *_face(random)), inner, tall, low=False)
    if random.random() < 0.4:
        bent(layer, strip(words(random, 1), *_face(random)), inner, tall, low=True)
    core = inner[0] - tall - 0.8, inner[1] - tall - 0.8
    if random.random() < 0.5:
        ring(layer, core, line * 0.8)
    if random.random() < 0.3:
        arms(layer, (0, 0), min(core) * 0.8, random)
    else:
        _lines(layer, (1.35 * core[0], 1.25 * core[1]), int(random.integers(1, 4)), random)


def _rectangular(layer: Gray, random: Random) -> None:
    wide = random.uniform(26, 45)
    tall = max(11.0, wide * random.uniform(0.35, 0.75))
    line = random.uniform(0.3, 0.9)
    for n in range(int(random.integers(1, 3))):
        box(layer, (wide / 2 - 1.3 * n, tall / 2 - 1.3 * n), line)
    _lines(layer, (wide - 5, tall - 4), int(random.integers(2, 5)), random)


def _free(layer: Gray, random: Random) -> None:
    """Lines of text without a frame."""
    _lines(layer, (random.uniform(28, 45), random.uniform(10, 22)), int(random.integers(2, 5)), random)


def _armed(layer: Gray, random: Random) -> None:
    """A shield with words below or beside it."""
    size = random.uniform(8, 12)
    arms(layer, (0, -0.4 * size), size, random)
    text(layer, words(random, 2), (0, size + 2.5), (random.uniform(26, 40), random.uniform(2.5, 4)), random)
    if random.random() < 0.5:
        text(layer, words(random, 1), (0, size + 6.5), (random.uniform(18, 28), 3), random)


def _dater(layer: Gray, random: Random) -> None:
    """An office above, a date between two lines, a word below."""
    wide = random.uniform(28, 44)
    if random.random() < 0.6:
        box(layer, (wide / 2, random.uniform(9, 13)), random.uniform(0.3, 0.7))
    text(layer, words(random, 2), (0, -6), (wide - 4, 3), random)
    text(layer, date(random), (0, 0), (wide * 0.75, random.uniform(3, 5)), random)
    text(layer, words(random, 1), (0, 6), (wide * 0.6, 3), random)
    for y in (-3.2, 3.2):
        a, b = at(-wide * 0.4, y), at(wide * 0.4, y)
        cv2.line(layer, a, b, 255, max(1, round(0.35 * K)), cv2.LINE_AA)


def _cornered(layer: Gray, random: Random) -> None:
    """Three to nine corners anywhere about the middle, or a rim of waves; lines of text within."""
    half = random.uniform(11, 22), random.uniform(9, 20)
    count = int(random.integers(3, 10))
    angle = np.sort(
        random.uniform(0, 2 * np.pi)
        + 2 * np.pi * (np.arange(count) + random.uniform(-0.2, 0.2, count)) / count
    )
    reach = np.ones(count)
    if random.random() < 0.3:
        angle = np.linspace(0, 2 * np.pi, 120)
        reach = 1 + random.uniform(0.01, 0.05) * np.sin(angle * int(random.integers(8, 30)))
    for n in range(int(random.integers(1, 3))):
        size = reach * (1 - 0.1 * n)
        points = np.stack([half[0] * size * np.cos(angle), half[1] * size * np.sin(angle)], axis=1)
        rim = np.array([at(float(x), float(y)) for x, y in points], np.int32)
        cv2.polylines(
            layer, [rim], isClosed=True, color=255, thickness=int(random.integers(1, 4)), lineType=cv2.LINE_AA
        )
    _lines(layer, (1.1 * half[0], 0.8 * half[1]), int(random.integers(1, 4)), random)


_MAKERS: tuple[Callable[[Gray, Random], None], ...] = (
    *(_round, _oval, _rectangular, _free, _armed, _dater, _cornered),
)
_SHARES = (0.3, 0.14, 0.18, 0.11, 0.06, 0.08, 0.13)


def at(x: float, y: float) -> tuple[int, int]:
    """Pixels of a place in mm about the middle."""
    return round(SIDE / 2 + x * K), round(SIDE / 2 + y * K)


def ring(layer: Gray, half: tuple[float, float], line: float) -> None:
    """An ellipse about the middle."""
    axes = max(1, round(half[0] * K)), max(1, round(half[1] * K))
    cv2.ellipse(layer, at(0, 0), axes, 0, 0, 360, 255, max(1, round(line * K)), cv2.LINE_AA)


def box(layer: Gray, half: tuple[float, float], line: float) -> None:
    """A rectangle about the middle."""
    cv2.rectangle(layer, at(-half[0], -half[1]), at(*half), 255, max(1, round(line * K)), cv2.LINE_AA)


def arms(layer: Gray, middle: tuple[float, float], size: float, random: Random) -> None:
    """A shield, half of it solid, with a beast that is a blot with limbs; `size` half its height, mm."""
    x, y = middle
    outline = [(-0.75, -1), (0.75, -1), (0.75, 0.1), (0.5, 0.6), (0, 1), (-0.5, 0.6), (-0.75, 0.1)]
    points = np.array([at(x + size * a, y + size * b) for a, b in outline], np.int32)
    if random.random() < 0.4:
        cv2.fillPoly(layer, [points], 255, cv2.LINE_AA)
    cv2.polylines(layer, [points], isClosed=True, color=255, thickness=round(0.5 * K), lineType=cv2.LINE_AA)
    level = 0 if layer[at(x, y)[::-1]] else 255
    for _ in range(int(random.integers(3, 8))):
        a, b = random.uniform(-0.4, 0.4, 2) * size
        axes = max(1, round(size * random.uniform(0.08, 0.3) * K)), max(1, round(size * 0.09 * K))
        cv2.ellipse(layer, at(x + a, y + b), axes, random.uniform(0, 180), 0, 360, level, -1, cv2.LINE_AA)


def words(random: Random, count: int) -> str:
    """Some words that offices engrave, now and then in small letters."""
    said = " ".join(random.choice(_WORDS, count, replace=False))
    return said if random.random() < 0.85 else said.title()


def date(random: Random) -> str:
    """A day of some election."""
    day, year = int(random.integers(1, 29)), int(random.integers(2019, 2032))
    return f"{day} {_MONTHS[int(random.integers(12))]} {year}"


def _face(random: Random) -> tuple[str, int]:
    face = str(random.choice(["sans", "sans", "italic", "duplex", "plain", "round"]))
    return face, int(random.choice([300, 400, 600, 800]))


@lru_cache(maxsize=4096)
def strip(said: str, face: str, weight: int) -> Gray:
    """A line of text, ink 255, about 40 px high, cut to its ink."""
    layer = np.zeros((64, 40 * len(said) + 40), np.uint8)
    plain = said.translate(str.maketrans("ÅØÆåøæ", "AOEaoe"))  # these faces have no Norwegian letters
    if face == "round":
        return _set(plain)
    if face in _STROKES:
        kind, size = _STROKES[face]
        cv2.putText(layer, plain, (8, 46), kind, size, 255, max(2, weight // 200), cv2.LINE_AA)
    else:
        cv2.putText(layer, said, (8, 48), (255,), cv2.FontFace(face), 40, weight)
    return cut(layer)


def _set(said: str) -> Gray:
    """A line in the face that comes with Pillow."""
    picture = Image.new("L", (44 * len(said) + 40, 80))
    ImageDraw.Draw(picture).text((8, 10), said, fill=255, font=ImageFont.load_default(44))
    return cut(np.asarray(picture, np.uint8))


def cut(layer: Gray) -> Gray:
    """The part of a picture that holds ink; one empty pixel if none does."""
    x, y, w, h = cv2.boundingRect(layer)
    return layer[y : y + h, x : x + w] if w and h else np.zeros((1, 1), np.uint8)


def text(
    layer: Gray, said: str, middle: tuple[float, float], size: tuple[float, float], random: Random
) -> None:
    """One line of text, fitted into `size` mm about `middle`."""
    letters, wider = strip(said, *_face(random)), random.uniform(0.7, 1.3)
    stretched = max(1, round(letters.shape[1] * wider)), letters.shape[0]
    lay(layer, np.asarray(cv2.resize(letters, stretched), np.uint8), middle, size)


def lay(layer: Gray, letters: Gray, middle: tuple[float, float], size: tuple[float, float]) -> None:
    """A line of letters, fitted into `size` mm about `middle`, over what is there."""
    scale = min(size[0] * K / letters.shape[1], size[1] * K / letters.shape[0])
    w, h = max(1, round(letters.shape[1] * scale)), max(1, round(letters.shape[0] * scale))
    x, y = at(*middle)
    left, top = max(0, x - w // 2), max(0, y - h // 2)
    small = cv2.resize(letters, (w, h), interpolation=cv2.INTER_AREA)[: SIDE - top, : SIDE - left]
    spot = layer[top : top + small.shape[0], left : left + small.shape[1]]
    np.maximum(spot, small, out=spot)


def _lines(layer: Gray, size: tuple[float, float], count: int, random: Random) -> None:
    """Lines of text below each other in `size` mm."""
    pitch = size[1] / count
    dated = int(random.integers(count)) if random.random() < 0.6 else -1
    for n in range(count):
        said = date(random) if n == dated else words(random, int(random.integers(1, 3)))
        text(layer, said, (0, (n + 0.5) * pitch - size[1] / 2), (size[0], min(0.7 * pitch, 6)), random)


def bent(layer: Gray, letters: Gray, half: tuple[float, float], tall: float, *, low: bool) -> None:
    """A line of letters along the inside of an ellipse with half axes `half`, mm; `low`: along its foot."""
    y, x = (np.mgrid[0:SIDE, 0:SIDE] - np.float32(SIDE / 2)).astype(np.float32) / np.float32(K)
    round_x, round_y = x / np.float32(half[0]), y / np.float32(half[1])
    reach = np.sqrt(round_x**2 + round_y**2)
    angle = np.arctan2(round_x, round_y if low else -round_y)
    mean = (half[0] + half[1]) / 2
    depth = (1 - reach) * mean  # mm inward from the ellipse
    scale = letters.shape[0] / tall
    width = letters.shape[1] / scale
    squeeze = max(1.0, width / (mean * (1.7 if low else 4.2)))
    along = angle * np.float32((mean - tall / 2) * scale * squeeze) + np.float32(letters.shape[1] / 2)
    down = (np.float32(tall) - depth if low else depth) * np.float32(scale)
    laid = cv2.remap(letters, along, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    np.maximum(layer, laid, out=layer)
