"""Ink on the outside that is no stamp: writing, scribbles, signatures, drawings, coffee, thumbs, offset.

Each gives a layer of ink 0..1 over a window at 100 dpi (320, 400). Real words are those of the
writers that the caller names (DHSD), where their folder is at hand; else they are drawn.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.pixels import Gray
from scanner.simulate import marks
from scanner.simulate.letters import width_mm, write
from scanner.simulate.marks import Hand, MarkShape
from scanner.simulate.strokes import Stroke, stroke, wander
from scanner.training.real import listed_words
from scanner.training.stamp_dies import SIDE, K, Light, Random
from scanner.training.stamp_papers import COLUMNS, ROWS, SIZE

Words = tuple[Gray, ...]
Points = npt.NDArray[np.floating]
_SAID = (
    *("DETTE ER FEIL", "TAKK", "LEVE KONGEN", "STEM PÅ MEG", "NEI", "JA", "GODKJENT"),
    *("FEIL STEMPEL", "SE HER", "KJØSTERUD", "OLE HANSEN", "VALG 2027"),
)


class Stray(StrEnum):
    """Other ink in or about the stamp field."""

    SCRIBBLE = "scribble"
    SIGNATURE = "signature"
    WORDS = "words"
    SMALL = "small"  # line upon line of small capitals
    DRAWING = "drawing"
    CROSS = "cross"
    IMITATION = "imitation"  # a ring or box drawn by hand with words in it
    COFFEE = "coffee"
    THUMB = "thumb"
    SMEAR = "smear"
    OFFSET = "offset"  # the faint mirror image of another ballot's stamp


@cache
def real_words(folder: Path, writers: tuple[int, int], each: int = 50) -> Words:
    """Words by the writers from one place to another of the sorted list, ink 255, cut to their ink."""
    pictures = sorted(one.picture for one in listed_words(folder / "words"))
    theirs = [list(some) for _, some in groupby(pictures, lambda one: one.parent)][writers[0] : writers[1]]
    files = [one for person in theirs for one in person[:each]]
    read = (cv2.imread(str(one), cv2.IMREAD_GRAYSCALE) for one in files)
    return tuple(_ink(np.asarray(one, np.uint8)) for one in read if one is not None)


def _ink(picture: Gray) -> Gray:
    dark = np.clip((230 - picture.astype(np.float32)) * 1.6, 0, 255).astype(np.uint8)
    x, y, w, h = cv2.boundingRect((dark > 60).astype(np.uint8))
    return np.asarray(dark[y : y + h, x : x + w] if w and h else dark, np.uint8)


def stray(kind: Stray, about: Rect, real: Words, random: Random) -> Light:
    """A layer (320, 400) of ink of this kind within or about a rectangle, mm in the window."""
    if kind is Stray.WORDS or (kind is Stray.SIGNATURE and real and random.random() < 0.4):
        return _words(about, real, random)
    if kind in _BLOTS:
        return _BLOTS[kind](about, random)
    return drawn(_LINES[kind](about, random), _pen_mm(random), random)


def _pen_mm(random: Random) -> float:
    return float(random.choice([random.uniform(0.3, 0.6), random.uniform(0.5, 1.1)], p=[0.7, 0.3]))


def drawn(strokes: list[Stroke], wide_mm: float, random: Random) -> Light:
    """Strokes of one pen: ink 0..1."""
    layer = np.zeros((2 * SIZE[0], 2 * SIZE[1]), np.uint8)  # finer than the scene, then averaged
    for one in strokes:
        points = np.round(one.points * 2 * K * 16).astype(np.int32)
        thick = max(1, round(wide_mm * 2 * K * float(one.pressure.mean())))
        cv2.polylines(
            layer, [points], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA, shift=4
        )
    small = cv2.resize(layer, SIZE[::-1], interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) * np.float32(random.uniform(0.45, 0.97) / 255)


def _someone(random: Random) -> Hand:
    return marks.hand(random)


def _spot(about: Rect, random: Random, least: float = 0.3) -> Rect:
    """Some part of a rectangle."""
    w, h = about.w * random.uniform(least, 1.0), about.h * random.uniform(least, 1.0)
    x, y = about.x + random.uniform(0, about.w - w), about.y + random.uniform(0, about.h - h)
    return Rect(float(x), float(y), float(w), float(h))


def _scribble(about: Rect, random: Random) -> list[Stroke]:
    """Dense to and fro, loops round and round, or a tangle."""
    here, kind = _spot(about, random, 0.35), random.random()
    n = int(random.integers(10, 160 if random.random() < 0.4 else 70))
    if kind < 0.35:
        xs: Points = np.linspace(0, 1, n)
        ys: Points = np.where(np.arange(n) % 2, 0.05, 0.95) + random.normal(0, 0.08, n)
    elif kind < 0.7:
        angle = np.linspace(0, n * random.uniform(0.8, 1.6), 4 * n)
        radius = 0.25 + 0.2 * wander(4 * n, 9, random)
        drift = np.linspace(-0.25, 0.25, 4 * n) * random.uniform(0, 1)
        xs, ys = 0.5 + drift + radius * np.cos(angle), 0.5 + radius * np.sin(angle)
    else:
        xs, ys = 0.5 + 0.3 * wander(n, 1, random), 0.5 + 0.3 * wander(n, 1, random)
    points = np.stack([here.x + here.w * xs, here.y + here.h * ys], axis=1)
    return [stroke(points, random, tremble_mm=0.05)]


def _signature(about: Rect, random: Random) -> list[Stroke]:
    """A running line of loops with tall letters, and perhaps a flourish below."""
    long, tall = min(about.w, random.uniform(25, 60)), random.uniform(4, 16)
    x0 = about.x + random.uniform(0, max(about.w - long, 0.1))
    y0 = about.y + random.uniform(0.3, 0.8) * about.h
    n = int(random.integers(10, 30))
    t = np.linspace(0, 1, 5 * n)
    phase = t * n * random.uniform(0.5, 1.0) * np.pi
    high = tall * (0.25 + 0.75 * np.clip(wander(5 * n, 10, random), 0, 1)) * np.linspace(1, 0.5, 5 * n)
    xs = x0 + long * t + 0.25 * tall * np.sin(phase)
    ys = y0 - high * (0.5 + 0.5 * np.cos(phase)) + random.normal(0, 1) * t
    strokes = [stroke(np.stack([xs, ys], axis=1), random)]
    if random.random() < 0.5:
        ends = np.array(
            [[x0, y0 + 2], [x0 + 0.6 * long, y0 + 1], [x0 + long, y0 + 3], [x0 + 0.3 * long, y0 + 5]]
        )
        strokes.append(stroke(ends, random))
    return strokes


def _drawing(about: Rect, random: Random) -> list[Stroke]:
    here, shape = _spot(about, random, 0.4), random.random()
    if shape < 0.4:
        return marks.heart(here, _someone(random), random)
    if shape < 0.8:
        return marks.face_drawing(here, _someone(random), random)
    return _imitation(here, random)[:1]


def _cross(about: Rect, random: Random) -> list[Stroke]:
    kinds = [
        MarkShape.CROSS,
        MarkShape.TICK,
        MarkShape.PLUS,
        MarkShape.FILL,
        MarkShape.CIRCLE,
        MarkShape.SCRIBBLE,
    ]
    return marks.mark(MarkShape(random.choice(kinds)), _spot(about, random, 0.4), _someone(random), random)


def _imitation(about: Rect, random: Random) -> list[Stroke]:
    """One or two rings or boxes drawn by hand, with words in them."""
    wide, tall = random.uniform(20, 42), random.uniform(16, 34)
    x, y = np.asarray(about.centre) + random.normal(0, 3, 2)
    sharp = random.random() < 0.35
    angle = np.linspace(0, 2 * np.pi * random.uniform(0.97, 1.05), 5 if sharp else 24) + (
        np.pi / 4 if sharp else 0
    )
    found = []
    for n in range(int(random.integers(1, 3))):
        size = 1 - 0.16 * n
        rim = np.stack([x + size * wide / 2 * np.cos(angle), y + size * tall / 2 * np.sin(angle)], axis=1)
        rim += random.normal(0, 0.4, rim.shape)
        found.append(stroke(rim, random, corners=np.full(len(rim), sharp), tremble_mm=0.08))
    inner = Rect(float(x - wide * 0.32), float(y - tall * 0.25), wide * 0.64, tall * 0.5)
    return [*found, *written(inner, random)]


def written(about: Rect, random: Random) -> list[Stroke]:
    """Lines of drawn capitals."""
    lines, by = int(random.integers(1, 4)), _someone(random)
    tall = min(random.uniform(2.2, 9), about.h / lines * 0.7)
    found: list[Stroke] = []
    for n in range(lines):
        said = str(random.choice(_SAID))
        size = tall * min(1.0, about.w / width_mm(said, tall, by))
        base = about.y + about.h * (n + 0.8) / lines
        found += write(
            said, (about.x + random.uniform(0, 2), base), size, by, random, habit=int(random.integers(99))
        )
    turn = float(random.normal(0, 6) if random.random() < 0.9 else random.choice([90, 180, -90]))
    return [one.turned(turn, about.centre) for one in found]


def _small(about: Rect, random: Random) -> list[Stroke]:
    """A field full of capitals as small and as close as a stamp's."""
    tall, by, found = random.uniform(1.6, 3.4), _someone(random), list[Stroke]()
    apart = tall * random.uniform(1.25, 2.0)
    for n in range(int(random.integers(3, max(5, min(15, int(about.h / apart)))))):
        said = " ".join(str(one) for one in random.choice(_SAID, int(random.integers(1, 4))))
        size = tall * min(1.0, about.w / width_mm(said, tall, by))
        at = about.x + random.uniform(0, 3), about.y + apart * (n + 0.9)
        found += write(said, at, size, by, random, habit=int(random.integers(99)))
    turn = float(random.normal(0, 4))
    return [one.turned(turn, about.centre) for one in found]


