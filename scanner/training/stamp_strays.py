"""Ink on the outside that is no stamp: writing, scribbles, signatures, drawings, coffee, thumbs, offset.

Each gives a layer of ink 0..1 over a scene at 100 dpi (320, 400). Real words are those of the
writers that the caller names (DHSD), where their folder is at hand; else they are drawn.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.pixels import Gray
from scanner.simulate.strokes import Stroke
from scanner.training import stamp_blots as blots
from scanner.training import stamp_pens as pens
from scanner.training.real import listed_words
from scanner.training.stamp_dies import SIDE, K, Light, Random
from scanner.training.stamp_papers import SIZE

Words = tuple[Gray, ...]


class Stray(StrEnum):
    """Other ink in or about the stamp field."""

    SCRIBBLE = "scribble"
    SIGNATURE = "signature"
    WORDS = "words"
    SMALL = "small"  # line upon line of small capitals
    LINES = "lines"  # a comment of several lines
    DRAWING = "drawing"
    CROSS = "cross"
    HATCHING = "hatching"
    IMITATION = "imitation"  # a ring or box drawn by hand with words in it
    COFFEE = "coffee"
    THUMB = "thumb"
    SMEAR = "smear"
    NOTE = "note"  # stuck on
    TORN = "torn"  # a corner gone
    THROUGH = "through"  # the print of the other face
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
    """A layer (320, 400) of ink of this kind within or about a rectangle, mm in the scene."""
    if kind in _WRITTEN and real and random.random() < 0.5:
        return _real(kind, about, real, random)
    if kind in _BLOTS:
        return _BLOTS[kind](about, random)
    return drawn(_LINES[kind](about, random), _pen_mm(random), random)


_WRITTEN = {Stray.WORDS, Stray.SIGNATURE, Stray.LINES, Stray.IMITATION, Stray.NOTE}


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


_LINES: dict[Stray, Callable[[Rect, Random], list[Stroke]]] = {
    Stray.SCRIBBLE: pens.scribble, Stray.SIGNATURE: pens.signature, Stray.DRAWING: pens.drawing,
    Stray.CROSS: pens.cross, Stray.IMITATION: pens.imitation, Stray.WORDS: pens.written,
    Stray.SMALL: pens.small, Stray.LINES: pens.lines, Stray.HATCHING: pens.hatching,
}  # fmt: skip
_BLOTS: dict[Stray, Callable[[Rect, Random], Light]] = {
    Stray.COFFEE: blots.coffee, Stray.THUMB: blots.thumb, Stray.SMEAR: blots.smear,
    Stray.NOTE: blots.note, Stray.TORN: blots.torn, Stray.THROUGH: blots.other_face,
}  # fmt: skip


def _real(kind: Stray, about: Rect, real: Words, random: Random) -> Light:
    """Real words as a comment, a signature, on a note or in a ring."""
    if kind is Stray.LINES:
        return in_rows(about, real, random)
    if kind is Stray.IMITATION:
        rings = drawn(pens.imitation(about, random)[:2], _pen_mm(random), random)
        return np.maximum(rings, scattered(about.grown(-6), real, random))
    words = scattered(about, real, random)
    return np.maximum(words, blots.note(about, random)) if kind is Stray.NOTE else words


def in_rows(about: Rect, real: Words, random: Random) -> Light:
    """Line upon line of real words, all of about one height."""
    layer, tall = np.zeros(SIZE, np.float32), random.uniform(2.5, 7)
    apart = tall * random.uniform(0.9, 1.6)
    for top in np.arange(about.y, about.y + about.h - 0.6 * tall, apart):
        x = about.x + random.uniform(0, 5)
        while x < about.x + about.w - tall:
            word = real[int(random.integers(len(real)))]
            scale = tall * random.uniform(0.75, 1.1) * K / word.shape[0]
            small = _scaled(word, min(scale, (about.x + about.w - x) * K / word.shape[1]))
            _over(layer, small, (int(x * K), int(top * K)))
            x += small.shape[1] / K + random.uniform(0.3, 1.0) * tall
    return layer * np.float32(random.uniform(0.5, 1.0) / 255)


def scattered(about: Rect, real: Words, random: Random) -> Light:
    """Some real words below or beside each other."""
    layer = np.zeros(SIZE, np.float32)
    many = random.random() < 0.2
    for _ in range(int(random.integers(8, 20)) if many else int(random.choice([1, 1, 2, 3, 4]))):
        word = real[int(random.integers(len(real)))]
        wide, tall = min(random.uniform(15, 60), about.w), random.uniform(*((2, 6) if many else (4, 20)))
        small = _scaled(word, min(wide * K / word.shape[1], tall * K / word.shape[0]))
        _over(layer, small, _within(about, small.shape, random))
    return layer * np.float32(random.uniform(0.5, 1.0) / 255)


def _scaled(word: Gray, scale: float) -> Gray:
    size = max(1, round(word.shape[1] * scale)), max(1, round(word.shape[0] * scale))
    return np.asarray(cv2.resize(word, size, interpolation=cv2.INTER_AREA), np.uint8)


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


def placed(ink: Light, middle_mm: tuple[float, float]) -> Light:
    """What (SIDE, SIDE) px hold, with its middle at a place of the window; the rest is lost."""
    out = np.zeros(SIZE, np.float32)
    x, y = round(middle_mm[0] * K) - SIDE // 2, round(middle_mm[1] * K) - SIDE // 2
    left, top, right, low = max(0, x), max(0, y), min(SIZE[1], x + SIDE), min(SIZE[0], y + SIDE)
    if left < right and top < low:
        out[top:low, left:right] = ink[top - y : low - y, left - x : right - x]
    return out
