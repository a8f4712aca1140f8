"""Printed paper around a box: many countries' shapes, lines, letters and neighbours, all made up.

Norwegian ballots have a 3.9 mm square with a number to its left and a name to its right, one row
every 5.9 mm (the official drawings); ovals, circles, rounded boxes and broken arrows are others'.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Random = np.random.Generator

PX = 12  # px per mm of a scene: finer than 300 dpi
SUB = 4  # bits of a fraction of a pixel that OpenCV draws with
LETTERS = "ABCDEFGHIJKLMNOPRSTUVWYZÆØÅabdefghiklmnoprstuvyæøå0123456789"


class Shape(StrEnum):
    """What the printer draws where a voter may mark."""

    SQUARE = "square"
    ROUNDED = "rounded"
    OVAL = "oval"
    CIRCLE = "circle"
    ARROW = "arrow"  # two halves of an arrow: the voter joins them


@dataclass(frozen=True, slots=True)
class Form:
    """How one ballot is printed around its boxes. Lengths in mm, darkness 0..1."""

    shape: Shape
    width: float
    height: float
    line: float
    dark: float
    inside: str
    left: str
    right: str
    letters: float  # height of the text
    weight: int  # of the type, 300..800
    pitch: tuple[float, float]  # to the next box: one of the two is 0
    rules: bool  # lines of a table between the rows
    tint: float  # darkness of the ground
    ranks: bool = False  # the box is for a new number


NORWEGIAN_MM = ((3.9, 3.9), (5.2, 5.2), (9.0, 6.2), (6.0, 6.0))
"""Boxes for a personal vote or a party, for striking, for a new number, for an answer (official drawings)."""


def norwegian(random: Random) -> Form:
    """A row of a Norwegian ballot."""
    kind = int(random.choice(4, p=[0.7, 0.1, 0.15, 0.05]))
    number, name = f"{random.integers(1, 70)}.", "".join(random.choice(list(LETTERS), 5))
    width, height = np.asarray(NORWEGIAN_MM[kind]) * (1 + random.normal(0, 0.02))
    pitch = height + random.uniform(1.7, 2.3)
    return Form(
        Shape.SQUARE, float(width), float(height), random.uniform(0.2, 0.45), random.uniform(0.7, 1), "",
        number, name, random.uniform(2.6, 3.4), int(random.choice([400, 700])), (0.0, float(pitch)),
        rules=False, tint=0.0, ranks=kind == 2,
    )  # fmt: skip


def foreign(random: Random) -> Form:
    """A box on a ballot of some other country."""
    shape = Shape(random.choice(list(Shape), p=[0.22, 0.2, 0.36, 0.14, 0.08]))
    height = random.uniform(2.8, 5.5)
    long = shape in {Shape.OVAL, Shape.ROUNDED, Shape.ARROW}
    width = height * (random.uniform(1.2, 2.1) if long else 1)
    below = random.random() < 0.8
    pitch = (0.0, height + random.uniform(1.2, 6)) if below else (width + random.uniform(4, 9), 0.0)
    sides = random.random(3)
    return Form(
        shape, width, height, random.uniform(0.1, min(0.55, 0.13 * height)), random.uniform(0.45, 1),
        _word(random, 1, 2) if sides[0] < 0.08 and shape is not Shape.ARROW else "",
        _word(random, 1, 4) if sides[1] < 0.4 and below else "",
        (_word(random, 2, 6) if below else _word(random, 1, 1)) if sides[2] < 0.7 else "",
        random.uniform(0.45, 0.9) * height, int(random.integers(300, 801)), pitch,
        bool(random.random() < 0.3), max(0.0, random.normal(-0.08, 0.1)),
    )  # fmt: skip


def _word(random: Random, least: int, most: int) -> str:
    return "".join(random.choice(list(LETTERS), int(random.integers(least, most + 1))))


def printed(form: Form, size: tuple[float, float], random: Random) -> Picture:
    """The paper around a box in the middle, gray at `PX` px/mm, `size` mm wide and high."""
    width, height = size
    paper = np.full((round(height * PX), round(width * PX)), round(255 * (1 - form.tint)), np.uint8)
    middle = (width / 2, height / 2)
    for step in (-1, 0, 1):
        at = (middle[0] + step * form.pitch[0], middle[1] + step * form.pitch[1])
        if step and random.random() < 0.15:
            _heading(paper, form, at, random)
            continue
        _box(paper, form, at)
        _words(paper, form, at, random)
    if form.rules:
        _rules(paper, form, middle, random)
    return paper


def _level(form: Form) -> int:
    return round(255 * (1 - form.dark) * (1 - form.tint))


def _fixed(*mm: float) -> tuple[int, ...]:
    return tuple(round(one * PX * 2**SUB) for one in mm)


def _box(paper: Picture, form: Form, at: tuple[float, float]) -> None:
    wide, level = max(1, round(form.line * PX)), _level(form)
    w, h = (form.width - form.line) / 2, (form.height - form.line) / 2
    if form.shape is Shape.CIRCLE:
        cv2.circle(paper, _fixed(*at), _fixed(h)[0], level, wide, cv2.LINE_AA, SUB)
    elif form.shape is Shape.ARROW:
        _arrow(paper, form, at, level)
    else:
        turn = {Shape.SQUARE: 0.0, Shape.ROUNDED: 0.35, Shape.OVAL: 1.0}[form.shape]
        corners = [_outline(at, w, h, turn * min(w, h))]
        cv2.polylines(
            paper, corners, isClosed=True, color=level, thickness=wide, lineType=cv2.LINE_AA, shift=SUB
        )


def _outline(at: tuple[float, float], w: float, h: float, radius: float) -> npt.NDArray[np.int32]:
    """A box of half sizes w, h with round corners; a radius of min(w, h) makes the oval."""
    angle = np.radians(np.arange(0, 360, 15 if radius else 90) + (0 if radius else 45))
    x = np.sign(np.cos(angle).round(9)) * (w - radius) + radius * np.cos(angle)
    y = np.sign(np.sin(angle).round(9)) * (h - radius) + radius * np.sin(angle)
    points = np.stack([at[0] + x, at[1] + y], axis=1) * PX * 2**SUB
    return np.asarray(np.rint(points), np.int32)


def _arrow(paper: Picture, form: Form, at: tuple[float, float], level: int) -> None:
    """Tail and head with the box as the gap between them."""
    w, h = form.width / 2, form.height / 5
    x, y = at
    cv2.rectangle(paper, _px(x - w - 4, y - h / 2), _px(x - w, y + h / 2), level, -1)
    cv2.rectangle(paper, _px(x + w, y - h / 2), _px(x + w + 1, y + h / 2), level, -1)
    head = np.array([_px(x + w + 1, y - 1.5 * h), _px(x + w + 1, y + 1.5 * h), _px(x + w + 3, y)], np.int32)
    cv2.fillPoly(paper, [head], level, cv2.LINE_AA)


def _px(x: float, y: float) -> tuple[int, int]:
    return round(x * PX), round(y * PX)


def _words(paper: Picture, form: Form, at: tuple[float, float], random: Random) -> None:
    face, high = cv2.FontFace("sans"), max(6, round(form.letters * PX))
    gap, low = random.uniform(0.6, 2.0), at[1] + 0.36 * form.letters
    left = at[0] - form.width / 2 - gap - _long(form.left, face, high, form.weight)
    for text, x in ((form.left, left), (form.right, at[0] + form.width / 2 + gap)):
        if text:
            cv2.putText(paper, text, _px(x, low), (_level(form),), face, high, form.weight)
    if form.inside:
        _letter(paper, form, at, face)


def _heading(paper: Picture, form: Form, at: tuple[float, float], random: Random) -> None:
    """Words instead of the next row: a heading over the boxes, guidance under them, or nothing."""
    if random.random() < 0.4 or not form.pitch[1]:
        return
    high, weight = random.uniform(0.5, 1.1) * form.letters, int(random.choice([400, 700]))
    low = at[1] + random.uniform(-0.2, 0.7) * high
    text, face = _word(random, 12, 20), cv2.FontFace("sans")
    cv2.putText(paper, text, _px(random.uniform(-4, 0), low), (_level(form),), face, round(high * PX), weight)


def _long(text: str, face: "cv2.FontFace", high: int, weight: int) -> float:
    """How long a text is, mm."""
    return float(cv2.getTextSize((9999, 999), text, (0, 99), face, high, weight)[2]) / PX if text else 0.0


def _letter(paper: Picture, form: Form, at: tuple[float, float], face: "cv2.FontFace") -> None:
    """A letter or number printed in the box, paler than the frame as often as not."""
    weight = min(form.weight, 400)
    high = max(6, round(min(form.letters, 0.65 * form.height, 1.2 * form.width / len(form.inside)) * PX))
    x, y = at[0] - _long(form.inside, face, high, weight) / 2, at[1] + 0.36 * high / PX
    pale = (0.0, 0.5, 0.65, 0.8)[len(form.right) % 4]
    level = round(_level(form) * (1 - pale) + 255 * pale * (1 - form.tint))
    cv2.putText(paper, form.inside, _px(x, y), (level,), face, high, weight)


def _rules(paper: Picture, form: Form, middle: tuple[float, float], random: Random) -> None:
    away = (form.pitch[1] or form.height + 2) / 2
    for side in (-1, 1):
        if random.random() < 0.7:
            y = round((middle[1] + side * away) * PX)
            cv2.line(paper, (0, y), (paper.shape[1], y), _level(form), max(1, round(form.line * PX)))
