"""Rubber stamps never learnt from: many-sided, scalloped, dotted, shield-shaped, barred; other letters.

Half of them are the stamps of the simulated election day. Letters are stroke fonts and the faces
the ballots are printed in, none of which the reader has met on a stamp.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import scanner.layout
from scanner.pixels import Gray
from scanner.simulate.pens import InkColour, Pen, PenKind, inked
from scanner.simulate.stamps import die as day_die
from scanner.simulate.stamps import engraving
from scanner.training.stamp_dies import SIDE, Die, K, Random, at, bent, cut, finished, lay

_OFFICES = "HAMRE KOMMUNE|SKOGLI VALGSTYRE|FORHÅNDSSTEMME|ULVIK OG SUND|KVALØY KRETS 12|BJØRKÅSEN"
_WORDS = "VALG 2031|STEMPLET|07.09.2025|VALGSTYRET|OFF. STEMPEL|STEMT|14.09.27|NR. 4"
_STROKE_FONTS = (cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SIMPLEX)
_FONTS = ("LiberationSans-Bold.ttf", "OCRB.otf", "LiberationSans-Regular.ttf")


def other_die(random: Random) -> Die:
    """A stamp of a family the reader never learnt from."""
    layer = np.zeros((SIDE, SIDE), np.uint8)
    kind = int(random.integers(8))
    if kind < 4:
        return _of_the_day(random)
    if kind < 6:
        _many_sided(layer, random)
    elif kind == 6:
        _barred(layer, random)
    else:
        _scalloped(layer, random)
    return finished(layer)


def _of_the_day(random: Random) -> Die:
    """The stamps that `simulate` gives its polling stations."""
    made = day_die(str(random.choice(_OFFICES.split("|"))), int(random.integers(2023, 2033)), random)
    rubber = Pen(PenKind.FELT, InkColour.BLACK, made.line_mm, 0.97, 0.0, 0.25, 0.0)
    cover, x, y = inked(engraving(made, random), rubber, K, random, (SIDE / 2 / K, SIDE / 2 / K))
    layer = np.zeros((SIDE, SIDE), np.uint8)
    layer[y : y + cover.shape[0], x : x + cover.shape[1]] = (cover * 255).astype(np.uint8)
    return finished(layer)


def _many_sided(layer: Gray, random: Random) -> None:
    """Six or eight sides, or a shield, one to three lines, text below each other."""
    sides, half = int(random.choice([4, 6, 8])), random.uniform(12, 21)
    angle = np.arange(sides) * 2 * np.pi / sides + (np.pi / sides if random.random() < 0.5 else 0)
    for n in range(int(random.integers(1, 4))):
        reach = half - 1.4 * n
        points = np.array([at(reach * np.cos(a), 0.8 * reach * np.sin(a)) for a in angle], np.int32)
        cv2.polylines(layer, [points], isClosed=True, color=255, thickness=2, lineType=cv2.LINE_AA)
    _stacked(layer, (1.15 * half, 0.75 * half), random)


def _barred(layer: Gray, random: Random) -> None:
    """A solid bar with white letters, lines of text above and below, no frame."""
    wide = random.uniform(26, 42)
    a, b = at(-wide / 2, -2.6), at(wide / 2, 2.6)
    cv2.rectangle(layer, a, b, 255, -1)
    letters = np.zeros_like(layer)
    lay(
        letters,
        _letters(str(random.choice(_WORDS.split("|"))), int(random.integers(6))),
        (0, 0),
        (wide - 4, 3.6),
    )
    np.subtract(layer, letters, out=layer)
    for y in (-6.0, 6.0):
        said = str(random.choice(_OFFICES.split("|")))
        lay(layer, _letters(said, int(random.integers(6))), (0, y), (wide, 3.4))


def _scalloped(layer: Gray, random: Random) -> None:
    """A wavy or dotted rim, words along it, a star in the middle."""
    half = random.uniform(12, 21)
    angle = np.linspace(0, 2 * np.pi, 200)
    if random.random() < 0.5:
        rim = half + 0.5 * np.sin(angle * int(random.integers(16, 40)))
        points = [at(r * np.cos(a), r * np.sin(a)) for r, a in zip(rim, angle, strict=True)]
        cv2.polylines(layer, [np.array(points, np.int32)], True, 255, 2, cv2.LINE_AA)  # noqa: FBT003
    else:
        for a in angle[:: int(random.integers(3, 6))]:
            cv2.circle(layer, at(half * np.cos(a), half * np.sin(a)), 2, 255, -1, cv2.LINE_AA)
    said = str(random.choice(_OFFICES.split("|")))
    bent(
        layer,
        _letters(said, int(random.integers(6))),
        (half - 1.5, half - 1.5),
        random.uniform(2.4, 4),
        low=False,
    )
    reach = 0.35 * half * np.array([1.0, 0.4] * 5)
    turns = np.arange(10) * np.pi / 5
    star = [at(r * np.sin(a), -r * np.cos(a)) for r, a in zip(reach, turns, strict=True)]
    cv2.fillPoly(layer, [np.array(star, np.int32)], 255, cv2.LINE_AA)


def _stacked(layer: Gray, size: tuple[float, float], random: Random) -> None:
    count = int(random.integers(2, 4))
    for n in range(count):
        said = str(random.choice((_OFFICES if n == 0 else _WORDS).split("|")))
        place = (0.0, ((n + 0.5) / count - 0.5) * size[1])
        lay(layer, _letters(said, int(random.integers(6))), place, (size[0], 0.7 * size[1] / count))


@lru_cache(maxsize=256)
def _letters(said: str, kind: int) -> Gray:
    """A line of text in one of six faces, ink 255, cut to its ink."""
    if kind < 3:
        layer = np.zeros((70, 40 * len(said) + 40), np.uint8)
        plain = said.translate(str.maketrans("ÅØÆ", "AOE"))
        cv2.putText(layer, plain, (8, 50), _STROKE_FONTS[kind], 1.4, 255, 2, cv2.LINE_AA)
        return cut(layer)
    file = Path(scanner.layout.__file__).parent / "fonts" / _FONTS[kind - 3]
    font = ImageFont.truetype(str(file), 44)
    picture = Image.new("L", (40 * len(said) + 40, 80))
    ImageDraw.Draw(picture).text((8, 10), said, fill=255, font=font)
    return cut(np.asarray(picture, np.uint8))