_LINES: dict[Stray, Callable[[Rect, Random], list[Stroke]]] = {
    Stray.SCRIBBLE: _scribble, Stray.SIGNATURE: _signature, Stray.DRAWING: _drawing,
    Stray.CROSS: _cross, Stray.IMITATION: _imitation, Stray.WORDS: written,
    Stray.SMALL: _small,
}  # fmt: skip


def _words(about: Rect, real: Words, random: Random) -> Light:
    """Some real words below or beside each other, or drawn ones."""
    if not real or random.random() < 0.3:
        return drawn(written(about, random), _pen_mm(random), random)
    layer = np.zeros(SIZE, np.float32)
    many = random.random() < 0.2
    for _ in range(int(random.integers(8, 20)) if many else int(random.choice([1, 1, 2, 3, 4]))):
        word = real[int(random.integers(len(real)))]
        wide, tall = min(random.uniform(15, 60), about.w), random.uniform(*((2, 6) if many else (4, 20)))
        scale = min(wide * K / word.shape[1], tall * K / word.shape[0])
        small = np.asarray(cv2.resize(word, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        _over(layer, small, _within(about, small.shape, random))
    return layer * np.float32(random.uniform(0.5, 1.0) / 255)


def _within(about: Rect, shape: tuple[int, ...], random: Random) -> tuple[int, int]:
    """Left and top of something of this shape in a rectangle."""
    x = about.x * K + random.uniform(0, max(about.w * K - shape[1], 1))
    y = about.y * K + random.uniform(0, max(about.h * K - shape[0], 1))
    return int(x), int(y)


def _over(layer: Light, small: Gray, at: tuple[int, int]) -> None:
    left, top = max(0, at[0]), max(0, at[1])
    part = small[: layer.shape[0] - top, : layer.shape[1] - left]
    spot = layer[top : top + part.shape[0], left : left + part.shape[1]]
    np.maximum(spot, part[: spot.shape[0], : spot.shape[1]], out=spot)


def _coffee(about: Rect, random: Random) -> Light:
    """A cup's or a glass's ring, 30–90 mm: dark rim, pale inside, gaps and drops."""
    radius, rim = random.uniform(13, 45), random.uniform(0.3, 2.2)
    x, y = (np.asarray(about.centre) + random.normal(0, 12, 2)).astype(np.float32)
    down, across = ROWS / np.float32(K), COLUMNS / np.float32(K)
    angle = np.arctan2(down - y, across - x)
    swing = (
        1 + 0.03 * np.sin(2 * angle + random.uniform(0, 6)) + 0.01 * np.sin(5 * angle + random.uniform(0, 6))
    )
    away = np.hypot(across - x, (down - y) * random.uniform(0.9, 1.1)) * swing - radius
    gap = np.clip(0.7 + random.uniform(0, 0.8) * np.sin(angle + random.uniform(0, 6)), 0, 1)
    line = np.exp(-((away / rim) ** 2)) + 0.6 * np.exp(-(((away - rim) / 0.3) ** 2))
    inside = random.uniform(0, 0.25) * (away < 0)
    return np.asarray(np.clip((line * gap + inside) * random.uniform(0.1, 0.7), 0, 1), np.float32)


def _thumb(about: Rect, random: Random) -> Light:
    """A finger with ink on it: ridges half a millimetre apart in an oval."""
    x, y = (np.asarray(about.centre) + random.normal(0, 8, 2)).astype(np.float32)
    down, across = ROWS / np.float32(K), COLUMNS / np.float32(K)
    a = random.uniform(0, np.pi)
    u, v = (
        (across - x) * np.cos(a) + (down - y) * np.sin(a),
        (down - y) * np.cos(a) - (across - x) * np.sin(a),
    )
    spot = np.exp(-(((u / random.uniform(6, 9)) ** 4) + (v / random.uniform(8, 13)) ** 4))
    bend = random.uniform(0.02, 0.09)
    ridges = 0.5 + 0.5 * np.sin(2 * np.pi * (v + bend * u**2) / random.uniform(0.42, 0.6))
    return np.asarray(spot * (0.25 + 0.75 * ridges) * random.uniform(0.1, 0.6), np.float32)


def _smear(about: Rect, random: Random) -> Light:
    """Something wet wiped across."""
    here = _spot(about, random, 0.3)
    layer = np.zeros(SIZE, np.float32)
    middle = round(here.centre[0] * K), round(here.centre[1] * K)
    axes = max(2, round(here.w * K / 2)), max(2, round(here.h * K / 4))
    cv2.ellipse(layer, middle, axes, random.uniform(0, 180), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(layer, (0, 0), random.uniform(2, 12))
    rough = cv2.blur(random.random(SIZE, np.float32), (int(random.integers(5, 41)), 1))
    return np.asarray(soft * np.clip(0.3 + 1.6 * (rough - 0.3), 0, 1) * random.uniform(0.1, 0.7), np.float32)


_BLOTS: dict[Stray, Callable[[Rect, Random], Light]] = {
    Stray.COFFEE: _coffee, Stray.THUMB: _thumb, Stray.SMEAR: _smear,
}  # fmt: skip


def placed(ink: Light, middle_mm: tuple[float, float]) -> Light:
    """What (SIDE, SIDE) px hold, with its middle at a place of the window; the rest is lost."""
    out = np.zeros(SIZE, np.float32)
    x, y = round(middle_mm[0] * K) - SIDE // 2, round(middle_mm[1] * K) - SIDE // 2
    left, top, right, low = max(0, x), max(0, y), min(SIZE[1], x + SIDE), min(SIZE[0], y + SIDE)
    if left < right and top < low:
        out[top:low, left:right] = ink[top - y : low - y, left - x : right - x]
    return out
